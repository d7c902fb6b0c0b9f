// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {EpochClock} from "./EpochClock.sol";
import {EpochReport, EpochReportHash} from "./EpochReport.sol";
import {InvalidParameter} from "./Errors.sol";
import {EvidenceCommits} from "./EvidenceCommits.sol";
import {Guarded} from "./Guarded.sol";
import {NetworkSchedule} from "./NetworkSchedule.sol";
import {OracleQuorum, Signature} from "./OracleQuorum.sol";
import {ICredits} from "./interfaces/ICredits.sol";
import {IEmissions} from "./interfaces/IEmissions.sol";
import {IEpochSettlement} from "./interfaces/IEpochSettlement.sol";
import {IRewardDistributor} from "./interfaces/IRewardDistributor.sol";

/// @title EpochSettlement
/// @notice See {IEpochSettlement}.
contract EpochSettlement is EvidenceCommits {
    struct Progress {
        uint64 lastSettledEpoch;
        uint64 activatesAt;
        uint32 attempt;
        uint32 vetoCount;
    }

    /// @notice keccak256(abi.encode(chain id, registry)).
    bytes32 public immutable networkId;
    IEmissions public immutable emissions;
    IRewardDistributor public immutable distributor;
    ICredits public immutable credits;
    /// @notice Seconds between report and activation.
    uint64 public immutable activationDelay;
    /// @notice Seconds after an epoch's end from which it may be declared empty.
    uint64 public immutable emptyAfter;
    /// @notice Most vetoes within `vetoWindow` epochs.
    uint16 public immutable vetoMax;
    uint16 public immutable vetoWindow;

    Progress private _progress;
    /// @dev Left in place after activation or veto, so that the slot never returns to zero: rewriting is cheaper.
    /// `activatesAt` says whether it counts.
    bytes32 private _pendingHash;
    /// @inheritdoc IEpochSettlement
    bytes32 public lastReportHash;
    uint128 public cumulativeRewards;
    uint128 public cumulativeCharges;
    /// @dev Ring of the epochs in which the last `vetoMax` vetoes fell.
    mapping(uint256 slot => uint64) private _vetoEpochs;

    constructor(Parameters memory p)
        EpochClock(p.epochStart, p.epochLength)
        Guarded(p.admin, p.guardian)
        NetworkSchedule(p)
        EvidenceCommits(p)
        EIP712("Turnpike", "1")
    {
        require(p.activationDelay <= p.epochLength, InvalidParameter("activationDelay"));
        require(p.emptyAfter > p.grace, InvalidParameter("emptyAfter"));
        require(p.vetoWindow != 0, InvalidParameter("vetoWindow"));
        networkId = keccak256(abi.encode(block.chainid, p.registry));
        emissions = IEmissions(p.emissions);
        distributor = IRewardDistributor(p.distributor);
        credits = ICredits(p.credits);
        activationDelay = p.activationDelay;
        emptyAfter = p.emptyAfter;
        vetoMax = p.vetoMax;
        vetoWindow = p.vetoWindow;
        _emitConfigured(p);
    }

    /// @inheritdoc IEpochSettlement
    function settle(EpochReport calldata report, uint32 signers, Signature[] calldata signatures) external {
        Progress memory progress = _progress;
        require(progress.activatesAt == 0, ReportPending(progress.lastSettledEpoch + 1));
        _requireNext(report.epoch, progress, grace);
        _requireMatch(report.attempt == progress.attempt, "attempt");
        _requireChainValues(report);
        bytes32 reportHash = _requireSigned(report, signers, signatures);

        progress.activatesAt = uint64(block.timestamp) + activationDelay;
        _progress = progress;
        _pendingHash = reportHash;
        emit EpochSettled(report.epoch, report.attempt, reportHash, report, signers);
    }

    /// @inheritdoc IEpochSettlement
    function activate(EpochReport calldata report) external {
        Progress memory progress = _requirePending(report.epoch);
        require(block.timestamp >= progress.activatesAt, TooEarly(progress.activatesAt));
        bytes32 reportHash = hashReport(report);
        _requireMatch(reportHash == _pendingHash, "reportHash");

        _close(progress);
        lastReportHash = reportHash;
        cumulativeRewards = report.cumulativeRewards;
        cumulativeCharges = report.cumulativeCharges;
        emit EpochActivated(report.epoch, reportHash, report.mint);

        // Minted before the distributor sizes its breaker by what it holds.
        emissions.mint(report.epoch, report.mint, address(distributor));
        distributor.activate(report.rewardsRoot, report.cumulativeRewards);
        credits.setCharges(report.chargesRoot, report.cumulativeCharges);
    }

    /// @inheritdoc IEpochSettlement
    function veto(uint64 epoch, string calldata reason) external onlyGuardian {
        Progress memory progress = _requirePending(epoch);
        _countVeto(progress);
        emit EpochVetoed(epoch, progress.attempt, _pendingHash, reason);

        progress.activatesAt = 0;
        ++progress.attempt;
        _progress = progress;
    }

    /// @inheritdoc IEpochSettlement
    function declareEmpty(uint64 epoch) external onlyOwner {
        Progress memory progress = _progress;
        require(progress.activatesAt == 0, ReportPending(progress.lastSettledEpoch + 1));
        _requireNext(epoch, progress, emptyAfter);

        _close(progress);
        (bytes32 rolled, bytes32 next) = _rollEvidence(epoch);
        emit EpochDeclaredEmpty(epoch, rolled, next);

        emissions.mint(epoch, 0, address(distributor));
    }

    /// @inheritdoc IEpochSettlement
    function lastSettledEpoch() external view returns (uint64) {
        return _progress.lastSettledEpoch;
    }

    /// @inheritdoc IEpochSettlement
    function attempt() external view returns (uint32) {
        return _progress.attempt;
    }

    /// @inheritdoc IEpochSettlement
    function pending() external view returns (uint64 epoch, uint32 attempt_, bytes32 reportHash, uint64 activatesAt) {
        Progress memory progress = _progress;
        if (progress.activatesAt == 0) return (0, 0, 0, 0);
        return (progress.lastSettledEpoch + 1, progress.attempt, _pendingHash, progress.activatesAt);
    }

    /// @inheritdoc IEpochSettlement
    function hashReport(EpochReport calldata report) public view returns (bytes32) {
        return _hashTypedDataV4(EpochReportHash.structHash(report));
    }

    /// @dev Everything in a report that the chain knows better.
    function _requireChainValues(EpochReport calldata report) private view {
        _requireMatch(report.networkId == networkId, "networkId");
        _requireMatch(report.previousReportHash == lastReportHash, "previousReportHash");
        _requireMatch(report.evidenceRoot == evidenceRoot[report.epoch], "evidenceRoot");
        _requireMatch(report.rulesHash == rulesAt(report.epoch), "rulesHash");
        // Checked arithmetic: an overflow reverts.
        _requireMatch(report.cumulativeRewards == cumulativeRewards + report.mint, "cumulativeRewards");
        _requireMatch(report.cumulativeCharges >= cumulativeCharges, "cumulativeCharges");
        uint256 allowance = emissions.allowance(report.epoch);
        require(report.mint <= allowance, MintExceedsAllowance(report.mint, allowance));
    }

    function _requireSigned(EpochReport calldata report, uint32 signers, Signature[] calldata signatures)
        private
        view
        returns (bytes32 reportHash)
    {
        (bytes32 configDigest, uint8 f, address[] memory oracles) = oraclesAt(report.epoch);
        _requireMatch(report.configDigest == configDigest, "configDigest");
        reportHash = hashReport(report);
        OracleQuorum.requireQuorum(oracles, uint256(f) + 1, reportHash, signers, signatures);
    }

    function _requireNext(uint64 epoch, Progress memory progress, uint64 wait) private view {
        require(epoch == progress.lastSettledEpoch + 1, WrongEpoch(epoch, progress.lastSettledEpoch + 1));
        uint256 earliest = endOf(epoch) + wait;
        require(block.timestamp >= earliest, TooEarly(earliest));
    }

    function _requirePending(uint64 epoch) private view returns (Progress memory progress) {
        progress = _progress;
        require(progress.activatesAt != 0 && epoch == progress.lastSettledEpoch + 1, NothingPending(epoch));
    }

    function _requireMatch(bool equal, bytes32 field) private pure {
        require(equal, ReportMismatch(field));
    }

    /// @dev The epoch after `lastSettledEpoch` is over; its successor starts with attempt 0.
    function _close(Progress memory progress) private {
        ++progress.lastSettledEpoch;
        progress.activatesAt = 0;
        progress.attempt = 0;
        _progress = progress;
    }

    /// @dev A veto is allowed when the one `vetoMax` vetoes before it lies a whole window back. Vetoes happen in epoch 2
    /// at the earliest, so 0 marks an unused place.
    function _countVeto(Progress memory progress) private {
        require(vetoMax != 0, VetoLimitReached(type(uint64).max));
        uint256 slot = progress.vetoCount++ % vetoMax;
        uint64 oldest = _vetoEpochs[slot];
        uint64 now_ = currentEpoch();
        require(oldest == 0 || now_ >= oldest + vetoWindow, VetoLimitReached(oldest + vetoWindow));
        _vetoEpochs[slot] = now_;
    }

    function _emitConfigured(Parameters memory p) private {
        emit SettlementConfigured(
            networkId,
            p.registry,
            p.epochStart,
            p.epochLength,
            p.grace,
            p.activationDelay,
            p.emptyAfter,
            p.vetoMax,
            p.vetoWindow
        );
    }
}
