// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {CumulativeTree, Leaf} from "../src/CumulativeTree.sol";
import {InvalidParameter, Unauthorized} from "../src/Errors.sol";
import {ICredits} from "../src/interfaces/ICredits.sol";
import {IPriceFeed} from "../src/interfaces/IPriceFeed.sol";
import {create} from "./Artifacts.sol";
import {Network, pair} from "./Network.sol";
import {Trees} from "./Trees.sol";
import {bound, vm} from "./Vm.sol";

contract CreditsTest is Network {
    uint256 private constant KEY = 0xC0FFEE;

    function setUp() public override {
        super.setUp();
        vm.prank(ALICE);
        token.approve(address(credits), type(uint256).max);
        vm.prank(BOB);
        token.approve(address(credits), type(uint256).max);
    }

    // ---- buying

    function test_buy_oneTokenAtOneDollar_is100000Credits() public {
        vm.prank(ALICE);
        vm.expectEmit(address(credits));
        emit ICredits.Bought(ALICE, BOB, 1e18, 100_000, PRICE, 0);
        credits.buy(BOB, 1e18, 100_000);
        vm.assertEq(credits.walletOf(BOB), 100_000);
        vm.assertEq(credits.totalSupply(), 100_000);
        vm.assertEq(token.totalSupply(), 1_001_000e18 - 1e18);
    }

    function testFuzz_buy_anyPrice_usesMeanMinusTwoConfidences(uint64 ema, uint64 confidence, uint96 tokens) public {
        ema = uint64(bound(ema, 1_000, 1e13));
        confidence = uint64(bound(confidence, 0, ema * MAX_CONFIDENCE_BPS / 10_000));
        tokens = uint96(bound(tokens, 1e18, 1_000_000e18));
        _mockPrice(ema * 2, ema, confidence, uint64(block.timestamp));
        uint256 expected = uint256(tokens) * (ema - 2 * confidence) / 1e21;
        vm.prank(ALICE);
        if (expected == 0) vm.expectRevert(abi.encodeWithSelector(ICredits.TooFewCredits.selector, 0, 0));
        uint256 got = credits.buy(ALICE, tokens, 0);
        vm.assertEq(got, expected);
        vm.assertEq(credits.walletOf(ALICE), expected);
    }

    /// @dev Splitting a purchase never gives more credits.
    function testFuzz_quote_split_neverGains(uint96 a, uint96 b) public view {
        (uint256 first,) = credits.quote(a);
        (uint256 second,) = credits.quote(b);
        (uint256 both,) = credits.quote(uint256(a) + b);
        vm.assertLe(first + second, both);
    }

    function test_buy_stalePrice_reverts() public {
        vm.warp(block.timestamp + MAX_PRICE_AGE);
        vm.prank(ALICE);
        credits.buy(ALICE, 1e18, 0);
        vm.warp(block.timestamp + 1);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ICredits.StalePrice.selector, MAX_PRICE_AGE + 1, MAX_PRICE_AGE));
        credits.buy(ALICE, 1e18, 0);
    }

    function test_buy_widePrice_reverts() public {
        uint64 widest = uint64(PRICE * MAX_CONFIDENCE_BPS / 10_000);
        _mockPrice(PRICE, PRICE, widest, uint64(block.timestamp));
        vm.prank(ALICE);
        credits.buy(ALICE, 1e18, 0);
        _mockPrice(PRICE, PRICE, widest + 1, uint64(block.timestamp));
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ICredits.WidePrice.selector, widest + 1, PRICE));
        credits.buy(ALICE, 1e18, 0);
    }

    function test_buy_fewerThanWanted_reverts() public {
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ICredits.TooFewCredits.selector, 100_000, 100_001));
        credits.buy(ALICE, 1e18, 100_001);
    }

    function test_buy_dustWorthNothing_reverts() public {
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ICredits.TooFewCredits.selector, 0, 0));
        credits.buy(ALICE, 1e12, 0);
    }

    function test_buy_withoutTokens_reverts() public {
        vm.prank(CAROL);
        token.approve(address(credits), type(uint256).max);
        vm.prank(CAROL);
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientBalance.selector);
        credits.buy(CAROL, 1e18, 0);
    }

    function test_buy_onlyOwnTokens_burns() public {
        // BOB approved, but CAROL calls.
        vm.prank(CAROL);
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientAllowance.selector);
        credits.buy(BOB, 1e18, 0);
    }

    function test_buyWithPermit_signed_needsNoApproval() public {
        address owner = _fund();
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, _permitDigest(owner, 5e18));
        vm.prank(owner);
        credits.buyWithPermit(owner, 5e18, 1, type(uint256).max, v, r, s);
        vm.assertEq(credits.walletOf(owner), 500_000);
    }

    function test_buyWithPermit_permitFrontRun_stillBuys() public {
        address owner = _fund();
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, _permitDigest(owner, 5e18));
        vm.prank(STRANGER);
        token.permit(owner, address(credits), 5e18, type(uint256).max, v, r, s);
        vm.prank(owner);
        credits.buyWithPermit(owner, 5e18, 1, type(uint256).max, v, r, s);
        vm.assertEq(credits.walletOf(owner), 500_000);
    }

    function test_buyWithPermit_badPermit_reverts() public {
        address owner = _fund();
        vm.prank(owner);
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientAllowance.selector);
        credits.buyWithPermit(owner, 5e18, 1, type(uint256).max, 27, bytes32("r"), bytes32("s"));
    }

    // ---- burns by epoch

    function test_burnedIn_epochs_areKeptApart() public {
        _buyAt(START - 1, 1e18);
        _buyAt(START, 2e18);
        _buyAt(START + LENGTH - 1, 4e18);
        _buyAt(START + LENGTH, 8e18);
        vm.assertEq(credits.burnedIn(0), 1e18);
        vm.assertEq(credits.burnedIn(1), 6e18);
        vm.assertEq(credits.burnedIn(2), 8e18);
    }

    function test_burnedIn_burnElsewhere_doesNotCount() public {
        vm.warp(START);
        vm.prank(ALICE);
        token.burn(1e18);
        vm.assertEq(credits.burnedIn(1), 0);
    }

    // ---- wallets and deposits

    function test_deposit_fromWallet_isMovedForGood() public {
        vm.startPrank(ALICE);
        credits.buy(ALICE, 1e18, 0);
        vm.expectEmit(address(credits));
        emit ICredits.Deposited(ALICE, BOB, 60_000);
        credits.deposit(BOB, 60_000);
        vm.assertEq(credits.walletOf(ALICE), 40_000);
        vm.assertEq(credits.depositOf(BOB), 60_000);
        vm.assertEq(credits.totalSupply(), 100_000);
    }

    function test_deposit_moreThanWallet_reverts() public {
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ICredits.InsufficientCredits.selector, ALICE, 0, 1));
        credits.deposit(ALICE, 1);
    }

    function test_buyAndDeposit_forCustomer_leavesNoWallet() public {
        vm.prank(ALICE);
        vm.expectEmit(address(credits));
        emit ICredits.Bought(ALICE, ALICE, 1e18, 100_000, PRICE, 0);
        credits.buyAndDeposit(BOB, 1e18, 0);
        vm.assertEq(credits.walletOf(ALICE), 0);
        vm.assertEq(credits.walletOf(BOB), 0);
        vm.assertEq(credits.depositOf(BOB), 100_000);
    }

    function test_spend_byRegistry_burnsWallet() public {
        vm.prank(ALICE);
        credits.buy(ALICE, 1e18, 0);
        vm.prank(address(registry));
        vm.expectEmit(address(credits));
        emit ICredits.Spent(ALICE, 30_000, "fee");
        credits.spend(ALICE, 30_000, "fee");
        vm.assertEq(credits.walletOf(ALICE), 70_000);
        vm.assertEq(credits.totalSupply(), 70_000);
    }

    function test_spend_deposit_isOutOfReach() public {
        vm.prank(ALICE);
        credits.buyAndDeposit(ALICE, 1e18, 0);
        vm.prank(address(registry));
        vm.expectRevert(abi.encodeWithSelector(ICredits.InsufficientCredits.selector, ALICE, 0, 1));
        credits.spend(ALICE, 1, "fee");
    }

    function testFuzz_spend_byOthers_reverts(address caller) public {
        vm.assume(caller != address(registry));
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(Unauthorized.selector, caller));
        credits.spend(ALICE, 0, "fee");
    }

    // ---- charges

    function test_draw_proved_takesOnlyTheDifference() public {
        _depositFor(BOB, 1_000_000);
        _drawAll(charge(pair(BOB, CAROL), pair(300_000, 0)));
        vm.assertEq(credits.depositOf(BOB), 700_000);
        vm.assertEq(credits.drawnOf(BOB), 300_000);

        Leaf[] memory leaves = charge(pair(BOB, CAROL), pair(350_000, 0));
        vm.expectEmit(address(credits));
        emit ICredits.Drawn(BOB, 50_000, 350_000, 0);
        _drawAll(leaves);
        vm.assertEq(credits.depositOf(BOB), 650_000);
        vm.assertEq(credits.totalSupply(), 650_000);
    }

    function test_draw_again_changesNothing() public {
        _depositFor(BOB, 1_000_000);
        Leaf[] memory leaves = charge(pair(BOB, CAROL), pair(300_000, 0));
        _drawAll(leaves);
        _drawAll(leaves);
        vm.assertEq(credits.depositOf(BOB), 700_000);
    }

    function test_draw_moreThanDeposited_stopsAtZeroAndSaysShortfall() public {
        _depositFor(BOB, 100_000);
        Leaf[] memory leaves = charge(pair(BOB, CAROL), pair(160_000, 0));
        vm.expectEmit(address(credits));
        emit ICredits.Drawn(BOB, 100_000, 160_000, 60_000);
        _drawAll(leaves);
        vm.assertEq(credits.depositOf(BOB), 0);

        // A later deposit covers it.
        _depositFor(BOB, 100_000);
        _drawAll(leaves);
        vm.assertEq(credits.depositOf(BOB), 40_000);
        vm.assertEq(credits.drawnOf(BOB), 160_000);
    }

    function test_draw_wallet_isNotTouched() public {
        vm.prank(BOB);
        credits.buy(BOB, 1e18, 0);
        _drawAll(charge(pair(BOB, CAROL), pair(50_000, 0)));
        vm.assertEq(credits.walletOf(BOB), 100_000);
    }

    function test_draw_wrongLeaf_reverts() public {
        _depositFor(BOB, 100_000);
        Leaf[] memory leaves = charge(pair(BOB, CAROL), pair(10, 20));
        leaves[0].cumulative = 100_000;
        bytes32[][] memory proofs = new bytes32[][](2);
        vm.expectRevert(CumulativeTree.InvalidProof.selector);
        credits.draw(leaves, proofs);
    }

    function test_draw_beforeAnyCharges_reverts() public {
        vm.expectRevert(CumulativeTree.InvalidProof.selector);
        credits.draw(new Leaf[](1), new bytes32[][](1));
    }

    function test_draw_lengthsDiffer_reverts() public {
        vm.expectRevert(ICredits.LengthMismatch.selector);
        credits.draw(new Leaf[](1), new bytes32[][](0));
    }

    function test_setCharges_byOthers_reverts() public {
        vm.prank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(Unauthorized.selector, ADMIN));
        credits.setCharges(0, 0);
    }

    function test_setCharges_fallen_reverts() public {
        vm.startPrank(address(settlement));
        credits.setCharges("a", 5);
        vm.expectRevert(abi.encodeWithSelector(ICredits.ChargesFell.selector, 4, 5));
        credits.setCharges("b", 4);
    }

    function testFuzz_draw_anyCharges_conservesCredits(uint40[4] memory deposits, uint40[4] memory charges) public {
        uint256 expected;
        uint256 charged;
        for (uint256 i; i < 4; ++i) {
            _depositFor(BOB, bound(deposits[i], 1, 1e9));
            expected += bound(deposits[i], 1, 1e9);
            charged += charges[i];
            _drawAll(charge(pair(BOB, CAROL), pair(charged, 0)));
            vm.assertEq(credits.depositOf(BOB) + credits.drawnOf(BOB), expected);
            vm.assertEq(credits.drawnOf(BOB), charged < expected ? charged : expected);
            vm.assertEq(credits.totalSupply(), credits.depositOf(BOB));
        }
    }

    function test_construction_bounds_areChecked() public {
        vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, bytes32("maxPriceAge")));
        create("Credits", abi.encode(token, feed, registry, settlement, START, LENGTH, 0, 1));
        vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, bytes32("maxConfidenceBps")));
        create("Credits", abi.encode(token, feed, registry, settlement, START, LENGTH, 1, 4_001));
    }

    // ---- helpers

    function _buyAt(uint256 time, uint256 tokens) private {
        vm.warp(time);
        _mockPrice(PRICE, PRICE, 0, uint64(time));
        vm.prank(ALICE);
        credits.buy(ALICE, tokens, 0);
    }

    function _depositFor(address customer, uint256 amount) private {
        _mockPrice(PRICE, PRICE, 0, uint64(block.timestamp));
        vm.prank(ALICE);
        credits.buyAndDeposit(customer, amount * 1e13, 0);
    }

    function _drawAll(Leaf[] memory leaves) private {
        bytes32[] memory hashes = Trees.hashes(leaves);
        bytes32[][] memory proofs = new bytes32[][](leaves.length);
        for (uint256 i; i < leaves.length; ++i) {
            proofs[i] = Trees.proof(hashes, i);
        }
        credits.draw(leaves, proofs);
    }

    function _mockPrice(uint64 price, uint64 ema, uint64 confidence, uint64 time) private {
        vm.mockCall(
            address(feed), abi.encodeCall(IPriceFeed.latest, ()), abi.encode(uint64(9), price, ema, confidence, time)
        );
    }

    function _fund() private returns (address owner) {
        owner = vm.addr(KEY);
        vm.prank(ALICE);
        token.transfer(owner, 100e18);
    }

    function _permitDigest(address owner, uint256 amount) private view returns (bytes32) {
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 permit = keccak256(abi.encode(typeHash, owner, credits, amount, 0, type(uint256).max));
        return keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), permit));
    }
}
