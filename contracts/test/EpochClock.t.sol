// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EpochClock} from "../src/EpochClock.sol";
import {InvalidParameter} from "../src/Errors.sol";
import {bound, vm} from "./Vm.sol";

contract Clock is EpochClock {
    constructor(uint64 start, uint64 length) EpochClock(start, length) {}
}

contract EpochClockTest {
    function test_epochAt_edges_belongToTheLaterEpoch() public {
        Clock clock = new Clock(1_000, 100);
        vm.assertEq(clock.epochAt(0), 0);
        vm.assertEq(clock.epochAt(999), 0);
        vm.assertEq(clock.epochAt(1_000), 1);
        vm.assertEq(clock.epochAt(1_099), 1);
        vm.assertEq(clock.epochAt(1_100), 2);
        vm.assertEq(clock.endOf(0), 1_000);
        vm.assertEq(clock.endOf(1), 1_100);
    }

    function test_currentEpoch_now_followsTheBlock() public {
        Clock clock = new Clock(1_000, 100);
        vm.warp(1_250);
        vm.assertEq(clock.currentEpoch(), 3);
    }

    function testFuzz_epochAt_everySecond_isInItsInterval(uint64 start, uint32 length, uint40 time) public {
        start = uint64(bound(start, 1, type(uint40).max));
        length = uint32(bound(length, 1, 366 days));
        Clock clock = new Clock(start, length);
        uint64 epoch = clock.epochAt(time);
        vm.assertTrue(time < clock.endOf(epoch));
        if (epoch != 0) vm.assertTrue(time >= clock.endOf(epoch - 1));
        else vm.assertTrue(time < start);
    }

    function test_construction_bounds_areChecked() public {
        vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, bytes32("epochStart")));
        new Clock(0, 1);
        vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, bytes32("epochLength")));
        new Clock(1, 0);
        vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, bytes32("epochLength")));
        new Clock(1, 366 days + 1);
    }
}
