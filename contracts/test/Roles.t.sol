// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {Unauthorized} from "../src/Errors.sol";
import {Guarded} from "../src/Guarded.sol";
import {EpochReport} from "../src/EpochReport.sol";
import {Network} from "./Network.sol";
import {bound, vm} from "./Vm.sol";

/// @notice Who may do what. Each contract's own tests show that a power works; here nobody else has it.
contract RolesTest is Network {
    address private constant SUCCESSOR = address(0x5C);

    /// @dev Every entry point that is not for anyone, called by somebody who holds another role or none.
    function testFuzz_powers_othersLackThem(uint8 who, uint8 what) public {
        address[7] memory callers =
            [ADMIN, GUARDIAN, GATEWAY, STRANGER, vm.addr(oracleKeys[0]), address(registry), address(credits)];
        address caller = callers[who % callers.length];
        what %= 15;
        if (_mayCall(caller, what)) return;
        (address target, bytes memory data) = _call(what);
        vm.prank(caller);
        (bool success, bytes memory reason) = target.call(data);
        vm.assertFalse(success);
        bytes4 selector = bytes4(reason);
        vm.assertTrue(selector == Ownable.OwnableUnauthorizedAccount.selector || selector == Unauthorized.selector);
    }

    function test_powers_holdersHaveThem() public {
        // Those that need no further state; the others are in the contracts' own tests.
        for (uint8 what; what < 9; ++what) {
            (address target, bytes memory data) = _call(what);
            vm.prank(ADMIN);
            (bool success,) = target.call(data);
            vm.assertTrue(success);
        }
    }

    function test_admin_handover_takesTwoSteps() public {
        Ownable2Step[3] memory owned = [Ownable2Step(address(settlement)), distributor, registry];
        for (uint256 i; i < owned.length; ++i) {
            vm.prank(ADMIN);
            owned[i].transferOwnership(SUCCESSOR);
            vm.assertEq(owned[i].owner(), ADMIN);
            vm.prank(STRANGER);
            vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, STRANGER));
            owned[i].acceptOwnership();
            vm.prank(SUCCESSOR);
            owned[i].acceptOwnership();
            vm.assertEq(owned[i].owner(), SUCCESSOR);
        }
    }

    function test_setGuardian_oldOne_losesThePower() public {
        vm.prank(ADMIN);
        vm.expectEmit(address(distributor));
        emit Guarded.GuardianSet(SUCCESSOR);
        distributor.setGuardian(SUCCESSOR);
        vm.prank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(Unauthorized.selector, GUARDIAN));
        distributor.pause(1);
        vm.prank(SUCCESSOR);
        distributor.pause(1);
    }

    function test_guardian_none_nobodyIsGuardian() public {
        vm.prank(ADMIN);
        distributor.setGuardian(address(0));
        vm.prank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(Unauthorized.selector, GUARDIAN));
        distributor.pause(1);
    }

    function test_everyone_settleActivateClaimDraw_areForAnyone() public {
        EpochReport memory report = nextReport(1e18);
        vm.startPrank(STRANGER);
        run(report);
        vm.assertEq(settlement.lastSettledEpoch(), 1);
    }

    function _mayCall(address caller, uint8 what) private view returns (bool) {
        if (what < 10) return caller == ADMIN;
        if (what < 12) return caller == GUARDIAN;
        return what == 14 && caller == address(registry);
    }

    /// @dev 0 to 9: admin. 10, 11: guardian. 12, 13: settlement. 14: registry.
    function _call(uint8 what) private view returns (address target, bytes memory data) {
        address[] memory four = new address[](4);
        for (uint256 i; i < 4; ++i) {
            four[i] = vm.addr(3_000 + i);
        }
        target = address(settlement);
        if (what == 0) data = abi.encodeCall(settlement.scheduleOracles, (four, 1, new string[](4), 9));
        if (what == 1) data = abi.encodeCall(settlement.scheduleRules, ("rules", 9));
        if (what == 2) data = abi.encodeCall(settlement.addGateway, (STRANGER, ""));
        if (what == 3) data = abi.encodeCall(settlement.removeGateway, (GATEWAY));
        if (what == 4) data = abi.encodeCall(Guarded.setGuardian, (STRANGER));
        if (what == 5) (target, data) = (address(distributor), abi.encodeCall(Guarded.setGuardian, (STRANGER)));
        if (what == 6) (target, data) = (address(distributor), abi.encodeCall(distributor.setCapMultiple, (2)));
        if (what == 7) (target, data) = (address(registry), abi.encodeCall(registry.setMaker, (BOB, 0, true, true)));
        if (what == 8) data = abi.encodeCall(Ownable.transferOwnership, (STRANGER));
        if (what == 9) data = abi.encodeCall(settlement.declareEmpty, (1));
        if (what == 10) data = abi.encodeCall(settlement.veto, (1, ""));
        if (what == 11) (target, data) = (address(distributor), abi.encodeCall(distributor.pause, (1)));
        if (what == 12) (target, data) = (address(emissions), abi.encodeCall(emissions.mint, (1, 1, STRANGER)));
        if (what == 13) (target, data) = (address(credits), abi.encodeCall(credits.setCharges, ("root", 1)));
        if (what == 14) (target, data) = (address(credits), abi.encodeCall(credits.spend, (ALICE, 0, "fee")));
    }
}
