// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Shape of a public H3 cell index.
/// @notice Bit layout of an H3 index (h3geo.org, "H3 Index"): 1 reserved, 4 mode, 3 reserved, 4 resolution, 7 base cell,
/// then 15 digits of 3 bits, coarse to fine.
library H3Cell {
    /// @dev Finest public resolution: about 0.7 km2. Finer places are only committed to.
    uint64 internal constant MAX_RESOLUTION = 8;

    uint64 private constant MODE_CELL = 1;
    uint64 private constant BASE_CELLS = 122;
    uint64 private constant DIGITS = 15;

    /// @notice Whether `index` is a cell of resolution 0 to 8.
    /// @dev The deleted sub-sequence of the 12 pentagons is not looked at: such an index names no place, harms only
    /// its owner, and admission refuses it.
    function isPublic(uint64 index) internal pure returns (bool) {
        uint64 resolution = (index >> 52) & 0xf;
        // The top byte holds both reserved fields and the mode.
        if (index >> 56 != MODE_CELL << 3 || resolution > MAX_RESOLUTION) return false;
        if ((index >> 45) & 0x7f >= BASE_CELLS) return false;

        uint64 unused = (uint64(1) << (3 * (DIGITS - resolution))) - 1;
        if (index & unused != unused) return false;
        for (uint64 digit = 1; digit <= resolution; ++digit) {
            if ((index >> (3 * (DIGITS - digit))) & 7 == 7) return false;
        }
        return true;
    }
}
