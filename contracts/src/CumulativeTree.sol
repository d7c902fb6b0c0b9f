// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// @notice What an account has earned, or owes, since the network began.
/// @param index Position in the tree, sorted by account.
/// @param cumulative Total of this account; never falls from one root to the next.
/// @param prefixSum Sum of `cumulative` up to and including this leaf: with two neighbours anyone can prove an omission,
/// a duplicate or a wrong total.
struct Leaf {
    uint256 index;
    address account;
    uint256 cumulative;
    uint256 prefixSum;
}

/// @title Merkle trees of cumulative amounts, in OpenZeppelin's standard encoding.
/// @dev Leaves are hashed twice over 128 bytes, so that no inner node (64 bytes) can pass for a leaf.
library CumulativeTree {
    error InvalidProof();

    function hash(uint256 index, address account, uint256 cumulative, uint256 prefixSum)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(bytes.concat(keccak256(abi.encode(index, account, cumulative, prefixSum))));
    }

    function requireIncluded(bytes32 root, bytes32 leafHash, bytes32[] calldata proof) internal pure {
        require(MerkleProof.verifyCalldata(proof, root, leafHash), InvalidProof());
    }
}
