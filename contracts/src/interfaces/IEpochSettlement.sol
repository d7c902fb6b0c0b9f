// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EpochReport} from "../EpochReport.sol";
import {Signature} from "../OracleQuorum.sol";
import {IEpochClock} from "./IEpochClock.sol";

/// @notice Settles epochs, in order, by reports that f + 1 oracles signed.
///
/// States of epoch n, one at a time: open -> ended -> pending -> activated, or ended -> declared empty.
/// 1. In [end, end + grace) registered gateways commit evidence that f + 1 oracles certified to hold.
/// 2. From end + grace anyone submits a report with f + 1 signatures: pending. Nothing is minted.
/// 3. Within the activation delay the guardian may veto: ended again, attempt + 1. Old signatures are void.
/// 4. After it anyone activates: tokens are minted once, new roots replace the old.
/// 5. If nothing is settled until end + emptyAfter the admin may declare the epoch empty: it mints nothing and its
///    evidence rolls into the next. So no silence of oracles stops the network for ever.
/// A crash of any caller leaves one of these states; every step may be repeated by anyone who may take it.
///
/// Powers. Admin: oracles and rules from two epochs ahead on, gateways, empty epochs, names the guardian. Guardian:
/// vetoes of a pending report, at most `vetoMax` within `vetoWindow` epochs. Gateway: one commit per epoch.
interface IEpochSettlement is IEpochClock {
    /// @param registry DeviceRegistry; names the network.
    /// @param grace Seconds after an epoch's end in which evidence may be committed.
    /// @param activationDelay Seconds between report and activation; at most an epoch.
    /// @param emptyAfter Seconds after an epoch's end from which it may be declared empty.
    /// @param f Oracles that may lie; at least 3f + 1 oracles, at most 32.
    /// @param endpoints One URL per oracle.
    struct Parameters {
        address registry;
        address emissions;
        address distributor;
        address credits;
        uint64 epochStart;
        uint64 epochLength;
        uint64 grace;
        uint64 activationDelay;
        uint64 emptyAfter;
        address admin;
        address guardian;
        uint8 f;
        address[] oracles;
        string[] endpoints;
        bytes32 rulesHash;
        address[] gateways;
        string[] gatewayUrls;
        uint16 vetoMax;
        uint16 vetoWindow;
    }

    event SettlementConfigured(
        bytes32 indexed networkId,
        address registry,
        uint64 epochStart,
        uint64 epochLength,
        uint64 grace,
        uint64 activationDelay,
        uint64 emptyAfter,
        uint16 vetoMax,
        uint16 vetoWindow
    );
    /// @notice Of all configurations with fromEpoch <= n, the one scheduled last is in force for epoch n.
    event OraclesScheduled(
        bytes32 indexed configDigest, uint64 indexed fromEpoch, address[] oracles, uint8 f, string[] endpoints
    );
    /// @notice In force by the same rule.
    event RulesScheduled(bytes32 indexed rulesHash, uint64 indexed fromEpoch);
    event GatewayAdded(address indexed gateway, string url);
    event GatewayRemoved(address indexed gateway);
    event EvidenceCommitted(
        uint64 indexed epoch, address indexed gateway, bytes32 manifestHash, uint64 byteCount, bytes32 evidenceRoot
    );
    event EpochSettled(
        uint64 indexed epoch, uint32 indexed attempt, bytes32 indexed reportHash, EpochReport report, uint32 signers
    );
    event EpochActivated(uint64 indexed epoch, bytes32 indexed reportHash, uint256 mint);
    event EpochVetoed(uint64 indexed epoch, uint32 indexed attempt, bytes32 indexed reportHash, string reason);
    /// @param rolledRoot Evidence of this epoch, zero for none.
    /// @param newRoot Accumulator of the next epoch after it was added; unchanged when there was none.
    event EpochDeclaredEmpty(uint64 indexed epoch, bytes32 rolledRoot, bytes32 newRoot);

    error NotGateway(address caller);
    error AlreadyGateway(address gateway);
    error OutsideCommitWindow(uint64 epoch);
    error AlreadyCommitted(address gateway, uint64 epoch);
    error ReportPending(uint64 epoch);
    error NothingPending(uint64 epoch);
    error WrongEpoch(uint64 given, uint64 expected);
    error TooEarly(uint256 earliest);
    /// @param field Name of the report's member that differs from the chain's value.
    error ReportMismatch(bytes32 field);
    error MintExceedsAllowance(uint256 mint, uint256 allowance);
    error VetoLimitReached(uint64 nextEpoch);

    /// @notice Schedules oracles from an epoch at least two ahead on. Admin only.
    function scheduleOracles(address[] calldata oracles, uint8 f, string[] calldata endpoints, uint64 fromEpoch)
        external;

    /// @notice Schedules rules from an epoch at least two ahead on. Admin only.
    function scheduleRules(bytes32 rulesHash, uint64 fromEpoch) external;

    /// @notice Registers a gateway. Admin only.
    function addGateway(address gateway, string calldata url) external;

    /// @notice Removes a gateway; what it committed stays. Admin only.
    function removeGateway(address gateway) external;

    /// @notice Commits the caller's manifest of `epoch`, certified by exactly f + 1 oracles as EIP-712
    /// Availability(bytes32 configDigest,uint64 epoch,address gateway,bytes32 manifestHash,uint64 byteCount).
    /// Once per gateway and epoch.
    function commitEvidence(
        uint64 epoch,
        bytes32 manifestHash,
        uint64 byteCount,
        uint32 signers,
        Signature[] calldata signatures
    ) external;

    /// @notice Puts a report in the pending state. Anyone, with exactly f + 1 signatures.
    function settle(EpochReport calldata report, uint32 signers, Signature[] calldata signatures) external;

    /// @notice Activates the pending report after its delay. Anyone.
    function activate(EpochReport calldata report) external;

    /// @notice Voids the pending report of `epoch`. Guardian only, limited per window.
    function veto(uint64 epoch, string calldata reason) external;

    /// @notice Closes an epoch that nobody settled. `previousReportHash` of the next report stays the last activated
    /// report's hash. Admin only.
    function declareEmpty(uint64 epoch) external;

    /// @notice Last epoch activated or declared empty.
    function lastSettledEpoch() external view returns (uint64);

    /// @notice The report awaiting activation; `activatesAt` is 0 when there is none.
    function pending() external view returns (uint64 epoch, uint32 attempt, bytes32 reportHash, uint64 activatesAt);

    /// @notice Attempt number that the next report must carry.
    function attempt() external view returns (uint32);

    /// @notice Hash of the last activated report.
    function lastReportHash() external view returns (bytes32);

    /// @notice root' = keccak256(abi.encode(root, gateway, manifestHash)) for each certified commit, in order, from zero.
    function evidenceRoot(uint64 epoch) external view returns (bytes32);

    /// @notice Oracle configuration in force for `epoch`.
    function oraclesAt(uint64 epoch) external view returns (bytes32 configDigest, uint8 f, address[] memory oracles);

    /// @notice keccak256(abi.encode(chain id, this, number of the configuration from 1, oracles, f)).
    function configDigestAt(uint64 epoch) external view returns (bytes32);

    function rulesAt(uint64 epoch) external view returns (bytes32);

    /// @notice EIP-712 digest of a report: what oracles sign, and its name everywhere.
    function hashReport(EpochReport calldata report) external view returns (bytes32);

    /// @notice EIP-712 digest of an availability certificate.
    function hashAvailability(
        bytes32 configDigest,
        uint64 epoch,
        address gateway,
        bytes32 manifestHash,
        uint64 byteCount
    ) external view returns (bytes32);
}
