// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {H3Cell} from "../src/H3Cell.sol";
import {bound, vm} from "./Vm.sol";

contract H3CellTest {
    function test_isPublic_realCells_areTaken() public pure {
        // Indexes from the h3geo.org documentation and test files.
        vm.assertTrue(H3Cell.isPublic(0x8001fffffffffff)); // base cell 0, resolution 0
        vm.assertTrue(H3Cell.isPublic(0x80f3fffffffffff)); // base cell 121
        vm.assertTrue(H3Cell.isPublic(0x85283473fffffff)); // San Francisco, resolution 5
        vm.assertTrue(H3Cell.isPublic(0x881f1d4895fffff)); // Berlin, resolution 8
    }

    function test_isPublic_finerCell_isRefused() public pure {
        vm.assertFalse(H3Cell.isPublic(0x89283470c27ffff)); // resolution 9
        vm.assertFalse(H3Cell.isPublic(0x8f283473fffffff)); // resolution 15
    }

    function test_isPublic_otherModes_areRefused() public pure {
        vm.assertFalse(H3Cell.isPublic(0));
        vm.assertFalse(H3Cell.isPublic(0x115283473fffffff)); // directed edge
        vm.assertFalse(H3Cell.isPublic(0x225283473fffffff)); // vertex mode
        vm.assertFalse(H3Cell.isPublic(0x885283473fffffff)); // reserved top bit
    }

    function test_isPublic_baseCell122_isRefused() public pure {
        vm.assertFalse(H3Cell.isPublic(0x80f5fffffffffff));
    }

    function testFuzz_isPublic_wellFormed_isTaken(uint8 resolution, uint8 baseCell, uint256 seed) public pure {
        vm.assertTrue(H3Cell.isPublic(_cell(uint64(bound(resolution, 0, 8)), uint64(bound(baseCell, 0, 121)), seed)));
    }

    function testFuzz_isPublic_usedDigitSeven_isRefused(uint8 resolution, uint8 digit, uint256 seed) public pure {
        uint64 r = uint64(bound(resolution, 1, 8));
        uint64 shift = 3 * (15 - uint64(bound(digit, 1, r)));
        vm.assertFalse(H3Cell.isPublic(_cell(r, 20, seed) | (uint64(7) << shift)));
    }

    function testFuzz_isPublic_unusedDigitNotSeven_isRefused(uint8 resolution, uint8 digit, uint8 value, uint256 seed)
        public
        pure
    {
        uint64 r = uint64(bound(resolution, 0, 8));
        uint64 shift = 3 * (15 - uint64(bound(digit, r + 1, 15)));
        uint64 cell = _cell(r, 20, seed) & ~(uint64(7) << shift);
        vm.assertFalse(H3Cell.isPublic(cell | (uint64(value % 7) << shift)));
    }

    /// @dev A cell with digits 0 to 6 drawn from `seed`.
    function _cell(uint64 resolution, uint64 baseCell, uint256 seed) private pure returns (uint64 cell) {
        cell = (uint64(1) << 59) | (resolution << 52) | (baseCell << 45);
        for (uint64 digit = 1; digit <= 15; ++digit) {
            uint64 value = digit <= resolution ? uint64(uint256(keccak256(abi.encode(seed, digit))) % 7) : 7;
            cell |= value << (3 * (15 - digit));
        }
    }
}
