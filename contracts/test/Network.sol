// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Credits} from "../src/Credits.sol";
import {Leaf} from "../src/CumulativeTree.sol";
import {DeviceRegistry} from "../src/DeviceRegistry.sol";
import {Emissions} from "../src/Emissions.sol";
import {EpochReport} from "../src/EpochReport.sol";
import {EpochSettlement} from "../src/EpochSettlement.sol";
import {NetworkToken} from "../src/NetworkToken.sol";
import {Signature} from "../src/OracleQuorum.sol";
import {PriceFeed} from "../src/PriceFeed.sol";
import {RewardDistributor} from "../src/RewardDistributor.sol";
import {IEpochSettlement} from "../src/interfaces/IEpochSettlement.sol";
import {Observation} from "../src/interfaces/IPriceFeed.sol";
import {create} from "./Artifacts.sol";
import {Trees} from "./Trees.sol";
import {vm} from "./Vm.sol";

/// @notice A whole network, wired as a deployer wires it: addresses are computed before anything exists.
abstract contract Network {
    uint64 internal constant START = 1_800_000_000;
    uint64 internal constant LENGTH = 1 days;
    uint64 internal constant GRACE = 1 hours;
    uint64 internal constant DELAY = 6 hours;
    uint64 internal constant EMPTY_AFTER = 3 days;
    uint16 internal constant VETO_MAX = 3;
    uint16 internal constant VETO_WINDOW = 30;
    uint64 internal constant MAX_PRICE_AGE = 2 hours;
    uint64 internal constant MAX_CONFIDENCE_BPS = 500;
    uint32 internal constant WINDOW = 1 days;
    uint32 internal constant MAX_PAUSE = 3 days;
    uint256 internal constant PER_EPOCH = 1_000e18;
    uint256 internal constant PER_EPOCH_LATER = 500e18;
    uint256 internal constant REEMISSION_CAP = 50e18;
    uint32 internal constant SMOOTHING = 7;
    uint256 internal constant ONBOARDING_FEE = 500_000;
    uint256 internal constant LOCATION_FEE = 100_000;
    /// @dev One dollar.
    uint64 internal constant PRICE = 1e8;
    bytes32 internal constant RULES = keccak256("rules 1");

    address internal constant ADMIN = address(0xAD);
    address internal constant GUARDIAN = address(0x6A);
    address internal constant GATEWAY = address(0x6E);
    address internal constant ALICE = address(0xA11CE);
    address internal constant BOB = address(0xB0B);
    address internal constant CAROL = address(0xCA401);
    address internal constant STRANGER = address(0x57);

    NetworkToken internal token;
    Emissions internal emissions;
    PriceFeed internal feed;
    Credits internal credits;
    DeviceRegistry internal registry;
    EpochSettlement internal settlement;
    RewardDistributor internal distributor;

    uint256[] internal oracleKeys;
    uint8 internal faulty;

    function setUp() public virtual {
        vm.warp(START - 1 hours);
        deploy(19, 6);
    }

    // ---- wiring

    function deploy(uint256 oracleCount, uint8 f) internal {
        uint256 nonce = vm.getNonce(address(this));
        token = NetworkToken(_future(nonce));
        emissions = Emissions(_future(nonce + 1));
        feed = PriceFeed(_future(nonce + 2));
        credits = Credits(_future(nonce + 3));
        registry = DeviceRegistry(_future(nonce + 4));
        distributor = RewardDistributor(_future(nonce + 5));
        settlement = EpochSettlement(_future(nonce + 6));

        faulty = f;
        delete oracleKeys;
        for (uint256 i; i < oracleCount; ++i) {
            oracleKeys.push(1_000 + i);
        }

        _newToken();
        _newEmissions();
        create("PriceFeed", abi.encode(settlement, PRICE, 1_000, 1 hours, 10 minutes, 1 minutes));
        create(
            "Credits", abi.encode(token, feed, registry, settlement, START, LENGTH, MAX_PRICE_AGE, MAX_CONFIDENCE_BPS)
        );
        create("DeviceRegistry", abi.encode("Devices", "DEV", credits, ONBOARDING_FEE, LOCATION_FEE, ADMIN));
        create("RewardDistributor", abi.encode(token, settlement, WINDOW, 5, MAX_PAUSE, ADMIN, GUARDIAN));
        create("EpochSettlement", abi.encode(parameters(f)));
    }

    function parameters(uint8 f) internal view returns (IEpochSettlement.Parameters memory p) {
        p.registry = address(registry);
        p.emissions = address(emissions);
        p.distributor = address(distributor);
        p.credits = address(credits);
        p.epochStart = START;
        p.epochLength = LENGTH;
        p.grace = GRACE;
        p.activationDelay = DELAY;
        p.emptyAfter = EMPTY_AFTER;
        p.admin = ADMIN;
        p.guardian = GUARDIAN;
        p.f = f;
        p.oracles = oracles();
        p.endpoints = new string[](p.oracles.length);
        p.rulesHash = RULES;
        p.gateways = new address[](1);
        p.gateways[0] = GATEWAY;
        p.gatewayUrls = new string[](1);
        p.gatewayUrls[0] = "https://gateway.example";
        p.vetoMax = VETO_MAX;
        p.vetoWindow = VETO_WINDOW;
    }

    function oracles() internal view returns (address[] memory list) {
        list = new address[](oracleKeys.length);
        for (uint256 i; i < list.length; ++i) {
            list[i] = vm.addr(oracleKeys[i]);
        }
    }

    // ---- time

    /// @notice To the first second in which `epoch` may be settled.
    function warpToSettle(uint64 epoch) internal {
        vm.warp(settlement.endOf(epoch) + GRACE);
    }

    function warpToCommit(uint64 epoch) internal {
        vm.warp(settlement.endOf(epoch));
    }

    // ---- signatures

    /// @notice A mask naming the first `count` oracles.
    function firstOracles(uint256 count) internal pure returns (uint32) {
        return uint32((1 << count) - 1);
    }

    /// @dev Calls nothing, so that it may stand between a cheat code and the call it is meant for.
    function quorum() internal view returns (uint32) {
        return firstOracles(uint256(faulty) + 1);
    }

    function sign(uint256 key, bytes32 digest) internal pure returns (Signature memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return Signature(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
    }

    function signAll(uint32 mask, bytes32 digest) internal view returns (Signature[] memory list) {
        list = new Signature[](bits(mask));
        uint256 next;
        for (uint256 i; i < 32; ++i) {
            if (mask & (1 << i) != 0) list[next++] = sign(oracleKeys[i], digest);
        }
    }

    function bits(uint32 mask) internal pure returns (uint256 count) {
        for (uint256 i; i < 32; ++i) {
            if (mask & (1 << i) != 0) ++count;
        }
    }

    // ---- one epoch

    /// @notice A report for the next epoch that agrees with the chain, pays `mint` to nobody yet and charges nothing.
    function nextReport(uint128 mint) internal view returns (EpochReport memory report) {
        report.networkId = registry.networkId();
        report.epoch = settlement.lastSettledEpoch() + 1;
        report.configDigest = settlement.configDigestAt(report.epoch);
        report.attempt = settlement.attempt();
        report.previousReportHash = settlement.lastReportHash();
        report.inputsHash = keccak256("inputs");
        report.evidenceRoot = settlement.evidenceRoot(report.epoch);
        report.rulesHash = settlement.rulesAt(report.epoch);
        report.outcomeHash = keccak256("outcome");
        report.rewardsRoot = keccak256("rewards");
        report.cumulativeRewards = settlement.cumulativeRewards() + mint;
        report.mint = mint;
        report.chargesRoot = keccak256("charges");
        report.cumulativeCharges = settlement.cumulativeCharges();
    }

    function settle(EpochReport memory report) internal {
        settlement.settle(report, quorum(), signAll(quorum(), settlement.hashReport(report)));
    }

    /// @notice Settles and activates; time moves to the activation.
    function run(EpochReport memory report) internal {
        if (block.timestamp < settlement.endOf(report.epoch) + GRACE) warpToSettle(report.epoch);
        settle(report);
        (,,, uint64 activatesAt) = settlement.pending();
        vm.warp(activatesAt);
        settlement.activate(report);
    }

    /// @notice One epoch that rewards as `cumulative` says; returns the leaves.
    function reward(address[] memory accounts, uint256[] memory cumulative) internal returns (Leaf[] memory list) {
        list = Trees.leaves(accounts, cumulative);
        uint256 sum;
        for (uint256 i; i < cumulative.length; ++i) {
            sum += cumulative[i];
        }
        EpochReport memory report = nextReport(uint128(sum - settlement.cumulativeRewards()));
        report.rewardsRoot = Trees.root(Trees.hashes(list));
        run(report);
    }

    /// @notice One epoch without rewards that charges as `cumulative` says; returns the leaves.
    function charge(address[] memory customers, uint256[] memory cumulative) internal returns (Leaf[] memory list) {
        list = Trees.leaves(customers, cumulative);
        EpochReport memory report = nextReport(0);
        report.cumulativeCharges = 0;
        for (uint256 i; i < cumulative.length; ++i) {
            report.cumulativeCharges += uint128(cumulative[i]);
        }
        report.chargesRoot = Trees.root(Trees.hashes(list));
        run(report);
    }

    // ---- prices

    /// @notice A round in which 2f + 1 oracles see `price` now.
    function feedPrice(uint128 price) internal {
        (bytes32 digest, uint8 f,) = settlement.oraclesAt(settlement.currentEpoch());
        (uint64 last,,,,) = feed.latest();
        uint32 mask = firstOracles(2 * uint256(f) + 1);
        Observation[] memory seen = new Observation[](2 * uint256(f) + 1);
        Signature[] memory signatures = new Signature[](seen.length);
        for (uint256 i; i < seen.length; ++i) {
            seen[i] = Observation(uint64(block.timestamp), price);
            signatures[i] = sign(oracleKeys[i], feed.hashObservation(digest, last + 1, seen[i]));
        }
        feed.submit(digest, last + 1, mask, seen, signatures);
    }

    // ---- private

    function _newToken() private {
        address[] memory accounts = new address[](2);
        uint256[] memory amounts = new uint256[](2);
        (accounts[0], accounts[1]) = (ALICE, BOB);
        (amounts[0], amounts[1]) = (1_000_000e18, 1_000e18);
        create("NetworkToken", abi.encode("Toll", "TOLL", emissions, accounts, amounts));
    }

    function _newEmissions() private {
        uint64[] memory from = new uint64[](2);
        uint256[] memory per = new uint256[](2);
        (from[0], from[1]) = (1, 10);
        (per[0], per[1]) = (PER_EPOCH, PER_EPOCH_LATER);
        create("Emissions", abi.encode(token, settlement, credits, from, per, REEMISSION_CAP, SMOOTHING));
    }

    function _future(uint256 nonce) private view returns (address) {
        return vm.computeCreateAddress(address(this), nonce);
    }
}

/// @notice Two-element arrays.
function pair(address a, address b) pure returns (address[] memory list) {
    list = new address[](2);
    (list[0], list[1]) = (a, b);
}

function pair(uint256 a, uint256 b) pure returns (uint256[] memory list) {
    list = new uint256[](2);
    (list[0], list[1]) = (a, b);
}
