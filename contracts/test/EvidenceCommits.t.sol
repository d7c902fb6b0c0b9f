// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {OracleQuorum, Signature} from "../src/OracleQuorum.sol";
import {IEpochSettlement} from "../src/interfaces/IEpochSettlement.sol";
import {Network} from "./Network.sol";
import {bound, vm} from "./Vm.sol";

contract EvidenceCommitsTest is Network {
    address private constant SECOND = address(0x6E2);
    bytes32 private constant MANIFEST = keccak256("manifest");

    function test_commit_certified_accumulates() public {
        warpToCommit(1);
        bytes32 first = keccak256(abi.encode(bytes32(0), GATEWAY, MANIFEST));
        Signature[] memory signatures = _certify(GATEWAY, 1, MANIFEST, 77);
        vm.prank(GATEWAY);
        vm.expectEmit(address(settlement));
        emit IEpochSettlement.EvidenceCommitted(1, GATEWAY, MANIFEST, 77, first);
        settlement.commitEvidence(1, MANIFEST, 77, quorum(), signatures);
        vm.assertEq(settlement.evidenceRoot(1), first);

        _add(SECOND);
        _commit(SECOND, 1, keccak256("second"));
        vm.assertEq(settlement.evidenceRoot(1), keccak256(abi.encode(first, SECOND, keccak256("second"))));
    }

    function testFuzz_commit_window_isGraceAfterEnd(uint256 time) public {
        time = bound(time, settlement.endOf(1) - 1 days, settlement.endOf(1) + 1 days);
        bool open = time >= settlement.endOf(1) && time < settlement.endOf(1) + GRACE;
        vm.warp(time);
        Signature[] memory signatures = _certify(GATEWAY, 1, MANIFEST, 1);
        vm.prank(GATEWAY);
        if (!open) vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.OutsideCommitWindow.selector, 1));
        settlement.commitEvidence(1, MANIFEST, 1, quorum(), signatures);
    }

    function test_commit_epochZero_reverts() public {
        vm.warp(START);
        Signature[] memory signatures = _certify(GATEWAY, 0, MANIFEST, 1);
        vm.prank(GATEWAY);
        vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.OutsideCommitWindow.selector, 0));
        settlement.commitEvidence(0, MANIFEST, 1, quorum(), signatures);
    }

    function test_commit_twice_reverts() public {
        warpToCommit(1);
        _commit(GATEWAY, 1, MANIFEST);
        _refuseSecond();
    }

    function test_commit_twiceAroundRemoval_reverts() public {
        warpToCommit(1);
        _commit(GATEWAY, 1, MANIFEST);
        vm.prank(ADMIN);
        settlement.removeGateway(GATEWAY);
        _add(GATEWAY);
        _refuseSecond();
    }

    function test_commit_everyEpoch_works() public {
        for (uint64 epoch = 1; epoch < 4; ++epoch) {
            warpToCommit(epoch);
            _commit(GATEWAY, epoch, MANIFEST);
        }
        vm.assertEq(settlement.evidenceRoot(3), keccak256(abi.encode(bytes32(0), GATEWAY, MANIFEST)));
    }

    function testFuzz_commit_byOthers_reverts(address caller) public {
        vm.assume(caller != GATEWAY);
        warpToCommit(1);
        Signature[] memory signatures = _certify(caller, 1, MANIFEST, 1);
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.NotGateway.selector, caller));
        settlement.commitEvidence(1, MANIFEST, 1, quorum(), signatures);
    }

    function test_commit_afterRemoval_reverts() public {
        vm.prank(ADMIN);
        settlement.removeGateway(GATEWAY);
        vm.assertFalse(settlement.isGateway(GATEWAY));
        warpToCommit(1);
        Signature[] memory signatures = _certify(GATEWAY, 1, MANIFEST, 1);
        vm.prank(GATEWAY);
        vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.NotGateway.selector, GATEWAY));
        settlement.commitEvidence(1, MANIFEST, 1, quorum(), signatures);
    }

    function test_commit_certificateOfOtherGateway_reverts() public {
        _add(SECOND);
        warpToCommit(1);
        Signature[] memory signatures = _certify(GATEWAY, 1, MANIFEST, 1);
        vm.prank(SECOND);
        vm.expectPartialRevert(OracleQuorum.WrongSigner.selector);
        settlement.commitEvidence(1, MANIFEST, 1, quorum(), signatures);
    }

    function test_commit_certificateOfOtherEpoch_reverts() public {
        warpToCommit(2);
        Signature[] memory signatures = _certify(GATEWAY, 1, MANIFEST, 1);
        vm.prank(GATEWAY);
        vm.expectPartialRevert(OracleQuorum.WrongSigner.selector);
        settlement.commitEvidence(2, MANIFEST, 1, quorum(), signatures);
    }

    function test_commit_otherByteCount_reverts() public {
        warpToCommit(1);
        Signature[] memory signatures = _certify(GATEWAY, 1, MANIFEST, 1);
        vm.prank(GATEWAY);
        vm.expectPartialRevert(OracleQuorum.WrongSigner.selector);
        settlement.commitEvidence(1, MANIFEST, 2, quorum(), signatures);
    }

    function test_commit_tooFewSigners_reverts() public {
        warpToCommit(1);
        uint32 mask = firstOracles(6);
        Signature[] memory signatures =
            signAll(mask, settlement.hashAvailability(settlement.configDigestAt(1), 1, GATEWAY, MANIFEST, 1));
        vm.prank(GATEWAY);
        vm.expectRevert(abi.encodeWithSelector(OracleQuorum.SignatureCount.selector, 6, 7));
        settlement.commitEvidence(1, MANIFEST, 1, mask, signatures);
    }

    function test_declareEmpty_withEvidence_rollsItForward() public {
        warpToCommit(1);
        _commit(GATEWAY, 1, MANIFEST);
        warpToCommit(2);
        _commit(GATEWAY, 2, keccak256("second"));
        bytes32 rolled = settlement.evidenceRoot(1);
        bytes32 next = keccak256(abi.encode(settlement.evidenceRoot(2), rolled));

        vm.warp(settlement.endOf(1) + EMPTY_AFTER);
        vm.prank(ADMIN);
        vm.expectEmit(address(settlement));
        emit IEpochSettlement.EpochDeclaredEmpty(1, rolled, next);
        settlement.declareEmpty(1);

        vm.assertEq(settlement.evidenceRoot(2), next);
        run(nextReport(1e18)); // signs for both
    }

    function test_addGateway_twice_reverts() public {
        vm.prank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.AlreadyGateway.selector, GATEWAY));
        settlement.addGateway(GATEWAY, "");
    }

    function test_removeGateway_unknown_reverts() public {
        vm.prank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.NotGateway.selector, SECOND));
        settlement.removeGateway(SECOND);
    }

    function _add(address gateway) private {
        vm.prank(ADMIN);
        settlement.addGateway(gateway, "https://second.example");
    }

    function _certify(address gateway, uint64 epoch, bytes32 manifest, uint64 byteCount)
        private
        view
        returns (Signature[] memory)
    {
        bytes32 digest = settlement.configDigestAt(epoch);
        return signAll(quorum(), settlement.hashAvailability(digest, epoch, gateway, manifest, byteCount));
    }

    function _commit(address gateway, uint64 epoch, bytes32 manifest) private {
        Signature[] memory signatures = _certify(gateway, epoch, manifest, 1);
        vm.prank(gateway);
        settlement.commitEvidence(epoch, manifest, 1, quorum(), signatures);
    }

    function _refuseSecond() private {
        Signature[] memory signatures = _certify(GATEWAY, 1, keccak256("another"), 1);
        vm.prank(GATEWAY);
        vm.expectRevert(abi.encodeWithSelector(IEpochSettlement.AlreadyCommitted.selector, GATEWAY, 1));
        settlement.commitEvidence(1, keccak256("another"), 1, quorum(), signatures);
    }
}
