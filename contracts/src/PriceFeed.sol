// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {InvalidParameter} from "./Errors.sol";
import {OracleQuorum, Signature} from "./OracleQuorum.sol";
import {IAggregatorV3} from "./interfaces/IAggregatorV3.sol";
import {IEpochSettlement} from "./interfaces/IEpochSettlement.sol";
import {IPriceFeed, Observation} from "./interfaces/IPriceFeed.sol";

/// @title PriceFeed
/// @notice See {IPriceFeed}.
contract PriceFeed is IPriceFeed, IAggregatorV3, EIP712 {
    bytes32 private constant OBSERVATION_TYPEHASH =
        keccak256("Observation(bytes32 configDigest,uint64 round,uint64 timestamp,uint128 price)");

    /// @dev One slot. Prices up to 1.8e11 USD; round and timestamp last until 2106.
    struct Round {
        uint64 price;
        uint64 ema;
        uint64 confidence;
        uint32 number;
        uint32 timestamp;
    }

    IEpochSettlement public immutable settlement;
    /// @notice Largest step of one round, in 1/10,000 of the last price.
    uint64 public immutable maxStepBps;
    /// @notice Time constant of the mean.
    uint64 public immutable emaSeconds;
    /// @notice Oldest observation taken, seconds.
    uint64 public immutable maxObservationAge;
    /// @notice Shortest time between rounds, seconds; with maxStepBps it bounds the speed of the price.
    uint64 public immutable minInterval;

    Round private _last;

    constructor(
        IEpochSettlement settlement_,
        uint64 initialPrice,
        uint64 maxStepBps_,
        uint64 emaSeconds_,
        uint64 maxObservationAge_,
        uint64 minInterval_
    ) EIP712("Turnpike", "1") {
        require(initialPrice != 0, InvalidParameter("initialPrice"));
        require(maxStepBps_ != 0 && maxStepBps_ <= 5_000, InvalidParameter("maxStepBps"));
        require(emaSeconds_ != 0, InvalidParameter("emaSeconds"));
        require(maxObservationAge_ != 0, InvalidParameter("maxObservationAge"));
        require(minInterval_ != 0, InvalidParameter("minInterval"));
        settlement = settlement_;
        maxStepBps = maxStepBps_;
        emaSeconds = emaSeconds_;
        maxObservationAge = maxObservationAge_;
        minInterval = minInterval_;
        emit PriceFeedConfigured(maxStepBps_, emaSeconds_, maxObservationAge_, minInterval_);
        _store(Round(initialPrice, initialPrice, 0, 1, uint32(block.timestamp)));
    }

    /// @inheritdoc IPriceFeed
    function submit(
        bytes32 configDigest,
        uint64 round,
        uint32 signers,
        Observation[] calldata observations,
        Signature[] calldata signatures
    ) external {
        Round memory last = _last;
        require(round == last.number + 1, WrongRound(round, last.number + 1));
        _requireSigned(configDigest, round, signers, observations, signatures);

        (uint64 median, uint64 timestamp) = _medians(observations, last.timestamp);
        _store(_advanced(last, _bounded(median, last.price), timestamp));
    }

    /// @inheritdoc IPriceFeed
    function latest()
        external
        view
        returns (uint64 round, uint256 price, uint256 ema, uint256 confidence, uint64 timestamp)
    {
        Round memory last = _last;
        return (last.number, last.price, last.ema, last.confidence, last.timestamp);
    }

    /// @inheritdoc IPriceFeed
    function hashObservation(bytes32 configDigest, uint64 round, Observation calldata observation)
        public
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(
            keccak256(abi.encode(OBSERVATION_TYPEHASH, configDigest, round, observation.timestamp, observation.price))
        );
    }

    /// @inheritdoc IAggregatorV3
    function decimals() external pure returns (uint8) {
        return 8;
    }

    /// @inheritdoc IAggregatorV3
    function description() external pure returns (string memory) {
        return "Turnpike token / USD";
    }

    /// @inheritdoc IAggregatorV3
    function version() external pure returns (uint256) {
        return 1;
    }

    /// @notice Only the last round is kept on chain; older ones are in the logs.
    function getRoundData(uint80 roundId) external view returns (uint80, int256, uint256, uint256, uint80) {
        require(roundId == _last.number, RoundUnknown(roundId));
        return latestRoundData();
    }

    /// @inheritdoc IAggregatorV3
    function latestRoundData() public view returns (uint80, int256, uint256, uint256, uint80) {
        Round memory last = _last;
        return (last.number, int256(uint256(last.price)), last.timestamp, last.timestamp, last.number);
    }

    function _requireSigned(
        bytes32 configDigest,
        uint64 round,
        uint32 signers,
        Observation[] calldata observations,
        Signature[] calldata signatures
    ) private view {
        (bytes32 inForce, uint8 f, address[] memory oracles) = settlement.oraclesAt(settlement.currentEpoch());
        require(configDigest == inForce, WrongConfiguration(configDigest, inForce));
        require(observations.length > 2 * uint256(f), TooFewObservations(observations.length, 2 * uint256(f) + 1));
        OracleQuorum.requireCount(oracles.length, observations.length, signers, signatures.length);

        uint256 next;
        for (uint256 i; i < oracles.length; ++i) {
            if (signers & (1 << i) == 0) continue;
            bytes32 digest = hashObservation(configDigest, round, observations[next]);
            OracleQuorum.requireSigned(oracles, i, digest, signatures[next++]);
        }
    }

    /// @dev With at most f liars among 2f + 1, each median lies between values of honest oracles.
    function _medians(Observation[] calldata observations, uint256 lastTimestamp)
        private
        view
        returns (uint64 price, uint64 timestamp)
    {
        uint256 count = observations.length;
        uint64[] memory prices = new uint64[](count);
        uint64[] memory timestamps = new uint64[](count);
        for (uint256 i; i < count; ++i) {
            uint64 time = observations[i].timestamp;
            uint128 seen = observations[i].price;
            require(
                time >= lastTimestamp + minInterval && time <= block.timestamp
                    && time + uint256(maxObservationAge) >= block.timestamp,
                ObservationTime(i, time)
            );
            require(seen != 0 && seen <= type(uint64).max, ObservationPrice(i, seen));
            _insert(prices, i, uint64(seen));
            _insert(timestamps, i, time);
        }
        return (prices[(count - 1) / 2], timestamps[(count - 1) / 2]);
    }

    /// @dev Insertion sort: at most 32 values.
    function _insert(uint64[] memory sorted, uint256 count, uint64 value) private pure {
        for (; count != 0 && sorted[count - 1] > value; --count) {
            sorted[count] = sorted[count - 1];
        }
        sorted[count] = value;
    }

    function _bounded(uint256 median, uint256 last) private view returns (uint256) {
        uint256 step = Math.max(last * maxStepBps / 10_000, 1);
        // The floor of 1 keeps the price positive; a step is at most half of it.
        return Math.min(Math.max(median, Math.max(last - step, 1)), Math.min(last + step, type(uint64).max));
    }

    /// @dev Weighted means of uint64 values fit uint64 again.
    function _advanced(Round memory last, uint256 price, uint64 timestamp) private view returns (Round memory next) {
        uint256 dt = timestamp - last.timestamp;
        uint256 tau = emaSeconds;
        uint256 deviation = price > last.ema ? price - last.ema : last.ema - price;
        next.price = uint64(price);
        next.ema = uint64((tau * last.ema + dt * price) / (tau + dt));
        next.confidence = uint64(Math.ceilDiv(tau * last.confidence + dt * deviation, tau + dt));
        next.number = last.number + 1;
        next.timestamp = uint32(timestamp);
    }

    function _store(Round memory round) private {
        _last = round;
        emit PriceUpdated(round.number, round.price, round.ema, round.confidence, round.timestamp);
    }
}
