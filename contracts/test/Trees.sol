// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {Leaf} from "../src/CumulativeTree.sol";

/// @notice Merkle trees for tests: pairs are hashed sorted, an odd node goes up unchanged.
library Trees {
    function leafHash(Leaf memory leaf) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(leaf.index, leaf.account, leaf.cumulative, leaf.prefixSum))));
    }

    /// @notice Leaves with indexes and prefix sums (each with its own amount), in the order given.
    function leaves(address[] memory accounts, uint256[] memory cumulative) internal pure returns (Leaf[] memory list) {
        list = new Leaf[](accounts.length);
        uint256 sum;
        for (uint256 i; i < list.length; ++i) {
            sum += cumulative[i];
            list[i] = Leaf(i, accounts[i], cumulative[i], sum);
        }
    }

    function hashes(Leaf[] memory list) internal pure returns (bytes32[] memory result) {
        result = new bytes32[](list.length);
        for (uint256 i; i < list.length; ++i) {
            result[i] = leafHash(list[i]);
        }
    }

    function root(bytes32[] memory level) internal pure returns (bytes32) {
        while (level.length > 1) level = _up(level);
        return level[0];
    }

    function proof(bytes32[] memory level, uint256 index) internal pure returns (bytes32[] memory result) {
        bytes32[] memory buffer = new bytes32[](64);
        uint256 depth;
        while (level.length > 1) {
            if (index ^ 1 < level.length) buffer[depth++] = level[index ^ 1];
            level = _up(level);
            index /= 2;
        }
        result = new bytes32[](depth);
        for (uint256 i; i < depth; ++i) {
            result[i] = buffer[i];
        }
    }

    function _up(bytes32[] memory level) private pure returns (bytes32[] memory next) {
        next = new bytes32[]((level.length + 1) / 2);
        for (uint256 i; i < next.length; ++i) {
            next[i] =
                2 * i + 1 < level.length ? Hashes.commutativeKeccak256(level[2 * i], level[2 * i + 1]) : level[2 * i];
        }
    }
}
