// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {InvalidParameter, Unauthorized} from "../src/Errors.sol";
import {create} from "./Artifacts.sol";
import {Network} from "./Network.sol";
import {vm} from "./Vm.sol";

contract NetworkTokenTest is Network {
    uint256 private constant KEY = 0xC0FFEE;

    function test_genesis_accounts_holdTheSupply() public view {
        vm.assertEq(token.balanceOf(ALICE), 1_000_000e18);
        vm.assertEq(token.balanceOf(BOB), 1_000e18);
        vm.assertEq(token.totalSupply(), 1_001_000e18);
        vm.assertEq(uint256(token.decimals()), 18);
    }

    function testFuzz_mint_byOthers_reverts(address caller) public {
        vm.assume(caller != address(emissions));
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(Unauthorized.selector, caller));
        token.mint(caller, 1);
    }

    function test_mint_beyond128Bits_reverts() public {
        uint256 room = type(uint128).max - token.totalSupply();
        vm.prank(address(emissions));
        token.mint(BOB, room);
        vm.prank(address(emissions));
        vm.expectPartialRevert(ERC20Votes.ERC20ExceededSafeSupply.selector);
        token.mint(BOB, 1);
    }

    function test_votes_clock_isTime() public {
        vm.prank(ALICE);
        token.delegate(ALICE);
        uint256 before = block.timestamp;
        vm.warp(before + 10);
        vm.prank(ALICE);
        token.transfer(CAROL, 400_000e18);
        vm.warp(before + 20);

        vm.assertEq(token.getPastVotes(ALICE, before + 9), 1_000_000e18);
        vm.assertEq(token.getPastVotes(ALICE, before + 10), 600_000e18);
        vm.assertEq(token.CLOCK_MODE(), "mode=timestamp");
    }

    function testFuzz_permit_signed_allows(uint96 amount) public {
        address owner = vm.addr(KEY);
        bytes32 digest = _permitDigest(owner, amount, 0);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, digest);
        token.permit(owner, BOB, amount, type(uint256).max, v, r, s);
        vm.assertEq(token.allowance(owner, BOB), amount);
        vm.assertEq(token.nonces(owner), 1);
    }

    function test_burn_own_reducesSupply() public {
        vm.prank(BOB);
        token.burn(10e18);
        vm.assertEq(token.totalSupply(), 1_000_990e18);
    }

    function test_construction_lengthsDiffer_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, bytes32("genesisAmounts")));
        create("NetworkToken", abi.encode("Toll", "TOLL", ALICE, new address[](1), new uint256[](0)));
    }

    function test_construction_noMinter_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, bytes32("minter")));
        create("NetworkToken", abi.encode("Toll", "TOLL", address(0), new address[](0), new uint256[](0)));
    }

    /// @dev ERC-2612, with the token's own name in the domain.
    function _permitDigest(address owner, uint256 amount, uint256 nonce) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Toll"),
                keccak256("1"),
                block.chainid,
                address(token)
            )
        );
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 permit = keccak256(abi.encode(typeHash, owner, BOB, amount, nonce, type(uint256).max));
        return keccak256(abi.encodePacked(hex"1901", domain, permit));
    }
}
