// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice EIP-2098 compact signature; `vs` is s with the recovery bit on top. High s is refused.
struct Signature {
    bytes32 r;
    bytes32 vs;
}

/// @title Signatures of distinct oracles of one configuration.
/// @notice `signers` has bit i set when oracle i signed; signatures follow in ascending order of i.
library OracleQuorum {
    error SignatureCount(uint256 given, uint256 required);
    error SignerOutOfRange(uint32 signers, uint256 oracles);
    error WrongSigner(uint256 index, address recovered);

    /// @notice Reverts unless exactly `required` distinct oracles signed `digest`.
    function requireQuorum(
        address[] memory oracles,
        uint256 required,
        bytes32 digest,
        uint32 signers,
        Signature[] calldata signatures
    ) internal pure {
        requireCount(oracles.length, required, signers, signatures.length);
        uint256 next;
        for (uint256 i; i < oracles.length; ++i) {
            if (signers & (1 << i) != 0) requireSigned(oracles, i, digest, signatures[next++]);
        }
    }

    /// @notice Reverts unless the bit mask names exactly `given` oracles and `given` is `required`.
    function requireCount(uint256 oracles, uint256 required, uint32 signers, uint256 given) internal pure {
        require(uint256(signers) >> oracles == 0, SignerOutOfRange(signers, oracles));
        require(given == required, SignatureCount(given, required));
        require(_bits(signers) == required, SignatureCount(_bits(signers), required));
    }

    /// @notice Reverts unless oracle `index` signed `digest`.
    function requireSigned(address[] memory oracles, uint256 index, bytes32 digest, Signature calldata signature)
        internal
        pure
    {
        address recovered = ECDSA.recover(digest, signature.r, signature.vs);
        require(recovered == oracles[index], WrongSigner(index, recovered));
    }

    function _bits(uint32 mask) private pure returns (uint256 count) {
        for (; mask != 0; mask &= mask - 1) {
            ++count;
        }
    }
}
