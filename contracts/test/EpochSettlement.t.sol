// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Unauthorized} from "../src/Errors.sol";
import {EpochReport} from "../src/EpochReport.sol";
import {OracleQuorum, Signature} from "../src/OracleQuorum.sol";
import {IEpochSettlement} from "../src/interfaces/IEpochSettlement.sol";
import {Network} from "./Network.sol";
import {bound, vm} from "./Vm.sol";

contract EpochSettlementTest is Network {
    uint256 private constant CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    // ---- the ordinary course

    function test_settle_validReport_becomesPendingAndMintsNothing() public {
        warpToSettle(1);
        uint256 supply = token.totalSupply();
        EpochReport memory report = nextReport(100e18);

        settle(report);

        (uint64 epoch, uint32 attempt, bytes32 hash, uint64 activatesAt) = settlement.pending();
        vm.assertEq(epoch, 1);
        vm.assertEq(attempt, 0);
        vm.assertEq(hash, settlement.hashReport(report));
        vm.assertEq(activatesAt, block.timestamp + DELAY);
        vm.assertEq(token.totalSupply(), supply);
        vm.assertEq(distributor.root(), bytes32(0));
        vm.assertEq(settlement.lastSettledEpoch(), 0);
    }

    function test_settle_validReport_saysEverythingInOneEvent() public {
        warpToSettle(1);
        EpochReport memory report = nextReport(100e18);
        bytes32 hash = settlement.hashReport(report);
        Signature[] memory signatures = signAll(quorum(), hash);

        vm.expectEmit(address(settlement));
        emit IEpochSettlement.EpochSettled(1, 0, hash, report, quorum());
        settlement.settle(report, quorum(), signatures);
    }

    function test_activate_afterDelay_mintsOnceAndMovesRoots() public {
        uint256 supply = token.totalSupply();
        EpochReport memory report = nextReport(100e18);
        run(report);

        vm.assertEq(token.totalSupply(), supply + 100e18);
        vm.assertEq(token.balanceOf(address(distributor)), 100e18);
        vm.assertEq(distributor.root(), report.rewardsRoot);
        vm.assertEq(credits.chargesRoot(), report.chargesRoot);
        vm.assertEq(settlement.lastSettledEpoch(), 1);
        vm.assertEq(settlement.lastReportHash(), settlement.hashReport(report));
        vm.assertEq(settlement.cumulativeRewards(), 100e18);
        (,,, uint64 activatesAt) = settlement.pending();
        vm.assertEq(activatesAt, 0);

        vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.NothingPending.selector, 1));
        settlement.activate(report);
    }

    function test_activate_beforeDelay_reverts() public {
        warpToSettle(1);
        EpochReport memory report = nextReport(0);
        settle(report);
        uint256 due = block.timestamp + DELAY;

        vm.warp(due - 1);
        vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.TooEarly.selector, due));
        settlement.activate(report);
    }

    function test_activate_otherReport_reverts() public {
        warpToSettle(1);
        EpochReport memory report = nextReport(1e18);
        settle(report);
        vm.warp(block.timestamp + DELAY);

        report.rewardsRoot = keccak256("mine");
        vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.ReportMismatch.selector, bytes32("reportHash")));
        settlement.activate(report);
    }

    function test_settle_whilePending_reverts() public {
        warpToSettle(1);
        EpochReport memory report = nextReport(0);
        settle(report);
        Signature[] memory signatures = signAll(quorum(), settlement.hashReport(report));

        vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.ReportPending.selector, 1));
        settlement.settle(report, quorum(), signatures);
    }

    function test_settle_manyEpochsLate_settlesInOrder() public {
        vm.warp(settlement.endOf(5) + GRACE);
        for (uint64 epoch = 1; epoch <= 5; ++epoch) {
            run(nextReport(10e18));
        }
        vm.assertEq(settlement.lastSettledEpoch(), 5);
        vm.assertEq(token.balanceOf(address(distributor)), 50e18);
    }

    // ---- what a report must agree with

    function test_settle_beforeGraceEnds_reverts() public {
        uint256 earliest = settlement.endOf(1) + GRACE;
        vm.warp(earliest - 1);
        _refuse(nextReport(0), abi.encodeWithSelector(IEpochSettlement.TooEarly.selector, earliest));
    }

    function test_settle_skippedEpoch_reverts() public {
        vm.warp(settlement.endOf(2) + GRACE);
        EpochReport memory report = nextReport(0);
        report.epoch = 2;
        _refuse(report, abi.encodeWithSelector(IEpochSettlement.WrongEpoch.selector, 2, 1));
    }

    function test_settle_repeatedEpoch_reverts() public {
        EpochReport memory report = nextReport(0);
        run(report);
        _refuse(report, abi.encodeWithSelector(IEpochSettlement.WrongEpoch.selector, 1, 2));
    }

    function test_settle_wrongAttempt_reverts() public {
        warpToSettle(1);
        EpochReport memory report = nextReport(0);
        report.attempt = 1;
        _refuseField(report, "attempt");
    }

    function test_settle_otherNetwork_reverts() public {
        warpToSettle(1);
        EpochReport memory report = nextReport(0);
        report.networkId = keccak256("another network");
        _refuseField(report, "networkId");
    }

    function test_settle_wrongPredecessor_reverts() public {
        run(nextReport(0));
        warpToSettle(2);
        EpochReport memory report = nextReport(0);
        report.previousReportHash = bytes32(0);
        _refuseField(report, "previousReportHash");
    }

    function test_settle_otherEvidence_reverts() public {
        warpToSettle(1);
        EpochReport memory report = nextReport(0);
        report.evidenceRoot = keccak256("evidence that nobody committed");
        _refuseField(report, "evidenceRoot");
    }

    function test_settle_otherRules_reverts() public {
        warpToSettle(1);
        EpochReport memory report = nextReport(0);
        report.rulesHash = keccak256("rules 2");
        _refuseField(report, "rulesHash");
    }

    function test_settle_otherConfiguration_reverts() public {
        warpToSettle(1);
        EpochReport memory report = nextReport(0);
        report.configDigest = keccak256("configuration");
        _refuseField(report, "configDigest");
    }

    function testFuzz_settle_rewardsNotPreviousPlusMint_reverts(uint128 mint, uint128 cumulative) public {
        mint = uint128(bound(mint, 0, PER_EPOCH));
        vm.assume(cumulative != mint);
        warpToSettle(1);
        EpochReport memory report = nextReport(mint);
        report.cumulativeRewards = cumulative;
        _refuseField(report, "cumulativeRewards");
    }

    function test_settle_chargesFell_reverts() public {
        EpochReport memory report = nextReport(0);
        report.cumulativeCharges = 10;
        run(report);
        warpToSettle(2);
        report = nextReport(0);
        report.cumulativeCharges = 9;
        _refuseField(report, "cumulativeCharges");
    }

    function test_settle_mintAtAllowance_isAccepted() public {
        warpToSettle(1);
        settle(nextReport(uint128(PER_EPOCH)));
    }

    function test_settle_mintAboveAllowance_reverts() public {
        warpToSettle(1);
        _refuse(
            nextReport(uint128(PER_EPOCH) + 1),
            abi.encodeWithSelector(IEpochSettlement.MintExceedsAllowance.selector, PER_EPOCH + 1, PER_EPOCH)
        );
    }

    // ---- signatures

    function testFuzz_settle_anyQuorum_isAccepted(uint32 seed) public {
        warpToSettle(1);
        EpochReport memory report = nextReport(0);
        uint32 mask = _randomMask(seed, 7);
        settlement.settle(report, mask, signAll(mask, settlement.hashReport(report)));
    }

    function test_settle_allOfThirtyTwoOracles_highestBitWorks() public {
        deploy(32, 10);
        warpToSettle(1);
        EpochReport memory report = nextReport(0);
        uint32 mask = 0xffe00000; // the last eleven
        settlement.settle(report, mask, signAll(mask, settlement.hashReport(report)));
    }

    function test_settle_singleOracleNetwork_works() public {
        deploy(1, 0);
        warpToSettle(1);
        settle(nextReport(1e18));
    }

    function test_settle_tooFewSigners_reverts() public {
        _refuseSigners(firstOracles(6), OracleQuorum.SignatureCount.selector);
    }

    function test_settle_tooManySigners_reverts() public {
        _refuseSigners(firstOracles(8), OracleQuorum.SignatureCount.selector);
    }

    function test_settle_noSigners_reverts() public {
        _refuseSigners(0, OracleQuorum.SignatureCount.selector);
    }

    function test_settle_fewerBitsThanSignatures_reverts() public {
        warpToSettle(1);
        EpochReport memory report = nextReport(0);
        Signature[] memory signatures = signAll(quorum(), settlement.hashReport(report));
        vm.expectRevert(abi.encodeWithSelector(OracleQuorum.SignatureCount.selector, 6, 7));
        settlement.settle(report, firstOracles(6), signatures);
    }

    function test_settle_bitBeyondOracles_reverts() public {
        warpToSettle(1);
        EpochReport memory report = nextReport(0);
        Signature[] memory signatures = signAll(quorum(), settlement.hashReport(report));
        uint32 mask = firstOracles(6) | (1 << 19);
        vm.expectRevert(abi.encodeWithSelector(OracleQuorum.SignerOutOfRange.selector, mask, 19));
        settlement.settle(report, mask, signatures);
    }

    function test_settle_sameOracleTwice_reverts() public {
        (EpochReport memory report, Signature[] memory signatures) = _signed();
        signatures[1] = signatures[0];
        vm.expectRevert(abi.encodeWithSelector(OracleQuorum.WrongSigner.selector, 1, vm.addr(oracleKeys[0])));
        settlement.settle(report, quorum(), signatures);
    }

    function test_settle_unorderedSignatures_reverts() public {
        (EpochReport memory report, Signature[] memory signatures) = _signed();
        (signatures[0], signatures[1]) = (signatures[1], signatures[0]);
        vm.expectRevert(abi.encodeWithSelector(OracleQuorum.WrongSigner.selector, 0, vm.addr(oracleKeys[1])));
        settlement.settle(report, quorum(), signatures);
    }

    function testFuzz_settle_stranger_reverts(uint256 key, uint256 place) public {
        key = bound(key, 1, 999);
        (EpochReport memory report, Signature[] memory signatures) = _signed();
        signatures[place % 7] = sign(key, settlement.hashReport(report));
        vm.expectRevert(abi.encodeWithSelector(OracleQuorum.WrongSigner.selector, place % 7, vm.addr(key)));
        settlement.settle(report, quorum(), signatures);
    }

    function test_settle_highS_reverts() public {
        (EpochReport memory report, Signature[] memory signatures) = _signed();
        // The other solution of the same signature: s' = n - s with the recovery bit flipped. As high s needs 256 bits,
        // compact form can only carry those below 2^255, so take the lowest: any s in (n / 2, 2^255).
        signatures[3].vs = bytes32(CURVE_ORDER / 2 + 1);
        vm.expectRevert(abi.encodeWithSelector(ECDSA.ECDSAInvalidSignatureS.selector, bytes32(CURVE_ORDER / 2 + 1)));
        settlement.settle(report, quorum(), signatures);
    }

    function test_settle_malleatedSignature_reverts() public {
        (EpochReport memory report, Signature[] memory signatures) = _signed();
        uint256 vs = uint256(signatures[0].vs);
        uint256 s = vs & ~(uint256(1) << 255);
        signatures[0].vs = bytes32((CURVE_ORDER - s) ^ (vs & (uint256(1) << 255)) ^ (uint256(1) << 255));
        vm.expectRevert();
        settlement.settle(report, quorum(), signatures);
    }

    function test_settle_zeroSignature_reverts() public {
        (EpochReport memory report, Signature[] memory signatures) = _signed();
        signatures[0] = Signature(0, 0);
        vm.expectPartialRevert(ECDSA.ECDSAInvalidSignature.selector);
        settlement.settle(report, quorum(), signatures);
    }

    function testFuzz_settle_anyFieldChangedAfterSigning_reverts(uint8 word, uint256 flip) public {
        (EpochReport memory report, Signature[] memory signatures) = _signed();
        // inputsHash, outcomeHash, rewardsRoot, chargesRoot: the chain knows nothing of them but the signatures.
        uint8[4] memory words = [5, 8, 9, 12];
        vm.assume(flip != 0);
        uint256 place = words[word % 4];
        assembly ("memory-safe") {
            let slot := add(report, mul(place, 32))
            mstore(slot, xor(mload(slot), flip))
        }
        vm.expectPartialRevert(OracleQuorum.WrongSigner.selector);
        settlement.settle(report, quorum(), signatures);
    }

    // ---- veto

    function test_veto_pendingReport_voidsItsSignatures() public {
        warpToSettle(1);
        EpochReport memory report = nextReport(100e18);
        settle(report);
        bytes32 hash = settlement.hashReport(report);

        vm.prank(GUARDIAN);
        vm.expectEmit(address(settlement));
        emit IEpochSettlement.EpochVetoed(1, 0, hash, "wrong root");
        settlement.veto(1, "wrong root");

        vm.assertEq(settlement.attempt(), 1);
        _refuseField(report, "attempt");
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.NothingPending.selector, 1));
        settlement.activate(report);
    }

    function test_veto_thenNextAttempt_isMintedOnce() public {
        warpToSettle(1);
        settle(nextReport(700e18));
        vm.prank(GUARDIAN);
        settlement.veto(1, "");

        EpochReport memory second = nextReport(300e18);
        vm.assertEq(second.attempt, 1);
        run(second);

        vm.assertEq(token.balanceOf(address(distributor)), 300e18);
        vm.assertEq(emissions.lastEpoch(), 1);
        vm.assertEq(settlement.attempt(), 0);
    }

    function test_veto_nothingPending_reverts() public {
        vm.prank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.NothingPending.selector, 1));
        settlement.veto(1, "");
    }

    function test_veto_otherEpoch_reverts() public {
        warpToSettle(1);
        settle(nextReport(0));
        vm.prank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.NothingPending.selector, 2));
        settlement.veto(2, "");
    }

    function test_veto_overLimit_revertsUntilWindowPasses() public {
        warpToSettle(1);
        for (uint256 i; i < VETO_MAX; ++i) {
            settle(nextReport(0));
            vm.prank(GUARDIAN);
            settlement.veto(1, "");
        }
        settle(nextReport(0));
        uint64 next = settlement.currentEpoch() + VETO_WINDOW;

        vm.warp(settlement.endOf(next - 1) - 1);
        vm.prank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.VetoLimitReached.selector, next));
        settlement.veto(1, "");

        vm.warp(settlement.endOf(next - 1));
        vm.prank(GUARDIAN);
        settlement.veto(1, "");
    }

    function testFuzz_veto_byOthers_reverts(address caller) public {
        vm.assume(caller != GUARDIAN);
        warpToSettle(1);
        settle(nextReport(0));
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(Unauthorized.selector, caller));
        settlement.veto(1, "");
    }

    // ---- empty epochs

    function test_declareEmpty_afterWait_mintsNothingAndKeepsPredecessor() public {
        run(nextReport(10e18));
        bytes32 last = settlement.lastReportHash();
        vm.warp(settlement.endOf(2) + EMPTY_AFTER);

        vm.prank(ADMIN);
        vm.expectEmit(address(settlement));
        emit IEpochSettlement.EpochDeclaredEmpty(2, 0, 0);
        settlement.declareEmpty(2);

        vm.assertEq(settlement.lastSettledEpoch(), 2);
        vm.assertEq(settlement.lastReportHash(), last);
        vm.assertEq(emissions.lastEpoch(), 2);
        run(nextReport(10e18));
        vm.assertEq(token.balanceOf(address(distributor)), 20e18);
    }

    function test_declareEmpty_beforeWait_reverts() public {
        uint256 earliest = settlement.endOf(1) + EMPTY_AFTER;
        vm.warp(earliest - 1);
        vm.prank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.TooEarly.selector, earliest));
        settlement.declareEmpty(1);
    }

    function test_declareEmpty_whilePending_reverts() public {
        vm.warp(settlement.endOf(1) + EMPTY_AFTER);
        settle(nextReport(0));
        vm.prank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.ReportPending.selector, 1));
        settlement.declareEmpty(1);
    }

    function test_declareEmpty_laterEpoch_reverts() public {
        vm.warp(settlement.endOf(2) + EMPTY_AFTER);
        vm.prank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.WrongEpoch.selector, 2, 1));
        settlement.declareEmpty(2);
    }

    function test_declareEmpty_afterVeto_startsNextEpochAtAttemptZero() public {
        vm.warp(settlement.endOf(1) + EMPTY_AFTER);
        settle(nextReport(0));
        vm.prank(GUARDIAN);
        settlement.veto(1, "");
        vm.prank(ADMIN);
        settlement.declareEmpty(1);
        vm.assertEq(settlement.attempt(), 0);
        run(nextReport(0));
    }

    // ---- helpers

    function _signed() private returns (EpochReport memory report, Signature[] memory signatures) {
        warpToSettle(1);
        report = nextReport(0);
        signatures = signAll(quorum(), settlement.hashReport(report));
    }

    function _refuse(EpochReport memory report, bytes memory reason) private {
        Signature[] memory signatures = signAll(quorum(), settlement.hashReport(report));
        vm.expectRevert(reason);
        settlement.settle(report, quorum(), signatures);
    }

    function _refuseField(EpochReport memory report, bytes32 field) private {
        _refuse(report, abi.encodeWithSelector(IEpochSettlement.ReportMismatch.selector, field));
    }

    function _refuseSigners(uint32 mask, bytes4 selector) private {
        warpToSettle(1);
        EpochReport memory report = nextReport(0);
        Signature[] memory signatures = signAll(mask, settlement.hashReport(report));
        vm.expectPartialRevert(selector);
        settlement.settle(report, mask, signatures);
    }

    function _randomMask(uint32 seed, uint256 count) private pure returns (uint32 mask) {
        uint256 random = uint256(keccak256(abi.encode(seed)));
        while (count != 0) {
            uint32 bit = uint32(1) << uint32(random % 19);
            random = uint256(keccak256(abi.encode(random)));
            if (mask & bit != 0) continue;
            mask |= bit;
            --count;
        }
    }
}
