// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {IDeviceRegistry} from "../src/interfaces/IDeviceRegistry.sol";
import {Devices} from "./Devices.sol";
import {Network} from "./Network.sol";
import {bound, vm} from "./Vm.sol";

/// @notice Device permits on a chain without the P-256 precompile.
/// forge-config: default.hardfork = "prague"
contract P256FallbackTest is Network {
    function setUp() public override {
        super.setUp();
        vm.startPrank(ALICE);
        token.approve(address(credits), type(uint256).max);
        credits.buy(ALICE, 1_000e18, 0);
        vm.stopPrank();
    }

    /// forge-config: default.fuzz.runs = 32
    function testFuzz_register_anyKey_verifiesBySolidity(uint256 key) public {
        vm.assertFalse(Devices.hasPrecompile());
        key = bound(key, 1, P256.N - 1);
        IDeviceRegistry.Registration memory r = Devices.p256(registry, key, BOB);
        vm.prank(ALICE);
        vm.assertEq(registry.ownerOf(uint256(registry.register(r))), BOB);
    }

    function test_register_otherOwner_reverts() public {
        IDeviceRegistry.Registration memory r = Devices.p256(registry, 5, BOB);
        r.owner = STRANGER;
        _refuse(r);
    }

    function test_register_highS_reverts() public {
        IDeviceRegistry.Registration memory r = Devices.p256(registry, 5, BOB);
        r.permitS = bytes32(P256.N - uint256(r.permitS));
        _refuse(r);
    }

    function test_register_pointOffCurve_reverts() public {
        IDeviceRegistry.Registration memory r = Devices.p256(registry, 5, BOB);
        r.y = bytes32(uint256(r.y) ^ 1);
        _refuse(r);
    }

    function _refuse(IDeviceRegistry.Registration memory r) private {
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IDeviceRegistry.InvalidPermit.selector, Devices.id(r)));
        registry.register(r);
    }
}
