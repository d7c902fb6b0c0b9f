// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Leaf} from "../src/CumulativeTree.sol";
import {EpochReport} from "../src/EpochReport.sol";
import {Network} from "./Network.sol";
import {Trees} from "./Trees.sol";
import {bound, vm} from "./Vm.sol";

/// @notice Lets a network live: each action is one that its caller may take now, so none may revert.
contract Life is Network {
    address[3] public people = [ALICE, BOB, CAROL];

    /// @notice Sum of the schedule and of re-emission over all epochs closed.
    uint256 public scheduled;
    uint256 public reemitted;
    uint256 public burned;
    uint256 public paid;
    /// @notice Cumulative rewards and charges of the active roots, by person.
    uint256[3] public rewards;
    uint256[3] public charges;

    uint256[3] private _nextRewards;
    uint256[3] private _nextCharges;
    EpochReport private _pendingReport;
    uint256 private _lastVeto;

    function begin() external {
        setUp();
        for (uint256 i; i < people.length; ++i) {
            vm.prank(people[i]);
            token.approve(address(credits), type(uint256).max);
        }
        vm.warp(START);
        vm.prank(ADMIN);
        distributor.setCapMultiple(1);
    }

    // ---- actions

    function pass(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 1, 1 days));
    }

    function buy(uint256 who, uint256 amount, bool intoDeposit) external {
        address buyer = people[who % 3];
        uint256 balance = token.balanceOf(buyer);
        if (balance < 1e18) return;
        if (block.timestamp > _priceTime() + 10 minutes) feedPrice(PRICE);
        amount = bound(amount, 1e16, balance / 10 > 1e16 ? balance / 10 : 1e16);
        vm.prank(buyer);
        if (intoDeposit) credits.buyAndDeposit(people[amount % 3], amount, 0);
        else credits.buy(buyer, amount, 0);
        burned += amount;
    }

    function deposit(uint256 who, uint256 amount) external {
        address payer = people[who % 3];
        amount = bound(amount, 0, credits.walletOf(payer));
        vm.prank(payer);
        credits.deposit(people[amount % 3], amount);
    }

    function spend(uint256 who, uint256 amount) external {
        address payer = people[who % 3];
        amount = bound(amount, 0, credits.walletOf(payer));
        vm.prank(address(registry));
        credits.spend(payer, amount, "fee");
    }

    function settleNext(uint256 mint, uint256 split, uint256 charge_) external {
        if (_isPending()) return;
        uint64 epoch = settlement.lastSettledEpoch() + 1;
        if (block.timestamp < settlement.endOf(epoch) + GRACE) warpToSettle(epoch);
        mint = bound(mint, 0, emissions.allowance(epoch));
        split = bound(split, 0, mint);
        EpochReport memory report = nextReport(uint128(mint));
        _nextRewards = rewards;
        _nextCharges = charges;
        _nextRewards[mint % 3] += split;
        _nextRewards[split % 3] += mint - split;
        _nextCharges[mint % 3] += charge_ % 1e8;
        report.cumulativeCharges += uint128(charge_ % 1e8);
        report.rewardsRoot = Trees.root(Trees.hashes(_leaves(_nextRewards)));
        report.chargesRoot = Trees.root(Trees.hashes(_leaves(_nextCharges)));

        (uint256 supply, bytes32 root) = (token.totalSupply(), distributor.root());
        settle(report);
        vm.assertEq(token.totalSupply(), supply, "a pending report minted");
        vm.assertEq(distributor.root(), root);
        _pendingReport = report;
    }

    function activate() external {
        if (!_isPending()) return;
        (,,, uint64 activatesAt) = settlement.pending();
        if (block.timestamp < activatesAt) vm.warp(activatesAt);
        uint256 supply = token.totalSupply();
        _count(_pendingReport.epoch);
        settlement.activate(_pendingReport);
        vm.assertEq(token.totalSupply(), supply + _pendingReport.mint, "activation minted another amount");
        rewards = _nextRewards;
        charges = _nextCharges;
    }

    function veto() external {
        if (!_isPending() || settlement.currentEpoch() < _lastVeto + VETO_WINDOW) return;
        uint256 supply = token.totalSupply();
        vm.prank(GUARDIAN);
        settlement.veto(_pendingReport.epoch, "");
        vm.assertEq(token.totalSupply(), supply, "a veto minted");
        _lastVeto = settlement.currentEpoch();
    }

    function declareEmpty(uint256 seed) external {
        if (_isPending() || seed % 4 != 0) return;
        uint64 epoch = settlement.lastSettledEpoch() + 1;
        if (block.timestamp < settlement.endOf(epoch) + EMPTY_AFTER) vm.warp(settlement.endOf(epoch) + EMPTY_AFTER);
        _count(epoch);
        vm.prank(ADMIN);
        settlement.declareEmpty(epoch);
    }

    function claim(uint256 who, uint256 amount) external {
        who %= 3;
        uint256 owed = rewards[who] - distributor.claimed(people[who]);
        uint256 room = distributor.available();
        uint256 most = owed < room ? owed : room;
        if (most == 0 || block.timestamp < distributor.pausedUntil()) return;
        Leaf[] memory list = _leaves(rewards);
        bytes32[] memory proof = Trees.proof(Trees.hashes(list), who);
        amount = bound(amount, 1, most);
        paid += distributor.claim(
            list[who].index, list[who].account, list[who].cumulative, list[who].prefixSum, amount, proof
        );
    }

    function draw(uint256 who) external {
        if (credits.chargesRoot() == 0) return;
        Leaf[] memory list = _leaves(charges);
        Leaf[] memory one = new Leaf[](1);
        bytes32[][] memory proofs = new bytes32[][](1);
        one[0] = list[who % 3];
        proofs[0] = Trees.proof(Trees.hashes(list), who % 3);
        credits.draw(one, proofs);
    }

    function pause(uint256 duration) external {
        uint256 until = distributor.pausedUntil();
        if (until != 0 && block.timestamp < until + MAX_PAUSE) return;
        vm.prank(GUARDIAN);
        distributor.pause(bound(duration, 1, MAX_PAUSE));
    }

    // ---- what must always hold

    function checkRewards() external view {
        uint256 total;
        uint256 claimed;
        for (uint256 i; i < 3; ++i) {
            vm.assertLe(distributor.claimed(people[i]), rewards[i], "claimed above cumulative");
            total += rewards[i];
            claimed += distributor.claimed(people[i]);
        }
        vm.assertEq(total, distributor.cumulativeRewards(), "leaves above the total");
        vm.assertEq(claimed, paid, "claimed other than paid");
        vm.assertEq(token.balanceOf(address(distributor)), total - claimed, "minted other than promised");
        vm.assertEq(settlement.cumulativeRewards(), total, "two totals");
    }

    function checkEmission() external view {
        vm.assertEq(emissions.lastEpoch(), settlement.lastSettledEpoch(), "an epoch minted twice or never");
        vm.assertLe(distributor.cumulativeRewards(), scheduled + reemitted, "minted above the allowance");
        vm.assertLe(reemitted, burned, "re-emitted more than was burned");
        vm.assertLe(reemitted, uint256(emissions.lastEpoch()) * REEMISSION_CAP, "re-emitted above the cap");
        vm.assertEq(
            token.totalSupply(), 1_001_000e18 + distributor.cumulativeRewards() - burned, "supply does not add up"
        );
    }

    function checkCredits() external view {
        uint256 sum;
        uint256 burnedByEpoch;
        for (uint256 i; i < 3; ++i) {
            sum += credits.walletOf(people[i]) + credits.depositOf(people[i]);
            vm.assertLe(credits.drawnOf(people[i]), charges[i], "drawn above the charges");
        }
        vm.assertEq(sum, credits.totalSupply(), "credits do not add up");
        for (uint64 epoch; epoch <= settlement.currentEpoch(); ++epoch) {
            burnedByEpoch += credits.burnedIn(epoch);
        }
        vm.assertEq(burnedByEpoch, burned, "burns do not add up");
    }

    // ---- helpers

    function _isPending() private view returns (bool) {
        (,,, uint64 activatesAt) = settlement.pending();
        return activatesAt != 0;
    }

    function _count(uint64 epoch) private {
        uint256 base = emissions.scheduled(epoch);
        scheduled += base;
        reemitted += emissions.allowance(epoch) - base;
    }

    function _priceTime() private view returns (uint256 time) {
        (,,,, time) = feed.latest();
    }

    function _leaves(uint256[3] memory cumulative) private view returns (Leaf[] memory) {
        address[] memory accounts = new address[](3);
        uint256[] memory amounts = new uint256[](3);
        for (uint256 i; i < 3; ++i) {
            (accounts[i], amounts[i]) = (people[i], cumulative[i]);
        }
        return Trees.leaves(accounts, amounts);
    }
}

contract InvariantsTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Life private life;

    function setUp() public {
        life = new Life();
        life.begin();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(life);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](11);
        selectors[0] = Life.pass.selector;
        selectors[1] = Life.buy.selector;
        selectors[2] = Life.deposit.selector;
        selectors[3] = Life.spend.selector;
        selectors[4] = Life.settleNext.selector;
        selectors[5] = Life.activate.selector;
        selectors[6] = Life.veto.selector;
        selectors[7] = Life.declareEmpty.selector;
        selectors[8] = Life.claim.selector;
        selectors[9] = Life.draw.selector;
        selectors[10] = Life.pause.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(life), selectors);
    }

    function invariant_rewards_claimedAtMostCumulativeAtMostMinted() public view {
        life.checkRewards();
    }

    function invariant_emission_atMostScheduleAndBoundedReemission() public view {
        life.checkEmission();
    }

    function invariant_credits_areTheSumOfAllBalances() public view {
        life.checkCredits();
    }

    /// @dev The actions reach every state: otherwise the invariants would hold of nothing.
    function test_life_aFullRound_touchesEverything() public {
        life.buy(0, 1_000e18, true);
        life.buy(1, 20e18, false);
        life.deposit(1, 10);
        life.spend(1, 10);
        life.settleNext(100e18, 30e18, 5_000);
        life.veto();
        life.settleNext(200e18, 70e18, 5_000);
        life.activate();
        life.claim(0, type(uint256).max);
        life.claim(1, type(uint256).max);
        life.claim(2, type(uint256).max);
        life.draw(0);
        life.declareEmpty(0);
        life.pause(1);
        vm.assertGt(life.paid(), 0);
        vm.assertGt(life.burned(), 0);
        vm.assertGt(life.reemitted(), 0);
        life.checkRewards();
        life.checkEmission();
        life.checkCredits();
    }
}
