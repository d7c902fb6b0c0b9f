// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {InvalidParameter} from "./Errors.sol";
import {NetworkSchedule} from "./NetworkSchedule.sol";
import {OracleQuorum, Signature} from "./OracleQuorum.sol";
import {IEpochSettlement} from "./interfaces/IEpochSettlement.sol";

/// @title Gateways and the evidence they committed.
abstract contract EvidenceCommits is NetworkSchedule, EIP712 {
    bytes32 private constant AVAILABILITY_TYPEHASH = keccak256(
        "Availability(bytes32 configDigest,uint64 epoch,address gateway,bytes32 manifestHash,uint64 byteCount)"
    );

    struct Gateway {
        bool active;
        uint64 lastCommit;
    }

    /// @notice Seconds after an epoch's end in which evidence may be committed.
    uint64 public immutable grace;

    /// @inheritdoc IEpochSettlement
    mapping(uint64 epoch => bytes32) public evidenceRoot;
    mapping(address gateway => Gateway) private _gateways;

    constructor(Parameters memory p) {
        // Windows of two epochs never overlap, so one number per gateway remembers its last commit.
        require(p.grace != 0 && p.grace < epochLength, InvalidParameter("grace"));
        require(p.gateways.length == p.gatewayUrls.length, InvalidParameter("gatewayUrls"));
        grace = p.grace;
        for (uint256 i; i < p.gateways.length; ++i) {
            _addGateway(p.gateways[i], p.gatewayUrls[i]);
        }
    }

    /// @inheritdoc IEpochSettlement
    function addGateway(address gateway, string calldata url) external onlyOwner {
        _addGateway(gateway, url);
    }

    /// @inheritdoc IEpochSettlement
    function removeGateway(address gateway) external onlyOwner {
        require(_gateways[gateway].active, NotGateway(gateway));
        // lastCommit stays: removing and adding again must not allow a second commit.
        _gateways[gateway].active = false;
        emit GatewayRemoved(gateway);
    }

    /// @inheritdoc IEpochSettlement
    function commitEvidence(
        uint64 epoch,
        bytes32 manifestHash,
        uint64 byteCount,
        uint32 signers,
        Signature[] calldata signatures
    ) external {
        Gateway memory gateway = _gateways[msg.sender];
        require(gateway.active, NotGateway(msg.sender));
        uint256 end = endOf(epoch);
        require(epoch != 0 && block.timestamp >= end && block.timestamp < end + grace, OutsideCommitWindow(epoch));
        require(gateway.lastCommit != epoch, AlreadyCommitted(msg.sender, epoch));

        (bytes32 configDigest, uint8 f, address[] memory oracles) = oraclesAt(epoch);
        bytes32 digest = hashAvailability(configDigest, epoch, msg.sender, manifestHash, byteCount);
        OracleQuorum.requireQuorum(oracles, uint256(f) + 1, digest, signers, signatures);

        _gateways[msg.sender].lastCommit = epoch;
        bytes32 root = keccak256(abi.encode(evidenceRoot[epoch], msg.sender, manifestHash));
        evidenceRoot[epoch] = root;
        emit EvidenceCommitted(epoch, msg.sender, manifestHash, byteCount, root);
    }

    /// @inheritdoc IEpochSettlement
    function hashAvailability(
        bytes32 configDigest,
        uint64 epoch,
        address gateway,
        bytes32 manifestHash,
        uint64 byteCount
    ) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(abi.encode(AVAILABILITY_TYPEHASH, configDigest, epoch, gateway, manifestHash, byteCount))
        );
    }

    function isGateway(address account) external view returns (bool) {
        return _gateways[account].active;
    }

    /// @dev Moves the evidence of an epoch that will not be settled into the next one.
    function _rollEvidence(uint64 epoch) internal returns (bytes32 rolled, bytes32 next) {
        rolled = evidenceRoot[epoch];
        next = evidenceRoot[epoch + 1];
        if (rolled == bytes32(0)) return (rolled, next);
        next = keccak256(abi.encode(next, rolled));
        evidenceRoot[epoch + 1] = next;
    }

    function _addGateway(address gateway, string memory url) private {
        require(gateway != address(0), InvalidParameter("gateway"));
        require(!_gateways[gateway].active, AlreadyGateway(gateway));
        _gateways[gateway].active = true;
        emit GatewayAdded(gateway, url);
    }
}
