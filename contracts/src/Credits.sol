// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {CumulativeTree, Leaf} from "./CumulativeTree.sol";
import {EpochClock} from "./EpochClock.sol";
import {InvalidParameter, Unauthorized} from "./Errors.sol";
import {ICredits} from "./interfaces/ICredits.sol";
import {IPriceFeed} from "./interfaces/IPriceFeed.sol";

/// @title Credits
/// @notice See {ICredits}.
contract Credits is ICredits, EpochClock {
    /// @dev Token base units (1e18) * price units per USD (1e8) / credits per USD (1e5).
    uint256 private constant UNITS_PER_CREDIT = 1e21;
    /// @dev Beyond half, EMA - 2 * confidence would not be positive.
    uint256 private constant MAX_CONFIDENCE_BPS = 4_000;

    struct Deposit {
        uint128 balance;
        uint128 drawn;
    }

    address public immutable token;
    IPriceFeed public immutable priceFeed;
    address public immutable registry;
    address public immutable settlement;
    /// @notice Oldest price that still sells credits, seconds.
    uint64 public immutable maxPriceAge;
    /// @notice Widest confidence that still sells credits, in 1/10,000 of the EMA.
    uint64 public immutable maxConfidenceBps;

    /// @inheritdoc ICredits
    mapping(address account => uint256) public walletOf;
    mapping(address customer => Deposit) private _deposits;
    /// @inheritdoc ICredits
    mapping(uint64 epoch => uint256) public burnedIn;
    /// @inheritdoc ICredits
    uint256 public totalSupply;
    bytes32 public chargesRoot;
    uint256 public cumulativeCharges;

    constructor(
        address token_,
        IPriceFeed priceFeed_,
        address registry_,
        address settlement_,
        uint64 epochStart_,
        uint64 epochLength_,
        uint64 maxPriceAge_,
        uint64 maxConfidenceBps_
    ) EpochClock(epochStart_, epochLength_) {
        require(maxPriceAge_ != 0, InvalidParameter("maxPriceAge"));
        require(maxConfidenceBps_ <= MAX_CONFIDENCE_BPS, InvalidParameter("maxConfidenceBps"));
        token = token_;
        priceFeed = priceFeed_;
        registry = registry_;
        settlement = settlement_;
        maxPriceAge = maxPriceAge_;
        maxConfidenceBps = maxConfidenceBps_;
        emit CreditsConfigured(maxPriceAge_, maxConfidenceBps_);
    }

    /// @inheritdoc ICredits
    function buy(address to, uint256 tokenAmount, uint256 minCredits) public returns (uint256 credits) {
        credits = _burn(to, tokenAmount, minCredits);
        walletOf[to] += credits;
    }

    /// @inheritdoc ICredits
    function buyWithPermit(
        address to,
        uint256 tokenAmount,
        uint256 minCredits,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256 credits) {
        // Who copies the permit from the mempool only sets the allowance that the burn below needs anyway.
        try IERC20Permit(token).permit(msg.sender, address(this), tokenAmount, deadline, v, r, s) {} catch {}
        return buy(to, tokenAmount, minCredits);
    }

    /// @inheritdoc ICredits
    function buyAndDeposit(address customer, uint256 tokenAmount, uint256 minCredits)
        external
        returns (uint256 credits)
    {
        // As if through the caller's wallet, so that logs replay by one rule.
        credits = _burn(msg.sender, tokenAmount, minCredits);
        _addDeposit(msg.sender, customer, credits);
    }

    /// @inheritdoc ICredits
    function deposit(address customer, uint256 credits) external {
        _takeWallet(msg.sender, credits);
        _addDeposit(msg.sender, customer, credits);
    }

    /// @inheritdoc ICredits
    function spend(address payer, uint256 credits, bytes32 purpose) external {
        require(msg.sender == registry, Unauthorized(msg.sender));
        _takeWallet(payer, credits);
        totalSupply -= credits;
        emit Spent(payer, credits, purpose);
    }

    /// @inheritdoc ICredits
    function setCharges(bytes32 root, uint256 cumulative) external {
        require(msg.sender == settlement, Unauthorized(msg.sender));
        require(cumulative >= cumulativeCharges, ChargesFell(cumulative, cumulativeCharges));
        chargesRoot = root;
        cumulativeCharges = cumulative;
        emit ChargesSet(root, cumulative);
    }

    /// @inheritdoc ICredits
    function draw(Leaf[] calldata leaves, bytes32[][] calldata proofs) external {
        require(leaves.length == proofs.length, LengthMismatch());
        bytes32 root = chargesRoot;
        uint256 total;
        for (uint256 i; i < leaves.length; ++i) {
            Leaf calldata leaf = leaves[i];
            bytes32 leafHash = CumulativeTree.hash(leaf.index, leaf.account, leaf.cumulative, leaf.prefixSum);
            CumulativeTree.requireIncluded(root, leafHash, proofs[i]);
            total += _draw(leaf.account, leaf.cumulative);
        }
        totalSupply -= total;
    }

    /// @inheritdoc ICredits
    function quote(uint256 tokenAmount) public view returns (uint256 credits, uint256 price) {
        (,, uint256 ema, uint256 confidence, uint256 timestamp) = priceFeed.latest();
        uint256 age = block.timestamp - timestamp;
        require(age <= maxPriceAge, StalePrice(age, maxPriceAge));
        require(confidence * 10_000 <= ema * maxConfidenceBps, WidePrice(confidence, ema));
        price = ema - 2 * confidence;
        credits = Math.mulDiv(tokenAmount, price, UNITS_PER_CREDIT);
    }

    /// @inheritdoc ICredits
    function depositOf(address customer) external view returns (uint256) {
        return _deposits[customer].balance;
    }

    /// @inheritdoc ICredits
    function drawnOf(address customer) external view returns (uint256) {
        return _deposits[customer].drawn;
    }

    function _burn(address to, uint256 tokenAmount, uint256 minCredits) private returns (uint256 credits) {
        uint256 price;
        (credits, price) = quote(tokenAmount);
        require(credits != 0 && credits >= minCredits, TooFewCredits(credits, minCredits));

        uint64 epoch = currentEpoch();
        burnedIn[epoch] += tokenAmount;
        totalSupply += credits;
        emit Bought(msg.sender, to, tokenAmount, credits, price, epoch);

        // Our own token: reverts when it cannot burn, and calls nobody back.
        ERC20Burnable(token).burnFrom(msg.sender, tokenAmount);
    }

    function _addDeposit(address from, address customer, uint256 credits) private {
        Deposit storage account = _deposits[customer];
        account.balance += SafeCast.toUint128(credits);
        emit Deposited(from, customer, credits);
    }

    function _takeWallet(address payer, uint256 credits) private {
        uint256 available = walletOf[payer];
        require(available >= credits, InsufficientCredits(payer, available, credits));
        walletOf[payer] = available - credits;
    }

    function _draw(address customer, uint256 cumulative) private returns (uint256 amount) {
        Deposit memory account = _deposits[customer];
        uint256 deposited = uint256(account.balance) + account.drawn;
        uint256 target = Math.min(cumulative, deposited);
        if (target <= account.drawn) return 0;

        amount = target - account.drawn;
        _deposits[customer] = Deposit(uint128(deposited - target), SafeCast.toUint128(target));
        emit Drawn(customer, amount, cumulative, cumulative - target);
    }
}
