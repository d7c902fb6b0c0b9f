// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The network's calendar.
interface IEpochClock {
    /// @notice The epoch that the current block belongs to; 0 before the first.
    function currentEpoch() external view returns (uint64);
}
