// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {InvalidParameter} from "./Errors.sol";
import {IEpochClock} from "./interfaces/IEpochClock.sol";

/// @title The network's calendar: fixed UTC intervals, numbered from 1.
/// @notice Epoch n >= 1 covers [epochStart + (n - 1) * epochLength, epochStart + n * epochLength). Epoch 0 is
/// everything before `epochStart`. Times are unix seconds.
abstract contract EpochClock is IEpochClock {
    /// @notice Start of epoch 1.
    uint64 public immutable epochStart;
    /// @notice Seconds in an epoch.
    uint64 public immutable epochLength;

    constructor(uint64 start, uint64 length) {
        require(start != 0, InvalidParameter("epochStart"));
        require(length != 0 && length <= 366 days, InvalidParameter("epochLength"));
        epochStart = start;
        epochLength = length;
    }

    /// @inheritdoc IEpochClock
    function currentEpoch() public view returns (uint64) {
        return epochAt(block.timestamp);
    }

    /// @notice The epoch that `timestamp` belongs to.
    function epochAt(uint256 timestamp) public view returns (uint64) {
        if (timestamp < epochStart) return 0;
        return uint64((timestamp - epochStart) / epochLength + 1);
    }

    /// @notice First second after `epoch`; for epoch 0 the start of epoch 1.
    function endOf(uint64 epoch) public view returns (uint256) {
        return uint256(epochStart) + uint256(epoch) * epochLength;
    }
}
