// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ArchiveRegistry} from "../src/ArchiveRegistry.sol";
import {IDeviceRegistry} from "../src/interfaces/IDeviceRegistry.sol";
import {create} from "./Artifacts.sol";
import {Network} from "./Network.sol";
import {vm} from "./Vm.sol";

contract ArchiveRegistryTest is Network {
    ArchiveRegistry private archive;

    function setUp() public override {
        super.setUp();
        archive = ArchiveRegistry(_new());
    }

    function test_import_anyKey_isTrustZero() public {
        bytes memory key = hex"01a2b3"; // not a curve point
        bytes32 id = keccak256(key);
        vm.expectEmit(address(archive));
        emit ArchiveRegistry.ArchiveDeviceImported(id, key, BOB, 9);
        _import(key);

        vm.assertEq(archive.ownerOf(uint256(id)), BOB);
        IDeviceRegistry.Device memory device = archive.device(id);
        vm.assertEq(device.trust, 0);
        vm.assertEq(device.keyType, 0);
        vm.assertEq(device.kind, 9);
    }

    function test_import_twice_reverts() public {
        _import(hex"01");
        (bytes[] memory keys, address[] memory owners) = _one(hex"01");
        vm.prank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(IDeviceRegistry.AlreadyRegistered.selector, keccak256(hex"01")));
        archive.importArchive(keys, owners, 9);
    }

    function testFuzz_import_byOthers_reverts(address caller) public {
        vm.assume(caller != ADMIN);
        (bytes[] memory keys, address[] memory owners) = _one(hex"01");
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, caller));
        archive.importArchive(keys, owners, 9);
    }

    function test_import_lengthsDiffer_reverts() public {
        vm.prank(ADMIN);
        vm.expectRevert(ArchiveRegistry.LengthMismatch.selector);
        archive.importArchive(new bytes[](1), new address[](0), 9);
    }

    function testFuzz_construction_otherChain_reverts(uint32 chain) public {
        vm.assume(chain != 31337 && chain != 0);
        vm.chainId(chain);
        vm.expectRevert(abi.encodeWithSelector(ArchiveRegistry.LocalChainOnly.selector, chain));
        _new();
    }

    function test_import_onOrdinaryRegistry_doesNotExist() public {
        (bytes[] memory keys, address[] memory owners) = _one(hex"01");
        vm.prank(ADMIN);
        vm.expectRevert();
        ArchiveRegistry(address(registry)).importArchive(keys, owners, 9);
    }

    function _new() private returns (address) {
        return create("ArchiveRegistry", abi.encode("Archive", "ARC", credits, 0, 0, ADMIN));
    }

    function _import(bytes memory key) private {
        (bytes[] memory keys, address[] memory owners) = _one(key);
        vm.prank(ADMIN);
        archive.importArchive(keys, owners, 9);
    }

    function _one(bytes memory key) private pure returns (bytes[] memory keys, address[] memory owners) {
        keys = new bytes[](1);
        owners = new address[](1);
        (keys[0], owners[0]) = (key, BOB);
    }
}
