// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";

/// @title Signatures by device keys.
library DeviceKey {
    uint8 internal constant P256_KEY = 1;
    uint8 internal constant SECP256K1_KEY = 2;

    error UnsupportedKeyType(uint8 keyType);

    /// @notice keccak256(x || y).
    function id(bytes32 x, bytes32 y) internal pure returns (bytes32) {
        return keccak256(abi.encode(x, y));
    }

    /// @notice Whether the key signed `digest`. High s is refused for both curves.
    function verify(uint8 keyType, bytes32 x, bytes32 y, bytes32 digest, bytes32 r, bytes32 s)
        internal
        view
        returns (bool)
    {
        // Precompile at 0x100 (EIP-7951) where the chain has it, Solidity otherwise.
        if (keyType == P256_KEY) return P256.verify(digest, r, s, x, y);
        if (keyType != SECP256K1_KEY) revert UnsupportedKeyType(keyType);
        (address recovered, ECDSA.RecoverError failure,) = ECDSA.tryRecover(digest, r, s);
        // An Ethereum address is the low 20 bytes of keccak256(x || y), so it proves x and y too.
        return failure == ECDSA.RecoverError.NoError && recovered == address(uint160(uint256(id(x, y))));
    }
}
