// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {InvalidParameter, Unauthorized} from "./Errors.sol";
import {INetworkToken} from "./interfaces/INetworkToken.sol";

/// @title NetworkToken
/// @notice See {INetworkToken}.
contract NetworkToken is INetworkToken, ERC20, ERC20Burnable, ERC20Permit, ERC20Votes {
    /// @inheritdoc INetworkToken
    address public immutable minter;

    constructor(
        string memory name_,
        string memory symbol_,
        address minter_,
        address[] memory genesisAccounts,
        uint256[] memory genesisAmounts
    ) ERC20(name_, symbol_) ERC20Permit(name_) {
        require(minter_ != address(0), InvalidParameter("minter"));
        require(genesisAccounts.length == genesisAmounts.length, InvalidParameter("genesisAmounts"));
        minter = minter_;
        for (uint256 i; i < genesisAccounts.length; ++i) {
            _mint(genesisAccounts[i], genesisAmounts[i]);
        }
    }

    /// @inheritdoc INetworkToken
    function mint(address to, uint256 amount) external {
        require(msg.sender == minter, Unauthorized(msg.sender));
        _mint(to, amount);
    }

    /// @notice Votes are counted at timestamps, so that they mean the same on every chain (ERC-6372).
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @notice See {clock}.
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    /// @dev Amounts are 128 bits wide everywhere else in the network.
    function _maxSupply() internal pure override returns (uint256) {
        return type(uint128).max;
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
