// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Leaf} from "../CumulativeTree.sol";

/// @notice Prepaid, non-transferable credits: 100,000 credits are one US dollar. Made only by burning tokens.
/// Every address has a wallet, spent on fees, and a deposit, spent on service. What is deposited is final.
/// There is no admin. Registry: may spend wallets. Settlement: sets the charges that anyone may draw with a proof.
interface ICredits {
    event CreditsConfigured(uint64 maxPriceAge, uint64 maxConfidenceBps);
    /// @param to Wallet that receives the credits; of buyAndDeposit it is the buyer's, and Deposited follows.
    event Bought(
        address indexed buyer, address indexed to, uint256 tokens, uint256 credits, uint256 price, uint64 indexed epoch
    );
    event Deposited(address indexed from, address indexed customer, uint256 credits);
    event Spent(address indexed payer, uint256 credits, bytes32 indexed purpose);
    event ChargesSet(bytes32 root, uint256 cumulative);
    /// @param cumulative The customer's charges since the beginning.
    /// @param shortfall Part of `cumulative` that his deposits do not cover.
    event Drawn(address indexed customer, uint256 amount, uint256 cumulative, uint256 shortfall);

    error StalePrice(uint256 age, uint256 maxAge);
    error WidePrice(uint256 confidence, uint256 ema);
    error TooFewCredits(uint256 credits, uint256 minCredits);
    error InsufficientCredits(address payer, uint256 available, uint256 needed);
    error ChargesFell(uint256 cumulative, uint256 previous);
    error LengthMismatch();

    /// @notice Burns `tokenAmount` base units of the caller and adds credits to the wallet of `to`.
    /// @dev The price is EMA - 2 * confidence; credits are rounded down.
    function buy(address to, uint256 tokenAmount, uint256 minCredits) external returns (uint256 credits);

    /// @notice `buy` with an ERC-2612 permit. A permit already used by a front-runner does no harm.
    function buyWithPermit(
        address to,
        uint256 tokenAmount,
        uint256 minCredits,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256 credits);

    /// @notice `buy` straight into the deposit of `customer`.
    function buyAndDeposit(address customer, uint256 tokenAmount, uint256 minCredits) external returns (uint256 credits);

    /// @notice Moves credits from the caller's wallet to the deposit of `customer`. Final.
    function deposit(address customer, uint256 credits) external;

    /// @notice Takes a fee from the wallet of `payer`. Registry only.
    function spend(address payer, uint256 credits, bytes32 purpose) external;

    /// @notice Replaces the tree of cumulative charges. Settlement only.
    function setCharges(bytes32 root, uint256 cumulative) external;

    /// @notice Burns deposits down to what the active charges say. Anyone may call; leaves with nothing to draw pass.
    function draw(Leaf[] calldata leaves, bytes32[][] calldata proofs) external;

    /// @notice Credits that `tokenAmount` base units buy now, rounded down, and the price used (USD, 8 decimals).
    function quote(uint256 tokenAmount) external view returns (uint256 credits, uint256 price);

    /// @notice Token base units burned through this contract in `epoch`. What is burned before epoch 1 counts for none.
    function burnedIn(uint64 epoch) external view returns (uint256);

    function walletOf(address account) external view returns (uint256);

    /// @notice Credits still in the deposit of `customer`.
    function depositOf(address customer) external view returns (uint256);

    /// @notice Charges drawn from the deposit of `customer` since the beginning.
    function drawnOf(address customer) external view returns (uint256);

    /// @notice All wallets and deposits.
    function totalSupply() external view returns (uint256);
}
