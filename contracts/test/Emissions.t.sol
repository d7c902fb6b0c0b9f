// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Emissions} from "../src/Emissions.sol";
import {InvalidParameter, Unauthorized} from "../src/Errors.sol";
import {ICredits} from "../src/interfaces/ICredits.sol";
import {IEmissions} from "../src/interfaces/IEmissions.sol";
import {create} from "./Artifacts.sol";
import {Network} from "./Network.sol";
import {bound, vm} from "./Vm.sol";

contract EmissionsTest is Network {
    function test_scheduled_steps_holdFromTheirEpoch() public view {
        vm.assertEq(emissions.scheduled(0), 0);
        vm.assertEq(emissions.scheduled(1), PER_EPOCH);
        vm.assertEq(emissions.scheduled(9), PER_EPOCH);
        vm.assertEq(emissions.scheduled(10), PER_EPOCH_LATER);
        vm.assertEq(emissions.scheduled(1_000_000), PER_EPOCH_LATER);
    }

    function test_mint_strangerEvenAdmin_reverts() public {
        vm.prank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(Unauthorized.selector, ADMIN));
        emissions.mint(1, 1, ADMIN);
    }

    function test_mint_epochTwice_reverts() public {
        _mint(1, 1);
        vm.prank(address(settlement));
        vm.expectRevert(abi.encodeWithSelector(IEmissions.EpochOutOfOrder.selector, 1, 2));
        emissions.mint(1, 1, ALICE);
    }

    function test_mint_epochSkipped_reverts() public {
        vm.prank(address(settlement));
        vm.expectRevert(abi.encodeWithSelector(IEmissions.EpochOutOfOrder.selector, 2, 1));
        emissions.mint(2, 0, ALICE);
    }

    function test_mint_aboveAllowance_reverts() public {
        vm.prank(address(settlement));
        vm.expectRevert(abi.encodeWithSelector(IEmissions.AllowanceExceeded.selector, PER_EPOCH + 1, PER_EPOCH));
        emissions.mint(1, PER_EPOCH + 1, ALICE);
    }

    function test_mint_lessThanAllowance_lapses() public {
        _mint(1, 1);
        vm.assertEq(emissions.allowance(2), PER_EPOCH);
    }

    function test_allowance_notTheNextEpoch_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IEmissions.EpochOutOfOrder.selector, 3, 1));
        emissions.allowance(3);
    }

    function test_allowance_steadyBurnBelowCap_approachesTheBurn() public {
        // HIP-20: after k epochs of a constant burn b the mean has reached b * (1 - (1 - 1/k)^n), rounded down.
        for (uint64 epoch = 1; epoch <= 60; ++epoch) {
            _burned(epoch, 40e18);
            _mint(epoch, 0);
        }
        vm.assertLe(emissions.smoothedBurn(), 40e18);
        vm.assertGe(emissions.smoothedBurn(), 39.99e18);
    }

    function test_allowance_knownSteps_equalHandComputation() public {
        _burned(1, 700);
        vm.assertEq(emissions.allowance(1), PER_EPOCH + 100); // (6 * 0 + 700) / 7
        _mint(1, 0);
        _burned(2, 10);
        vm.assertEq(emissions.allowance(2), PER_EPOCH + 87); // floor((6 * 100 + 10) / 7)
        _mint(2, 0);
        _burned(3, 0);
        vm.assertEq(emissions.allowance(3), PER_EPOCH + 74); // floor(6 * 87 / 7)
    }

    function test_mint_event_carriesAllTerms() public {
        _burned(1, 7_000e18); // smoothed 1,000, above the cap
        vm.prank(address(settlement));
        vm.expectEmit(address(emissions));
        emit IEmissions.EmissionMinted(1, 5, PER_EPOCH, REEMISSION_CAP, 1_000e18);
        emissions.mint(1, 5, ALICE);
    }

    function testFuzz_allowance_neverAboveSchedulePlusCap(uint128[12] memory burns) public {
        for (uint64 epoch = 1; epoch <= burns.length; ++epoch) {
            _burned(epoch, burns[epoch - 1]);
            uint256 allowance = emissions.allowance(epoch);
            uint256 base = epoch < 10 ? PER_EPOCH : PER_EPOCH_LATER;
            vm.assertGe(allowance, base);
            vm.assertLe(allowance, base + REEMISSION_CAP);
            _mint(epoch, allowance);
            vm.assertLe(emissions.smoothedBurn(), type(uint128).max);
        }
    }

    function testFuzz_reemission_neverExceedsWhatWasBurned(uint96[12] memory burns) public {
        uint256 burned;
        uint256 reemitted;
        for (uint64 epoch = 1; epoch <= burns.length; ++epoch) {
            _burned(epoch, burns[epoch - 1]);
            burned += burns[epoch - 1];
            reemitted += emissions.allowance(epoch) - emissions.scheduled(epoch);
            _mint(epoch, 0);
        }
        vm.assertLe(reemitted, burned);
    }

    function testFuzz_scheduled_anySteps_isTheLastBegun(uint8[6] memory gaps, uint64 epoch) public {
        uint64[] memory from = new uint64[](6);
        uint256[] memory per = new uint256[](6);
        uint256 expected;
        epoch = uint64(bound(epoch, 0, 2_000));
        for (uint256 i; i < 6; ++i) {
            from[i] = (i == 0 ? 0 : from[i - 1]) + 1 + gaps[i];
            per[i] = 100 + i;
            if (from[i] <= epoch) expected = per[i];
        }
        vm.assertEq(_new(from, per, 0, 1).scheduled(epoch), expected);
    }

    function test_construction_event_saysTheSchedule() public {
        uint64[] memory from = new uint64[](1);
        uint256[] memory per = new uint256[](1);
        (from[0], per[0]) = (1, 5);
        vm.expectEmit();
        emit IEmissions.ScheduleSet(from, per, 3, 2);
        _new(from, per, 3, 2);
    }

    function test_construction_unorderedSteps_reverts() public {
        uint64[] memory from = new uint64[](2);
        (from[0], from[1]) = (5, 5);
        vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, bytes32("fromEpoch")));
        _new(from, new uint256[](2), 0, 1);
    }

    function test_construction_noSmoothing_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, bytes32("smoothingEpochs")));
        _new(new uint64[](0), new uint256[](0), 0, 0);
    }

    function test_construction_lengthsDiffer_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, bytes32("perEpoch")));
        _new(new uint64[](1), new uint256[](0), 0, 1);
    }

    function test_construction_hugeStep_reverts() public {
        uint64[] memory from = new uint64[](1);
        uint256[] memory per = new uint256[](1);
        per[0] = uint256(type(uint128).max) + 1;
        vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, bytes32("perEpoch")));
        _new(from, per, 0, 1);
    }

    function _new(uint64[] memory from, uint256[] memory per, uint256 cap, uint32 k) private returns (Emissions) {
        return Emissions(create("Emissions", abi.encode(token, settlement, credits, from, per, cap, k)));
    }

    function _mint(uint64 epoch, uint256 amount) private {
        vm.prank(address(settlement));
        emissions.mint(epoch, amount, ALICE);
    }

    function _burned(uint64 epoch, uint256 amount) private {
        vm.mockCall(address(credits), abi.encodeCall(ICredits.burnedIn, (epoch)), abi.encode(amount));
    }
}
