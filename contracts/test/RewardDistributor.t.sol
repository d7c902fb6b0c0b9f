// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {CumulativeTree, Leaf} from "../src/CumulativeTree.sol";
import {EpochReport} from "../src/EpochReport.sol";
import {InvalidParameter, Unauthorized} from "../src/Errors.sol";
import {IRewardDistributor} from "../src/interfaces/IRewardDistributor.sol";
import {create} from "./Artifacts.sol";
import {Network, pair} from "./Network.sol";
import {Trees} from "./Trees.sol";
import {bound, vm} from "./Vm.sol";

contract RewardDistributorTest is Network {
    uint256 private constant ALL = type(uint256).max;
    Leaf[] private leaves;

    // ---- claims

    function test_claim_all_paysTheAccount() public {
        _reward(600e18, 400e18);
        vm.expectEmit(address(distributor));
        emit IRewardDistributor.Claimed(CAROL, CAROL, 600e18, 600e18);
        vm.assertEq(_claim(0, ALL), 600e18);
        vm.assertEq(token.balanceOf(CAROL), 600e18);
        vm.assertEq(distributor.claimed(CAROL), 600e18);
    }

    function testFuzz_claim_parts_addUp(uint256 first, uint256 second) public {
        _reward(600e18, 400e18);
        first = bound(first, 1, 600e18 - 1);
        second = bound(second, 1, 600e18 - first);
        _claim(0, first);
        _claim(0, second);
        vm.assertEq(token.balanceOf(CAROL), first + second);
        if (first + second < 600e18) _claim(0, ALL);
        vm.assertEq(token.balanceOf(CAROL), 600e18);
    }

    function test_claim_byStranger_paysTheAccountOnly() public {
        _reward(600e18, 400e18);
        vm.prank(STRANGER);
        _claim(0, ALL);
        vm.assertEq(token.balanceOf(CAROL), 600e18);
        vm.assertEq(token.balanceOf(STRANGER), 0);
    }

    function test_claim_twice_reverts() public {
        _reward(600e18, 400e18);
        _claim(0, ALL);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.NothingOwed.selector, CAROL));
        _claim(0, ALL);
    }

    function test_claim_moreThanOwed_reverts() public {
        _reward(600e18, 400e18);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.AmountExceedsOwed.selector, 600e18 + 1, 600e18));
        _claim(0, 600e18 + 1);
    }

    function test_claim_zeroAmount_reverts() public {
        _reward(600e18, 400e18);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.NothingOwed.selector, CAROL));
        _claim(0, 0);
    }

    function testFuzz_claim_anyFieldChanged_reverts(uint8 field, uint256 flip) public {
        _reward(600e18, 400e18);
        vm.assume(flip != 0 && uint160(flip) != 0);
        Leaf memory leaf = leaves[0];
        field %= 4;
        if (field == 0) leaf.index ^= flip;
        if (field == 1) leaf.account = address(uint160(leaf.account) ^ uint160(flip));
        if (field == 2) leaf.cumulative ^= flip;
        if (field == 3) leaf.prefixSum ^= flip;
        bytes32[] memory proof = Trees.proof(Trees.hashes(leaves), 0);
        vm.expectRevert(CumulativeTree.InvalidProof.selector);
        distributor.claim(leaf.index, leaf.account, leaf.cumulative, leaf.prefixSum, ALL, proof);
    }

    function test_claim_innerNodeAsLeaf_reverts() public {
        _reward(600e18, 400e18);
        bytes32[] memory none = new bytes32[](0);
        vm.expectRevert(CumulativeTree.InvalidProof.selector);
        distributor.claim(0, CAROL, 600e18, 0, ALL, none);
    }

    function test_claim_pendingRoot_isNotClaimable() public {
        _reward(600e18, 400e18);
        Leaf[] memory next = Trees.leaves(pair(CAROL, BOB), pair(900e18, 500e18));
        bytes32[] memory hashes = Trees.hashes(next);
        warpToSettle(2);
        EpochReport memory report = nextReport(400e18);
        report.rewardsRoot = Trees.root(hashes);
        settle(report);

        bytes32[] memory proof = Trees.proof(hashes, 0);
        vm.expectRevert(CumulativeTree.InvalidProof.selector);
        distributor.claim(0, CAROL, 900e18, 0, ALL, proof);
        vm.assertEq(_claim(0, ALL), 600e18); // the previous root still pays
    }

    function test_claim_nextEpoch_paysTheDifference() public {
        _reward(600e18, 400e18);
        _claim(0, ALL);
        _reward(900e18, 500e18);
        vm.assertEq(_claim(0, ALL), 300e18);
        vm.assertEq(token.balanceOf(CAROL), 900e18);
    }

    function test_claim_oldProofAfterActivation_reverts() public {
        _reward(600e18, 400e18);
        Leaf memory old = leaves[0];
        bytes32[] memory proof = Trees.proof(Trees.hashes(leaves), 0);
        _reward(900e18, 500e18);
        vm.expectRevert(CumulativeTree.InvalidProof.selector);
        distributor.claim(old.index, old.account, old.cumulative, old.prefixSum, ALL, proof);
    }

    function test_claim_fallenCumulative_paysNothing() public {
        // A root that lowers an account must not underflow.
        _reward(600e18, 400e18);
        _claim(0, ALL);
        _reward(500e18, 600e18);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.NothingOwed.selector, CAROL));
        _claim(0, ALL);
    }

    // ---- many at once

    function test_claimMany_frontRunMember_doesNotSpoilTheBatch() public {
        _reward(600e18, 400e18);
        _claim(0, ALL);
        uint256 before = token.balanceOf(BOB);
        vm.assertEq(distributor.claimMany(_claims()), 400e18);
        vm.assertEq(token.balanceOf(BOB), before + 400e18);
    }

    function test_claimMany_oneBadProof_revertsAll() public {
        _reward(600e18, 400e18);
        IRewardDistributor.Claim[] memory claims = _claims();
        claims[1].cumulative += 1;
        vm.expectRevert(CumulativeTree.InvalidProof.selector);
        distributor.claimMany(claims);
    }

    // ---- recipient

    function test_setRecipient_own_redirectsFutureClaims() public {
        _reward(600e18, 400e18);
        vm.prank(CAROL);
        distributor.setRecipient(BOB);
        uint256 before = token.balanceOf(BOB);
        _claim(0, 100e18);
        vm.assertEq(token.balanceOf(BOB), before + 100e18);

        vm.prank(CAROL);
        distributor.setRecipient(address(0));
        _claim(0, ALL);
        vm.assertEq(token.balanceOf(CAROL), 500e18);
        vm.assertEq(distributor.recipientOf(CAROL), CAROL);
    }

    function test_setRecipient_keepsWhatWasClaimed() public {
        _reward(600e18, 400e18);
        _claim(0, 100e18);
        vm.prank(CAROL);
        distributor.setRecipient(BOB);
        vm.assertEq(distributor.claimed(CAROL), 100e18);
        vm.assertEq(_claim(0, ALL), 500e18);
    }

    // ---- breaker

    function test_breaker_overCap_revertsAndTellsTheRest() public {
        _setMultiple(1);
        _reward(900e18, 100e18); // cap 1,000
        _claim(0, ALL);
        _reward(900e18, 200e18); // mint 100, held 200: cap 100
        vm.assertEq(distributor.available(), 100e18);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.OutflowCapExceeded.selector, 200e18, 100e18));
        _claim(1, ALL);
        _claim(1, 100e18);
        vm.assertEq(distributor.available(), 0);
    }

    function test_breaker_drains_linearly() public {
        _setMultiple(1);
        _reward(500e18, 500e18);
        _claim(0, ALL);
        vm.assertEq(distributor.available(), 500e18);
        vm.warp(block.timestamp + WINDOW / 4);
        vm.assertEq(distributor.available(), 750e18);
        vm.warp(block.timestamp + WINDOW / 4);
        vm.assertEq(distributor.available(), 1_000e18);
        vm.warp(block.timestamp + 10 * WINDOW);
        vm.assertEq(distributor.available(), 1_000e18);
    }

    function testFuzz_breaker_anyClaims_neverOverCapPlusDrain(uint96[8] memory amounts, uint32[8] memory waits) public {
        _setMultiple(1);
        _reward(1_000e18, 0);
        uint256 start = block.timestamp;
        uint256 out;
        for (uint256 i; i < 8; ++i) {
            vm.warp(block.timestamp + bound(waits[i], 0, WINDOW));
            uint256 owed = 1_000e18 - distributor.claimed(CAROL);
            uint256 room = distributor.available() < owed ? distributor.available() : owed;
            if (room == 0) continue;
            uint256 amount = bound(amounts[i], 1, room);
            _claim(0, amount);
            out += amount;
            vm.assertLe(out, 1_000e18 + 1_000e18 * (block.timestamp - start) / WINDOW);
        }
    }

    function test_breaker_emptyEpochs_neverLockOldRewards() public {
        _setMultiple(1);
        _reward(600e18, 400e18);
        _reward(600e18, 400e18); // mints nothing: a tenth of what is held may leave per window
        vm.assertEq(distributor.available(), 100e18);
        _claim(0, 100e18);
        vm.warp(block.timestamp + WINDOW);
        _claim(0, 100e18);
    }

    function test_breaker_lowerCapThanLevel_closesWithoutUnderflow() public {
        _setMultiple(1);
        vm.warp(settlement.endOf(2) + GRACE); // late, so that the next activation comes before the level has drained
        _reward(500e18, 0);
        _claim(0, ALL);
        _reward(501e18, 0); // level 500 - 125, cap 1
        vm.assertEq(distributor.available(), 0);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.OutflowCapExceeded.selector, 1e18, 0));
        _claim(0, ALL);
    }

    function testFuzz_setCapMultiple_bounds(uint32 multiple) public {
        vm.prank(ADMIN);
        if (multiple == 0 || multiple > 20) {
            vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, bytes32("capMultiple")));
        }
        distributor.setCapMultiple(multiple);
    }

    function test_setCapMultiple_byGuardian_reverts() public {
        vm.prank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, GUARDIAN));
        distributor.setCapMultiple(2);
    }

    // ---- pause

    function test_pause_stopsClaims_andExpiresByItself() public {
        _reward(600e18, 400e18);
        uint256 until = block.timestamp + 1 hours;
        vm.prank(GUARDIAN);
        distributor.pause(1 hours);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.ClaimsPaused.selector, until));
        _claim(0, ALL);
        vm.warp(until);
        _claim(0, ALL);
    }

    function test_pause_tooLong_reverts() public {
        vm.prank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, bytes32("duration")));
        distributor.pause(MAX_PAUSE + 1);
    }

    function test_pause_again_waitsAsLongAsThePauseMay() public {
        uint256 until = block.timestamp + 1 hours;
        vm.prank(GUARDIAN);
        distributor.pause(1 hours);
        vm.warp(until + MAX_PAUSE - 1);
        vm.prank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.PauseTooSoon.selector, until + MAX_PAUSE));
        distributor.pause(1);
        vm.warp(until + MAX_PAUSE);
        vm.prank(GUARDIAN);
        distributor.pause(1);
    }

    function test_pause_activation_goesOnAndKeepsThePause() public {
        vm.prank(GUARDIAN);
        distributor.pause(MAX_PAUSE);
        uint256 until = distributor.pausedUntil();
        _reward(600e18, 400e18);
        vm.assertEq(distributor.pausedUntil(), until);
        vm.assertEq(distributor.cumulativeRewards(), 1_000e18);
    }

    function test_unpause_byAdminAndGuardian_endsIt() public {
        _reward(600e18, 400e18);
        vm.prank(GUARDIAN);
        distributor.pause(MAX_PAUSE);
        vm.prank(ADMIN);
        distributor.unpause();
        _claim(0, ALL);
    }

    function test_unpause_byOthers_reverts() public {
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(Unauthorized.selector, STRANGER));
        distributor.unpause();
    }

    function testFuzz_pause_byOthers_reverts(address caller) public {
        vm.assume(caller != GUARDIAN);
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(Unauthorized.selector, caller));
        distributor.pause(1);
    }

    // ---- activation

    function test_activate_byOthers_reverts() public {
        vm.prank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(Unauthorized.selector, ADMIN));
        distributor.activate("root", 0);
    }

    function test_activate_fallenTotal_reverts() public {
        vm.startPrank(address(settlement));
        distributor.activate("a", 5);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.CumulativeFell.selector, 4, 5));
        distributor.activate("b", 4);
    }

    function test_activate_hugeMint_capSaturates() public {
        vm.prank(address(settlement));
        distributor.activate("a", type(uint128).max);
        vm.assertEq(distributor.available(), type(uint96).max);
    }

    function test_construction_bounds_areChecked() public {
        _refuse(0, 1, 1, "window");
        _refuse(30 days + 1, 1, 1, "window");
        _refuse(1, 0, 1, "capMultiple");
        _refuse(1, 1, 0, "maxPause");
        _refuse(1, 1, 30 days + 1, "maxPause");
    }

    // ---- helpers

    function _reward(uint256 carol, uint256 bob) private {
        Leaf[] memory list = reward(pair(CAROL, BOB), pair(carol, bob));
        delete leaves;
        for (uint256 i; i < list.length; ++i) {
            leaves.push(list[i]);
        }
    }

    function _claim(uint256 i, uint256 amount) private returns (uint256) {
        Leaf memory leaf = leaves[i];
        return distributor.claim(
            leaf.index, leaf.account, leaf.cumulative, leaf.prefixSum, amount, Trees.proof(Trees.hashes(leaves), i)
        );
    }

    function _claims() private view returns (IRewardDistributor.Claim[] memory claims) {
        claims = new IRewardDistributor.Claim[](leaves.length);
        bytes32[] memory hashes = Trees.hashes(leaves);
        for (uint256 i; i < claims.length; ++i) {
            Leaf memory leaf = leaves[i];
            claims[i] = IRewardDistributor.Claim(
                leaf.index, leaf.account, leaf.cumulative, leaf.prefixSum, ALL, Trees.proof(hashes, i)
            );
        }
    }

    function _setMultiple(uint32 multiple) private {
        vm.prank(ADMIN);
        distributor.setCapMultiple(multiple);
    }

    function _refuse(uint32 window, uint32 multiple, uint32 maxPause, bytes32 name) private {
        vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, name));
        create("RewardDistributor", abi.encode(token, settlement, window, multiple, maxPause, ADMIN, GUARDIAN));
    }
}
