// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EpochClock} from "./EpochClock.sol";
import {InvalidParameter} from "./Errors.sol";
import {Guarded} from "./Guarded.sol";
import {OracleRoster, readRoster} from "./OracleRoster.sol";
import {IEpochSettlement} from "./interfaces/IEpochSettlement.sol";

/// @title Which oracles and which rules are in force for an epoch.
/// @dev Entries are only appended. Of those with fromEpoch <= n the last one scheduled holds for n, so a later decision
/// replaces an earlier plan, and no past epoch changes, because fromEpoch lies two epochs ahead.
abstract contract NetworkSchedule is IEpochSettlement, EpochClock, Guarded {
    uint256 private constant MAX_ORACLES = 32;
    uint64 private constant NOTICE_EPOCHS = 2;

    struct Configuration {
        bytes32 digest;
        address roster;
        uint64 fromEpoch;
        uint8 f;
    }

    struct Rules {
        bytes32 rulesHash;
        uint64 fromEpoch;
    }

    Configuration[] private _configurations;
    Rules[] private _rules;

    constructor(Parameters memory p) {
        // From epoch 0, so that prices can be fed before the first epoch begins.
        _addOracles(p.oracles, p.f, p.endpoints, 0);
        _addRules(p.rulesHash, 0);
    }

    /// @inheritdoc IEpochSettlement
    function scheduleOracles(address[] calldata oracles, uint8 f, string[] calldata endpoints, uint64 fromEpoch)
        external
        onlyOwner
    {
        _requireNotice(fromEpoch);
        _addOracles(oracles, f, endpoints, fromEpoch);
    }

    /// @inheritdoc IEpochSettlement
    function scheduleRules(bytes32 rulesHash, uint64 fromEpoch) external onlyOwner {
        _requireNotice(fromEpoch);
        _addRules(rulesHash, fromEpoch);
    }

    /// @inheritdoc IEpochSettlement
    function oraclesAt(uint64 epoch) public view returns (bytes32 configDigest, uint8 f, address[] memory oracles) {
        Configuration storage configuration = _configurationAt(epoch);
        return (configuration.digest, configuration.f, readRoster(configuration.roster));
    }

    /// @inheritdoc IEpochSettlement
    function configDigestAt(uint64 epoch) external view returns (bytes32) {
        return _configurationAt(epoch).digest;
    }

    /// @inheritdoc IEpochSettlement
    function rulesAt(uint64 epoch) public view returns (bytes32) {
        // The first entry has fromEpoch 0, so the loop ends.
        uint256 i = _rules.length - 1;
        while (_rules[i].fromEpoch > epoch) --i;
        return _rules[i].rulesHash;
    }

    function _configurationAt(uint64 epoch) private view returns (Configuration storage) {
        uint256 i = _configurations.length - 1;
        while (_configurations[i].fromEpoch > epoch) --i;
        return _configurations[i];
    }

    function _requireNotice(uint64 fromEpoch) private view {
        require(fromEpoch >= currentEpoch() + NOTICE_EPOCHS, InvalidParameter("fromEpoch"));
    }

    function _addOracles(address[] memory oracles, uint8 f, string[] memory endpoints, uint64 fromEpoch) private {
        require(oracles.length <= MAX_ORACLES && oracles.length > 3 * uint256(f), InvalidParameter("oracles"));
        require(endpoints.length == oracles.length, InvalidParameter("endpoints"));
        for (uint256 i; i < oracles.length; ++i) {
            require(oracles[i] != address(0), InvalidParameter("oracles"));
            for (uint256 j; j < i; ++j) {
                require(oracles[i] != oracles[j], InvalidParameter("oracles"));
            }
        }

        uint256 number = _configurations.length + 1;
        bytes32 digest = keccak256(abi.encode(block.chainid, address(this), number, oracles, f));
        _configurations.push(Configuration(digest, address(new OracleRoster(oracles)), fromEpoch, f));
        emit OraclesScheduled(digest, fromEpoch, oracles, f, endpoints);
    }

    function _addRules(bytes32 rulesHash, uint64 fromEpoch) private {
        require(rulesHash != bytes32(0), InvalidParameter("rulesHash"));
        _rules.push(Rules(rulesHash, fromEpoch));
        emit RulesScheduled(rulesHash, fromEpoch);
    }
}
