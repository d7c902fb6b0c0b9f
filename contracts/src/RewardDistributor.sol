// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {CumulativeTree} from "./CumulativeTree.sol";
import {InvalidParameter, Unauthorized} from "./Errors.sol";
import {Guarded} from "./Guarded.sol";
import {IRewardDistributor} from "./interfaces/IRewardDistributor.sol";

/// @title RewardDistributor
/// @notice See {IRewardDistributor}.
contract RewardDistributor is IRewardDistributor, Guarded {
    uint32 private constant MAX_CAP_MULTIPLE = 20;
    uint256 private constant HELD_FRACTION = 10;

    /// @dev One slot, for one storage access in a claim. uint96 holds 79 billion whole tokens; the cap saturates there.
    struct Breaker {
        uint96 level;
        uint96 cap;
        uint32 updatedAt;
        uint32 pausedUntil;
    }

    struct Account {
        uint128 claimed;
        bool redirected;
    }

    IERC20 public immutable token;
    address public immutable settlement;
    /// @notice Seconds in which a full breaker drains.
    uint32 public immutable window;
    /// @notice Longest pause, and shortest time between pauses, seconds.
    uint32 public immutable maxPause;

    /// @notice Root that claims are proved against.
    bytes32 public root;
    /// @notice Sum of all leaves of `root`.
    uint128 public cumulativeRewards;
    uint32 public capMultiple;
    Breaker private _breaker;
    mapping(address account => Account) private _accounts;
    mapping(address account => address) private _recipients;

    constructor(
        IERC20 token_,
        address settlement_,
        uint32 window_,
        uint32 capMultiple_,
        uint32 maxPause_,
        address admin,
        address guardian_
    ) Guarded(admin, guardian_) {
        require(window_ != 0 && window_ <= 30 days, InvalidParameter("window"));
        require(maxPause_ != 0 && maxPause_ <= 30 days, InvalidParameter("maxPause"));
        token = token_;
        settlement = settlement_;
        window = window_;
        maxPause = maxPause_;
        emit DistributorConfigured(window_, maxPause_);
        _setCapMultiple(capMultiple_);
    }

    /// @inheritdoc IRewardDistributor
    function claim(
        uint256 index,
        address account,
        uint256 cumulative,
        uint256 prefixSum,
        uint256 amount,
        bytes32[] calldata proof
    ) external returns (uint256 paid) {
        CumulativeTree.requireIncluded(root, CumulativeTree.hash(index, account, cumulative, prefixSum), proof);
        paid = _pay(account, cumulative, amount);
        require(paid != 0, NothingOwed(account));
    }

    /// @inheritdoc IRewardDistributor
    function claimMany(Claim[] calldata claims) external returns (uint256 paid) {
        bytes32 activeRoot = root;
        for (uint256 i; i < claims.length; ++i) {
            Claim calldata c = claims[i];
            bytes32 leafHash = CumulativeTree.hash(c.index, c.account, c.cumulative, c.prefixSum);
            CumulativeTree.requireIncluded(activeRoot, leafHash, c.proof);
            paid += _pay(c.account, c.cumulative, c.amount);
        }
    }

    /// @inheritdoc IRewardDistributor
    function setRecipient(address recipient) external {
        _recipients[msg.sender] = recipient;
        _accounts[msg.sender].redirected = recipient != address(0);
        emit RecipientSet(msg.sender, recipient);
    }

    /// @inheritdoc IRewardDistributor
    function activate(bytes32 newRoot, uint256 cumulative) external {
        require(msg.sender == settlement, Unauthorized(msg.sender));
        require(cumulative >= cumulativeRewards, CumulativeFell(cumulative, cumulativeRewards));
        uint256 minted = cumulative - cumulativeRewards;
        // Overflow is impossible: minted tokens are below 2^128, the multiple below 2^32.
        uint256 cap = Math.max(minted * capMultiple, token.balanceOf(address(this)) / HELD_FRACTION);

        Breaker memory breaker = _drained();
        breaker.cap = uint96(Math.min(cap, type(uint96).max));
        _breaker = breaker;
        root = newRoot;
        cumulativeRewards = SafeCast.toUint128(cumulative);
        emit RootActivated(newRoot, cumulative, breaker.cap);
    }

    /// @inheritdoc IRewardDistributor
    function setCapMultiple(uint32 multiple) external onlyOwner {
        _setCapMultiple(multiple);
    }

    /// @inheritdoc IRewardDistributor
    function pause(uint256 duration) external onlyGuardian {
        require(duration != 0 && duration <= maxPause, InvalidParameter("duration"));
        uint256 last = _breaker.pausedUntil;
        // Pauses in a row would never expire.
        require(last == 0 || block.timestamp >= last + maxPause, PauseTooSoon(last + maxPause));
        _breaker.pausedUntil = uint32(block.timestamp + duration);
        emit Paused(block.timestamp + duration);
    }

    /// @inheritdoc IRewardDistributor
    function unpause() external {
        require(msg.sender == guardian || msg.sender == owner(), Unauthorized(msg.sender));
        if (_breaker.pausedUntil > block.timestamp) _breaker.pausedUntil = uint32(block.timestamp);
        emit Unpaused();
    }

    /// @inheritdoc IRewardDistributor
    function claimed(address account) external view returns (uint256) {
        return _accounts[account].claimed;
    }

    /// @inheritdoc IRewardDistributor
    function recipientOf(address account) external view returns (address) {
        return _accounts[account].redirected ? _recipients[account] : account;
    }

    /// @inheritdoc IRewardDistributor
    function available() external view returns (uint256) {
        Breaker memory breaker = _drained();
        return _room(breaker);
    }

    /// @notice End of the current or last pause, unix seconds; 0 when there was none.
    function pausedUntil() external view returns (uint256) {
        return _breaker.pausedUntil;
    }

    function _pay(address account, uint256 cumulative, uint256 amount) private returns (uint256) {
        Account memory state = _accounts[account];
        uint256 before = state.claimed;
        uint256 owed = cumulative > before ? cumulative - before : 0;
        if (amount == type(uint256).max) amount = owed;
        if (owed == 0 || amount == 0) return 0;
        require(amount <= owed, AmountExceedsOwed(amount, owed));

        _passBreaker(amount);
        state.claimed = SafeCast.toUint128(before + amount);
        _accounts[account] = state;
        address recipient = state.redirected ? _recipients[account] : account;
        emit Claimed(account, recipient, amount, before + amount);

        // Our own token: it reverts when it cannot pay, and calls nobody back.
        token.transfer(recipient, amount);
        return amount;
    }

    function _passBreaker(uint256 amount) private {
        Breaker memory breaker = _drained();
        require(block.timestamp >= breaker.pausedUntil, ClaimsPaused(breaker.pausedUntil));
        require(amount <= _room(breaker), OutflowCapExceeded(amount, _room(breaker)));
        // amount <= cap - level, so the sum fits uint96.
        breaker.level += uint96(amount);
        _breaker = breaker;
    }

    /// @dev The breaker with its level as of now; the part drained is rounded down.
    function _drained() private view returns (Breaker memory breaker) {
        breaker = _breaker;
        uint256 drained = Math.min(uint256(breaker.cap) * (block.timestamp - breaker.updatedAt) / window, breaker.level);
        breaker.level -= uint96(drained);
        breaker.updatedAt = uint32(block.timestamp);
    }

    function _room(Breaker memory breaker) private pure returns (uint256) {
        return breaker.cap > breaker.level ? breaker.cap - breaker.level : 0;
    }

    function _setCapMultiple(uint32 multiple) private {
        require(multiple != 0 && multiple <= MAX_CAP_MULTIPLE, InvalidParameter("capMultiple"));
        capMultiple = multiple;
        emit CapMultipleSet(multiple);
    }
}
