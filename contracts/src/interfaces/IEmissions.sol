// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice How much may be minted for each epoch: a schedule, plus net re-emission of what customers burned.
/// There is no admin; only EpochSettlement may mint, each epoch exactly once and in order.
interface IEmissions {
    /// @notice The whole schedule, so that it can be rebuilt from logs.
    event ScheduleSet(uint64[] fromEpoch, uint256[] perEpoch, uint256 reemissionCap, uint32 smoothingEpochs);
    /// @param amount What was minted; at most `scheduled + reemitted`. The rest lapses.
    event EmissionMinted(
        uint64 indexed epoch, uint256 amount, uint256 scheduled, uint256 reemitted, uint256 smoothedBurn
    );

    error EpochOutOfOrder(uint64 epoch, uint64 expected);
    error AllowanceExceeded(uint256 amount, uint256 allowance);

    /// @notice What may be minted for `epoch`: scheduled(epoch) + min(smoothed burn, cap).
    /// @dev Only the next epoch has an allowance. Final once that epoch has ended.
    function allowance(uint64 epoch) external view returns (uint256);

    /// @notice Scheduled emission of `epoch`, without re-emission.
    function scheduled(uint64 epoch) external view returns (uint256);

    /// @notice Last epoch minted.
    function lastEpoch() external view returns (uint64);

    /// @notice Smoothed burn after the last minted epoch: s' = floor(((k - 1) * s + burned(epoch)) / k)  (HIP-20).
    function smoothedBurn() external view returns (uint128);

    /// @notice Mints `amount` for `epoch` to `to`; 0 only closes the epoch. Settlement only.
    function mint(uint64 epoch, uint256 amount, address to) external;
}
