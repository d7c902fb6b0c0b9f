// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Signature} from "../OracleQuorum.sol";

/// @notice What one oracle saw. Signed as EIP-712
/// Observation(bytes32 configDigest,uint64 round,uint64 timestamp,uint128 price).
/// @param timestamp When, unix seconds.
/// @param price USD per whole token, 8 decimals.
struct Observation {
    uint64 timestamp;
    uint128 price;
}

/// @notice The token's price from at least 2f + 1 oracles, as a Chainlink AggregatorV3 (8 decimals).
/// Anyone may submit a round that the oracles of the current epoch's configuration signed. There is no admin.
///
/// All integers, time in seconds, dt = time since the last round, tau = emaSeconds:
/// - price' = lower median of the observations, held within maxStepBps (rounded down, at least 1) of the last price;
/// - confidence' = ceil((tau * confidence + dt * |price' - ema|) / (tau + dt));
/// - ema' = floor((tau * ema + dt * price') / (tau + dt)).
/// Both are backward Euler steps of an exponential mean with time constant tau: always between old and new value.
/// Rounding goes to the side that sells fewer credits.
interface IPriceFeed {
    event PriceFeedConfigured(uint64 maxStepBps, uint64 emaSeconds, uint64 maxObservationAge, uint64 minInterval);
    event PriceUpdated(uint64 indexed round, uint256 price, uint256 ema, uint256 confidence, uint64 timestamp);

    error WrongConfiguration(bytes32 given, bytes32 inForce);
    error WrongRound(uint64 given, uint64 expected);
    error TooFewObservations(uint256 given, uint256 required);
    error ObservationTime(uint256 index, uint64 timestamp);
    error ObservationPrice(uint256 index, uint128 price);
    error RoundUnknown(uint80 roundId);

    /// @notice Adds a round.
    /// @param signers Bit i set: oracle i signed; observations and signatures in ascending order of i.
    function submit(
        bytes32 configDigest,
        uint64 round,
        uint32 signers,
        Observation[] calldata observations,
        Signature[] calldata signatures
    ) external;

    /// @notice Last round: its number, price, mean, mean absolute deviation (USD, 8 decimals) and median time.
    function latest()
        external
        view
        returns (uint64 round, uint256 price, uint256 ema, uint256 confidence, uint64 timestamp);

    /// @notice EIP-712 digest that an oracle signs.
    function hashObservation(bytes32 configDigest, uint64 round, Observation calldata observation)
        external
        view
        returns (bytes32);
}
