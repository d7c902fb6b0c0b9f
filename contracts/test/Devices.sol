// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {DeviceRegistry} from "../src/DeviceRegistry.sol";
import {IDeviceRegistry} from "../src/interfaces/IDeviceRegistry.sol";
import {Vm, vm} from "./Vm.sol";

/// @notice Devices that sign: what an agent with a secure element does.
library Devices {
    uint64 internal constant CELL = 0x881f1d4895fffff;

    /// @notice A registration signed by P-256 key `key`.
    function p256(DeviceRegistry registry, uint256 key, address owner)
        internal
        view
        returns (IDeviceRegistry.Registration memory r)
    {
        (uint256 x, uint256 y) = vm.publicKeyP256(key);
        r = _unsigned(1, bytes32(x), bytes32(y), owner);
        (r.permitR, r.permitS) = signP256(key, registry.hashPermit(owner, 0));
    }

    /// @notice A registration signed by secp256k1 key `key`.
    function secp256k1(DeviceRegistry registry, uint256 key, address owner)
        internal
        returns (IDeviceRegistry.Registration memory r)
    {
        Vm.Wallet memory wallet = vm.createWallet(key);
        r = _unsigned(2, bytes32(wallet.publicKeyX), bytes32(wallet.publicKeyY), owner);
        uint8 v;
        (v, r.permitR, r.permitS) = vm.sign(key, registry.hashPermit(owner, 0));
        r.permitS = bytes32(uint256(r.permitS) | (uint256(v - 27) << 255));
    }

    /// @notice Low-s signature, as the agent normalises it.
    function signP256(uint256 key, bytes32 digest) internal pure returns (bytes32 r, bytes32 s) {
        (r, s) = vm.signP256(key, digest);
        if (uint256(s) > P256.N / 2) s = bytes32(P256.N - uint256(s));
    }

    function id(IDeviceRegistry.Registration memory r) internal pure returns (bytes32) {
        return keccak256(abi.encode(r.x, r.y));
    }

    /// @dev The precompile answers a valid signature with a word; an empty address answers nothing.
    function hasPrecompile() internal view returns (bool) {
        (uint256 x, uint256 y) = vm.publicKeyP256(1);
        (bytes32 r, bytes32 s) = signP256(1, keccak256("probe"));
        (, bytes memory answer) = address(0x100).staticcall(abi.encode(keccak256("probe"), r, s, x, y));
        return answer.length == 32;
    }

    function _unsigned(uint8 keyType, bytes32 x, bytes32 y, address owner)
        private
        pure
        returns (IDeviceRegistry.Registration memory r)
    {
        r.keyType = keyType;
        r.x = x;
        r.y = y;
        r.owner = owner;
        r.kind = 7;
        r.h3 = CELL;
        r.locationCommitment = keccak256("salt and cell");
    }
}
