// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The part of forge's cheat codes that these tests use.
interface Vm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function signP256(uint256 key, bytes32 digest) external pure returns (bytes32 r, bytes32 s);
    function publicKeyP256(uint256 key) external pure returns (uint256 x, uint256 y);
    function createWallet(uint256 key) external returns (Wallet memory);
    function getCode(string calldata artifact) external view returns (bytes memory);
    function getNonce(address account) external view returns (uint64);
    function computeCreateAddress(address deployer, uint256 nonce) external pure returns (address);
    function setEvmVersion(string calldata version) external;
    function chainId(uint256 id) external;
    function warp(uint256 timestamp) external;
    function roll(uint256 number) external;
    function prank(address sender) external;
    function startPrank(address sender) external;
    function stopPrank() external;
    function store(address target, bytes32 slot, bytes32 value) external;
    function mockCall(address target, bytes calldata data, bytes calldata result) external;
    function assume(bool condition) external pure;
    function expectRevert() external;
    function expectRevert(bytes4 selector) external;
    function expectRevert(bytes calldata data) external;
    function expectPartialRevert(bytes4 selector) external;
    function expectEmit() external;
    function expectEmit(address emitter) external;
    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
    function assertEq(uint256 a, uint256 b) external pure;
    function assertEq(uint256 a, uint256 b, string calldata what) external pure;
    function assertEq(bytes32 a, bytes32 b) external pure;
    function assertEq(address a, address b) external pure;
    function assertEq(bool a, bool b) external pure;
    function assertEq(string calldata a, string calldata b) external pure;
    function assertNotEq(bytes32 a, bytes32 b) external pure;
    function assertLe(uint256 a, uint256 b) external pure;
    function assertLe(uint256 a, uint256 b, string calldata what) external pure;
    function assertGe(uint256 a, uint256 b) external pure;
    function assertGt(uint256 a, uint256 b) external pure;
    function assertTrue(bool condition) external pure;
    function assertFalse(bool condition) external pure;

    struct Wallet {
        address addr;
        uint256 publicKeyX;
        uint256 publicKeyY;
        uint256 privateKey;
    }
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @notice `value` folded into [min, max], keeping it when it is already inside.
function bound(uint256 value, uint256 min, uint256 max) pure returns (uint256) {
    if (value >= min && value <= max) return value;
    if (max - min == type(uint256).max) return value;
    return min + value % (max - min + 1);
}
