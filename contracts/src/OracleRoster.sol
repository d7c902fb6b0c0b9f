// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title A list of oracles kept as contract code.
/// @notice One cold code read (about 5 k gas for 19 oracles) replaces a cold storage read of 2,100 gas per signer.
/// @dev The code is `abi.encode(oracles)`. It begins with a zero byte, which is STOP, so a call does nothing.
contract OracleRoster {
    constructor(address[] memory oracles) {
        bytes memory code = abi.encode(oracles);
        assembly ("memory-safe") {
            return(add(code, 0x20), mload(code))
        }
    }
}

/// @notice Reads the list back.
function readRoster(address roster) view returns (address[] memory) {
    return abi.decode(roster.code, (address[]));
}
