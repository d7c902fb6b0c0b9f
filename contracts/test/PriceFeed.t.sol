// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {InvalidParameter} from "../src/Errors.sol";
import {OracleQuorum, Signature} from "../src/OracleQuorum.sol";
import {PriceFeed} from "../src/PriceFeed.sol";
import {IPriceFeed, Observation} from "../src/interfaces/IPriceFeed.sol";
import {create} from "./Artifacts.sol";
import {Network} from "./Network.sol";
import {bound, vm} from "./Vm.sol";

contract PriceFeedTest is Network {
    uint64 private constant MAX_STEP_BPS = 1_000;
    uint64 private constant EMA_SECONDS = 1 hours;
    uint64 private constant MAX_AGE = 10 minutes;
    uint64 private constant MIN_INTERVAL = 1 minutes;

    function test_genesis_price_isRoundOne() public view {
        (uint64 round, uint256 price, uint256 ema, uint256 confidence, uint64 timestamp) = feed.latest();
        vm.assertEq(round, 1);
        vm.assertEq(price, PRICE);
        vm.assertEq(ema, PRICE);
        vm.assertEq(confidence, 0);
        vm.assertEq(timestamp, block.timestamp);
    }

    function test_submit_knownStep_equalsHandComputation() public {
        _later(20 minutes);
        feedPrice(105_000_000);
        // dt 1200, tau 3600: ema = floor((3600 * 1.00 + 1200 * 1.05) / 4800) = 1.0125; deviation 0.05 from the old
        // mean, weight 1/4.
        (uint64 round, uint256 price, uint256 ema, uint256 confidence,) = feed.latest();
        vm.assertEq(round, 2);
        vm.assertEq(price, 105_000_000);
        vm.assertEq(ema, 101_250_000);
        vm.assertEq(confidence, 1_250_000);
    }

    function test_submit_roundedValues_favourFewerCredits() public {
        _later(7 minutes);
        feedPrice(100_000_001);
        (,, uint256 ema, uint256 confidence,) = feed.latest();
        vm.assertEq(ema, 100_000_000); // down
        vm.assertEq(confidence, 1); // up
    }

    function test_submit_event_saysAll() public {
        _later(20 minutes);
        vm.expectEmit(address(feed));
        emit IPriceFeed.PriceUpdated(2, 105_000_000, 101_250_000, 1_250_000, uint64(block.timestamp));
        feedPrice(105_000_000);
    }

    function test_submit_steadyPrice_confidenceShrinksAndMeanArrives() public {
        _later(20 minutes);
        feedPrice(110_000_000);
        for (uint256 i; i < 60; ++i) {
            _later(10 minutes);
            feedPrice(110_000_000);
        }
        (, uint256 price, uint256 ema, uint256 confidence,) = feed.latest();
        vm.assertEq(price, 110_000_000);
        vm.assertGe(ema, 109_980_000);
        vm.assertLe(confidence, 100_000);
    }

    function test_submit_median_ignoresSixLiars() public {
        _later(20 minutes);
        Observation[] memory seen = _same(13, 101_000_000);
        for (uint256 i; i < 3; ++i) {
            seen[i].price = 1;
        }
        for (uint256 i = 3; i < 6; ++i) {
            seen[i].price = 18e18;
        }
        _submit(seen, firstOracles(13));
        (, uint256 price,,,) = feed.latest();
        vm.assertEq(price, 101_000_000);
    }

    function test_submit_evenCount_takesLowerMiddle() public {
        _later(20 minutes);
        Observation[] memory seen = _same(14, 101_000_000);
        for (uint256 i; i < 7; ++i) {
            seen[2 * i].price = 102_000_000;
        }
        _submit(seen, firstOracles(14));
        (, uint256 price,,,) = feed.latest();
        vm.assertEq(price, 101_000_000);
    }

    /// @dev Against a plain specification: how many values lie below and above.
    function testFuzz_submit_anyPrices_storesTheLowerMedian(uint64[13] memory prices) public {
        _later(20 minutes);
        Observation[] memory seen = _same(13, 0);
        for (uint256 i; i < 13; ++i) {
            // Within the step bound, so that the median itself is stored.
            prices[i] = uint64(bound(prices[i], 90_000_000, 110_000_000));
            seen[i].price = prices[i];
        }
        _submit(seen, firstOracles(13));
        (, uint256 price,,,) = feed.latest();
        uint256 below;
        uint256 above;
        for (uint256 i; i < 13; ++i) {
            if (prices[i] < price) ++below;
            if (prices[i] > price) ++above;
        }
        vm.assertLe(below, 6);
        vm.assertLe(above, 6);
    }

    function testFuzz_submit_anySequence_boundsHold(uint64[6] memory prices, uint16[6] memory waits) public {
        for (uint256 i; i < prices.length; ++i) {
            (, uint256 last, uint256 lastEma,,) = feed.latest();
            _later(bound(waits[i], MIN_INTERVAL, 40_000));
            feedPrice(uint128(bound(prices[i], 1, type(uint64).max)));
            (, uint256 price, uint256 ema, uint256 confidence,) = feed.latest();

            uint256 step = last * MAX_STEP_BPS / 10_000;
            vm.assertLe(price, last + step);
            vm.assertGe(price, last - step);
            // The mean lies between its old value and the price.
            vm.assertLe(ema, price > lastEma ? price : lastEma);
            vm.assertGe(ema, price > lastEma ? lastEma : price);
            vm.assertLe(confidence, price > ema ? price : ema);
        }
    }

    function test_submit_smallestPrice_canStillMove() public {
        feed = _new(1, MAX_STEP_BPS);
        _later(20 minutes);
        feedPrice(50);
        (, uint256 price,,,) = feed.latest();
        vm.assertEq(price, 2);
        _later(20 minutes);
        feedPrice(1);
        _later(20 minutes);
        feedPrice(1);
        (, price,,,) = feed.latest();
        vm.assertEq(price, 1);
    }

    function test_submit_largestPrice_doesNotOverflow() public {
        feed = _new(type(uint64).max, 5_000);
        _later(20 minutes);
        feedPrice(type(uint64).max);
        (, uint256 price,,,) = feed.latest();
        vm.assertEq(price, type(uint64).max);
    }

    // ---- refusals

    function test_submit_twoF_reverts() public {
        _later(20 minutes);
        _refuse(
            _same(12, PRICE), firstOracles(12), abi.encodeWithSelector(IPriceFeed.TooFewObservations.selector, 12, 13)
        );
    }

    function test_submit_wrongRound_reverts() public {
        _later(20 minutes);
        (bytes32 digest,,) = settlement.oraclesAt(0);
        vm.expectRevert(abi.encodeWithSelector(IPriceFeed.WrongRound.selector, 3, 2));
        feed.submit(digest, 3, 0, new Observation[](0), new Signature[](0));
    }

    function test_submit_otherConfiguration_reverts() public {
        _later(20 minutes);
        (bytes32 digest,,) = settlement.oraclesAt(0);
        vm.expectRevert(abi.encodeWithSelector(IPriceFeed.WrongConfiguration.selector, bytes32("x"), digest));
        feed.submit("x", 2, 0, new Observation[](0), new Signature[](0));
    }

    function test_submit_replay_reverts() public {
        _later(20 minutes);
        Observation[] memory seen = _same(13, PRICE);
        (bytes32 digest,,) = settlement.oraclesAt(0);
        Signature[] memory signatures = _sign(digest, 2, seen, firstOracles(13));
        feed.submit(digest, 2, firstOracles(13), seen, signatures);
        _later(20 minutes);
        vm.expectRevert(abi.encodeWithSelector(IPriceFeed.WrongRound.selector, 2, 3));
        feed.submit(digest, 2, firstOracles(13), seen, signatures);
    }

    function test_submit_changedPrice_reverts() public {
        _later(20 minutes);
        Observation[] memory seen = _same(13, PRICE);
        (bytes32 digest,,) = settlement.oraclesAt(0);
        Signature[] memory signatures = _sign(digest, 2, seen, firstOracles(13));
        seen[4].price += 1;
        vm.expectPartialRevert(OracleQuorum.WrongSigner.selector);
        feed.submit(digest, 2, firstOracles(13), seen, signatures);
    }

    function test_submit_fewerBits_reverts() public {
        _later(20 minutes);
        Observation[] memory seen = _same(13, PRICE);
        (bytes32 digest,,) = settlement.oraclesAt(0);
        Signature[] memory signatures = _sign(digest, 2, seen, firstOracles(13));
        vm.expectRevert(abi.encodeWithSelector(OracleQuorum.SignatureCount.selector, 12, 13));
        feed.submit(digest, 2, firstOracles(12), seen, signatures);
    }

    function test_submit_fewerSignatures_reverts() public {
        _later(20 minutes);
        (bytes32 digest,,) = settlement.oraclesAt(0);
        Observation[] memory seen = _same(13, PRICE);
        vm.expectRevert(abi.encodeWithSelector(OracleQuorum.SignatureCount.selector, 12, 13));
        feed.submit(digest, 2, firstOracles(13), seen, new Signature[](12));
    }

    function test_submit_oldObservation_reverts() public {
        _later(20 minutes);
        Observation[] memory seen = _same(13, PRICE);
        seen[12].timestamp = uint64(block.timestamp) - MAX_AGE - 1;
        _refuseTime(seen, 12);
    }

    function test_submit_futureObservation_reverts() public {
        _later(20 minutes);
        Observation[] memory seen = _same(13, PRICE);
        seen[0].timestamp = uint64(block.timestamp) + 1;
        _refuseTime(seen, 0);
    }

    function test_submit_tooSoon_reverts() public {
        _later(MIN_INTERVAL - 1);
        _refuseTime(_same(13, PRICE), 0);
    }

    function test_submit_zeroPrice_reverts() public {
        _later(20 minutes);
        _refuse(_same(13, 0), firstOracles(13), abi.encodeWithSelector(IPriceFeed.ObservationPrice.selector, 0, 0));
    }

    function test_submit_price65Bits_reverts() public {
        _later(20 minutes);
        uint128 price = uint128(type(uint64).max) + 1;
        _refuse(
            _same(13, price), firstOracles(13), abi.encodeWithSelector(IPriceFeed.ObservationPrice.selector, 0, price)
        );
    }

    function test_submit_newOraclesInForce_takesOnlyTheirs() public {
        address[] memory list = new address[](4);
        for (uint256 i; i < 4; ++i) {
            list[i] = vm.addr(2_000 + i);
        }
        vm.prank(ADMIN);
        settlement.scheduleOracles(list, 1, new string[](4), 2);
        bytes32 old = settlement.configDigestAt(1);
        bytes32 inForce = settlement.configDigestAt(2);
        vm.warp(settlement.endOf(1));

        Observation[] memory seen = _same(13, PRICE);
        Signature[] memory signatures = _sign(old, 2, seen, firstOracles(13));
        vm.expectRevert(abi.encodeWithSelector(IPriceFeed.WrongConfiguration.selector, old, inForce));
        feed.submit(old, 2, firstOracles(13), seen, signatures);

        for (uint256 i; i < 4; ++i) {
            oracleKeys[i] = 2_000 + i;
        }
        seen = _same(3, PRICE);
        feed.submit(inForce, 2, 14, seen, _sign(inForce, 2, seen, 14));
    }

    // ---- as a Chainlink feed

    function test_aggregator_lastRound_readsAsChainlink() public {
        _later(20 minutes);
        feedPrice(105_000_000);
        (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredIn) = feed.latestRoundData();
        vm.assertEq(id, 2);
        vm.assertEq(uint256(answer), 105_000_000);
        vm.assertEq(startedAt, block.timestamp);
        vm.assertEq(updatedAt, block.timestamp);
        vm.assertEq(answeredIn, 2);
        vm.assertEq(uint256(feed.decimals()), 8);
        vm.assertEq(feed.version(), 1);
        vm.assertEq(feed.description(), "Turnpike token / USD");
        (id, answer,,,) = feed.getRoundData(2);
        vm.assertEq(uint256(answer), 105_000_000);
    }

    function test_aggregator_olderRound_reverts() public {
        _later(20 minutes);
        feedPrice(PRICE);
        vm.expectRevert(abi.encodeWithSelector(IPriceFeed.RoundUnknown.selector, 1));
        feed.getRoundData(1);
    }

    function test_construction_bounds_areChecked() public {
        bytes32[5] memory names =
            [bytes32("initialPrice"), "maxStepBps", "emaSeconds", "maxObservationAge", "minInterval"];
        for (uint256 i; i < names.length; ++i) {
            uint256[5] memory p = [uint256(1), 1, 1, 1, 1];
            p[i] = 0;
            vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, names[i]));
            create("PriceFeed", abi.encode(settlement, p[0], p[1], p[2], p[3], p[4]));
        }
    }

    // ---- helpers

    function _new(uint64 price, uint64 maxStepBps) private returns (PriceFeed) {
        return
            PriceFeed(
                create("PriceFeed", abi.encode(settlement, price, maxStepBps, EMA_SECONDS, MAX_AGE, MIN_INTERVAL))
            );
    }

    function _later(uint256 seconds_) private {
        vm.warp(block.timestamp + seconds_);
    }

    function _same(uint256 count, uint128 price) private view returns (Observation[] memory seen) {
        seen = new Observation[](count);
        for (uint256 i; i < count; ++i) {
            seen[i] = Observation(uint64(block.timestamp), price);
        }
    }

    function _sign(bytes32 digest, uint64 round, Observation[] memory seen, uint32 mask)
        private
        view
        returns (Signature[] memory signatures)
    {
        signatures = new Signature[](seen.length);
        uint256 next;
        for (uint256 i; i < 32; ++i) {
            if (mask & (1 << i) == 0) continue;
            signatures[next] = sign(oracleKeys[i], feed.hashObservation(digest, round, seen[next]));
            ++next;
        }
    }

    function _submit(Observation[] memory seen, uint32 mask) private {
        (bytes32 digest,,) = settlement.oraclesAt(settlement.currentEpoch());
        feed.submit(digest, 2, mask, seen, _sign(digest, 2, seen, mask));
    }

    function _refuse(Observation[] memory seen, uint32 mask, bytes memory reason) private {
        (bytes32 digest,,) = settlement.oraclesAt(settlement.currentEpoch());
        Signature[] memory signatures = _sign(digest, 2, seen, mask);
        vm.expectRevert(reason);
        feed.submit(digest, 2, mask, seen, signatures);
    }

    function _refuseTime(Observation[] memory seen, uint256 index) private {
        _refuse(
            seen,
            firstOracles(13),
            abi.encodeWithSelector(IPriceFeed.ObservationTime.selector, index, seen[index].timestamp)
        );
    }
}
