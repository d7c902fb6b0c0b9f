// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {InvalidParameter} from "../src/Errors.sol";
import {EpochReport} from "../src/EpochReport.sol";
import {OracleQuorum, Signature} from "../src/OracleQuorum.sol";
import {IEpochSettlement} from "../src/interfaces/IEpochSettlement.sol";
import {create} from "./Artifacts.sol";
import {Network} from "./Network.sol";
import {bound, vm} from "./Vm.sol";

/// @notice Oracle configurations and rules: which one is in force when.
contract ScheduleTest is Network {
    bytes32 private constant RULES_2 = keccak256("rules 2");
    bytes32 private constant RULES_3 = keccak256("rules 3");

    function test_digest_initialConfiguration_isTheDocumentedHash() public view {
        bytes32 expected = keccak256(abi.encode(block.chainid, address(settlement), uint256(1), oracles(), uint8(6)));
        vm.assertEq(settlement.configDigestAt(1), expected);
        (bytes32 digest, uint8 f, address[] memory list) = settlement.oraclesAt(77);
        vm.assertEq(digest, expected);
        vm.assertEq(f, 6);
        vm.assertEq(list.length, 19);
        for (uint256 i; i < 19; ++i) {
            vm.assertEq(list[i], vm.addr(oracleKeys[i]));
        }
    }

    function test_digest_sameOraclesAgain_differs() public {
        bytes32 first = settlement.configDigestAt(0);
        _schedule(_keys(2_000, 4), 1, 2);
        bytes32 second = settlement.configDigestAt(2);
        _schedule(_keys(2_000, 4), 1, 2);
        vm.assertNotEq(settlement.configDigestAt(2), second);
        vm.assertEq(settlement.configDigestAt(1), first);
    }

    function testFuzz_scheduleRules_notice_isTwoEpochs(uint64 now_, uint64 fromEpoch) public {
        now_ = uint64(bound(now_, 0, 1_000));
        fromEpoch = uint64(bound(fromEpoch, 0, 2_000));
        vm.warp(settlement.endOf(now_) - 1);
        vm.prank(ADMIN);
        if (fromEpoch < now_ + 2) {
            vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, bytes32("fromEpoch")));
        }
        settlement.scheduleRules(RULES_2, fromEpoch);
    }

    function test_scheduleOracles_lessNotice_reverts() public {
        vm.warp(START);
        vm.prank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, bytes32("fromEpoch")));
        settlement.scheduleOracles(_keys(2_000, 4), 1, new string[](4), 2);
    }

    function test_rulesAt_changeBetween_holdsFromItsEpoch() public {
        vm.prank(ADMIN);
        settlement.scheduleRules(RULES_2, 5);
        vm.assertEq(settlement.rulesAt(0), RULES);
        vm.assertEq(settlement.rulesAt(4), RULES);
        vm.assertEq(settlement.rulesAt(5), RULES_2);
        vm.assertEq(settlement.rulesAt(type(uint64).max), RULES_2);
    }

    function test_rulesAt_laterDecisionForEarlierEpoch_replacesThePlan() public {
        vm.startPrank(ADMIN);
        settlement.scheduleRules(RULES_2, 1_000);
        settlement.scheduleRules(RULES_3, 20);
        vm.assertEq(settlement.rulesAt(19), RULES);
        vm.assertEq(settlement.rulesAt(20), RULES_3);
        vm.assertEq(settlement.rulesAt(1_000), RULES_3);
    }

    /// @dev The rule of the documentation, evaluated over the whole list.
    function testFuzz_rulesAt_anySchedule_isTheLastThatHasBegun(uint64[8] memory from, uint64 epoch) public {
        bytes32 expected = RULES;
        epoch = uint64(bound(epoch, 0, 60));
        vm.startPrank(ADMIN);
        for (uint256 i; i < from.length; ++i) {
            from[i] = uint64(bound(from[i], 2, 50));
            bytes32 hash = keccak256(abi.encode(i));
            settlement.scheduleRules(hash, from[i]);
            if (from[i] <= epoch) expected = hash;
        }
        vm.assertEq(settlement.rulesAt(epoch), expected);
    }

    function test_settle_newRules_onlyFromTheirEpoch() public {
        vm.prank(ADMIN);
        settlement.scheduleRules(RULES_2, 2);
        EpochReport memory report = nextReport(0);
        vm.assertEq(report.rulesHash, RULES);
        run(report);
        report = nextReport(0);
        vm.assertEq(report.rulesHash, RULES_2);
        run(report);
    }

    function test_settle_oldOraclesAfterChange_areRefused() public {
        address[] memory old = oracles();
        _schedule(_keys(2_000, 19), 6, 2);
        run(nextReport(0)); // epoch 1 still belongs to the old ones
        vm.assertEq(oracles()[0], old[0]);

        warpToSettle(2);
        EpochReport memory report = nextReport(0);
        Signature[] memory signatures = signAll(quorum(), settlement.hashReport(report));
        vm.expectPartialRevert(OracleQuorum.WrongSigner.selector);
        settlement.settle(report, quorum(), signatures);
    }

    function test_settle_sameOraclesUnderOldDigest_isVoid() public {
        // The same people in a new configuration: what they signed under the old digest must not count.
        bytes32 oldDigest = settlement.configDigestAt(1);
        _schedule(oracles(), 6, 2);
        run(nextReport(0));
        warpToSettle(2);
        EpochReport memory report = nextReport(0);
        report.configDigest = oldDigest;
        Signature[] memory signatures = signAll(quorum(), settlement.hashReport(report));
        vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.ReportMismatch.selector, bytes32("configDigest")));
        settlement.settle(report, quorum(), signatures);
    }

    function test_settle_lateEpochAfterChange_keepsItsOracles() public {
        _schedule(_keys(2_000, 4), 1, 2);
        vm.warp(settlement.endOf(9));
        run(nextReport(0)); // epoch 1, settled in epoch 10 by the configuration in force at its start
        vm.assertEq(settlement.lastSettledEpoch(), 1);
    }

    function test_scheduleOracles_event_saysAll() public {
        address[] memory list = _keys(2_000, 4);
        string[] memory urls = new string[](4);
        urls[3] = "https://oracle.example";
        bytes32 digest = keccak256(abi.encode(block.chainid, address(settlement), uint256(2), list, uint8(1)));
        vm.prank(ADMIN);
        vm.expectEmit(address(settlement));
        emit IEpochSettlement.OraclesScheduled(digest, 5, list, 1, urls);
        settlement.scheduleOracles(list, 1, urls, 5);
    }

    // ---- what a configuration must be

    function testFuzz_scheduleOracles_atLeastThreeFPlusOne(uint8 n, uint8 f) public {
        n = uint8(bound(n, 0, 33));
        f = uint8(bound(f, 0, 12));
        address[] memory list = _keys(2_000, n);
        vm.prank(ADMIN);
        if (n > 32 || n < 3 * uint256(f) + 1) {
            vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, bytes32("oracles")));
        }
        settlement.scheduleOracles(list, f, new string[](n), 5);
    }

    function test_scheduleOracles_twin_reverts() public {
        address[] memory list = _keys(2_000, 4);
        list[3] = list[0];
        _refuse(list, 4, "oracles");
    }

    function test_scheduleOracles_zeroAddress_reverts() public {
        // ecrecover answers failure with zero: a zero oracle would be anybody.
        address[] memory list = _keys(2_000, 4);
        list[2] = address(0);
        _refuse(list, 4, "oracles");
    }

    function test_scheduleOracles_missingEndpoint_reverts() public {
        _refuse(_keys(2_000, 4), 3, "endpoints");
    }

    function test_scheduleRules_zero_reverts() public {
        vm.prank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, bytes32("rulesHash")));
        settlement.scheduleRules(bytes32(0), 5);
    }

    function testFuzz_construction_badParameter_reverts(uint8 which) public {
        IEpochSettlement.Parameters memory p = parameters(6);
        bytes32[8] memory names = [
            bytes32("epochStart"),
            "epochLength",
            "grace",
            "activationDelay",
            "emptyAfter",
            "vetoWindow",
            "gatewayUrls",
            "rulesHash"
        ];
        which %= 8;
        if (which == 0) p.epochStart = 0;
        if (which == 1) p.epochLength = 0;
        if (which == 2) p.grace = p.epochLength;
        if (which == 3) p.activationDelay = p.epochLength + 1;
        if (which == 4) p.emptyAfter = p.grace;
        if (which == 5) p.vetoWindow = 0;
        if (which == 6) p.gatewayUrls = new string[](0);
        if (which == 7) p.rulesHash = 0;
        vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, names[which]));
        create("EpochSettlement", abi.encode(p));
    }

    function _schedule(address[] memory list, uint8 f, uint64 fromEpoch) private {
        vm.prank(ADMIN);
        settlement.scheduleOracles(list, f, new string[](list.length), fromEpoch);
    }

    function _refuse(address[] memory list, uint256 endpoints, bytes32 name) private {
        vm.prank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, name));
        settlement.scheduleOracles(list, 1, new string[](endpoints), 5);
    }

    function _keys(uint256 first, uint256 count) private pure returns (address[] memory list) {
        list = new address[](count);
        for (uint256 i; i < count; ++i) {
            list[i] = vm.addr(first + i);
        }
    }
}
