// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The network's token: ERC-20 with permit, votes and burning, 18 decimals. Supply grows only by genesis and by
/// the minter (Emissions), and never beyond 2^128 - 1 base units. There is no admin.
/// The permit's EIP-712 domain carries the token's own name, as wallets expect (ERC-2612).
interface INetworkToken {
    /// @notice The one address that may mint.
    function minter() external view returns (address);

    /// @notice Mints `amount` base units. Minter only.
    function mint(address to, uint256 amount) external;
}
