// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {InvalidParameter, Unauthorized} from "./Errors.sol";
import {ICredits} from "./interfaces/ICredits.sol";
import {IEmissions} from "./interfaces/IEmissions.sol";
import {INetworkToken} from "./interfaces/INetworkToken.sol";

/// @title Emissions
/// @notice See {IEmissions}.
contract Emissions is IEmissions {
    using Checkpoints for Checkpoints.Trace208;

    INetworkToken public immutable token;
    address public immutable settlement;
    ICredits public immutable credits;
    /// @notice Most that is re-emitted for one epoch, base units.
    uint256 public immutable reemissionCap;
    /// @notice k of the smoothing; 1 means none.
    uint32 public immutable smoothingEpochs;

    Checkpoints.Trace208 private _schedule;
    /// @inheritdoc IEmissions
    uint128 public smoothedBurn;
    /// @inheritdoc IEmissions
    uint64 public lastEpoch;

    constructor(
        INetworkToken token_,
        address settlement_,
        ICredits credits_,
        uint64[] memory fromEpoch,
        uint256[] memory perEpoch,
        uint256 reemissionCap_,
        uint32 smoothingEpochs_
    ) {
        require(smoothingEpochs_ != 0, InvalidParameter("smoothingEpochs"));
        require(fromEpoch.length == perEpoch.length, InvalidParameter("perEpoch"));
        require(reemissionCap_ <= type(uint128).max, InvalidParameter("reemissionCap"));
        token = token_;
        settlement = settlement_;
        credits = credits_;
        reemissionCap = reemissionCap_;
        smoothingEpochs = smoothingEpochs_;
        for (uint256 i; i < fromEpoch.length; ++i) {
            require(i == 0 || fromEpoch[i] > fromEpoch[i - 1], InvalidParameter("fromEpoch"));
            require(perEpoch[i] <= type(uint128).max, InvalidParameter("perEpoch"));
            _schedule.push(SafeCast.toUint48(fromEpoch[i]), uint208(perEpoch[i]));
        }
        emit ScheduleSet(fromEpoch, perEpoch, reemissionCap_, smoothingEpochs_);
    }

    /// @inheritdoc IEmissions
    function mint(uint64 epoch, uint256 amount, address to) external {
        require(msg.sender == settlement, Unauthorized(msg.sender));
        (uint256 base, uint256 reemitted, uint256 smoothed) = _grant(epoch);
        require(amount <= base + reemitted, AllowanceExceeded(amount, base + reemitted));

        lastEpoch = epoch;
        smoothedBurn = uint128(smoothed);
        emit EmissionMinted(epoch, amount, base, reemitted, smoothed);

        if (amount != 0) token.mint(to, amount);
    }

    /// @inheritdoc IEmissions
    function allowance(uint64 epoch) external view returns (uint256) {
        (uint256 base, uint256 reemitted,) = _grant(epoch);
        return base + reemitted;
    }

    /// @inheritdoc IEmissions
    function scheduled(uint64 epoch) public view returns (uint256) {
        return _schedule.upperLookup(SafeCast.toUint48(epoch));
    }

    function _grant(uint64 epoch) private view returns (uint256 base, uint256 reemitted, uint256 smoothed) {
        require(epoch == lastEpoch + 1, EpochOutOfOrder(epoch, lastEpoch + 1));
        uint256 k = smoothingEpochs;
        // Rounded down, toward minting less. Both terms are below 2^128 * 2^32; the mean of two uint128 fits uint128.
        smoothed = ((k - 1) * smoothedBurn + credits.burnedIn(epoch)) / k;
        reemitted = Math.min(smoothed, reemissionCap);
        base = scheduled(epoch);
    }
}
