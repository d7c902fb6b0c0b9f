// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice A constructor or setter argument is outside its permitted range.
/// @param name The argument's name, left aligned ASCII.
error InvalidParameter(bytes32 name);

/// @notice Only one named contract may call this.
error Unauthorized(address caller);
