// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Pays owners what the active root says, as often and in such parts as they like.
/// Settlement: replaces the root at activation. Admin: the breaker's multiple, within code bounds; names the guardian.
/// Guardian: pauses claims for a while. Nobody can take, redirect or delay tokens otherwise.
///
/// Breaker: the outflow level rises by each claim and drains linearly, the whole cap within `window`. A claim that would
/// lift it above the cap is refused, but a part of it may pass. The cap is set at each activation to
/// max(multiple * mint of the epoch, a tenth of all tokens held), so that a small epoch never locks old rewards in.
interface IRewardDistributor {
    struct Claim {
        uint256 index;
        address account;
        uint256 cumulative;
        uint256 prefixSum;
        uint256 amount;
        bytes32[] proof;
    }

    event DistributorConfigured(uint32 window, uint32 maxPause);
    event RootActivated(bytes32 root, uint256 cumulative, uint256 outflowCap);
    event Claimed(address indexed account, address indexed recipient, uint256 amount, uint256 claimed);
    event RecipientSet(address indexed account, address indexed recipient);
    event CapMultipleSet(uint32 capMultiple);
    event Paused(uint256 until);
    event Unpaused();

    error CumulativeFell(uint256 cumulative, uint256 previous);
    error NothingOwed(address account);
    error AmountExceedsOwed(uint256 amount, uint256 owed);
    error OutflowCapExceeded(uint256 amount, uint256 available);
    error ClaimsPaused(uint256 until);
    error PauseTooSoon(uint256 earliest);

    /// @notice Pays `amount` of what `account` is owed, type(uint256).max meaning all, to it or to its recipient.
    /// Anyone may call.
    function claim(
        uint256 index,
        address account,
        uint256 cumulative,
        uint256 prefixSum,
        uint256 amount,
        bytes32[] calldata proof
    ) external returns (uint256 paid);

    /// @notice Several claims at once. Those owed nothing pass without effect, so that nobody can spoil a batch by
    /// claiming one of it first.
    function claimMany(Claim[] calldata claims) external returns (uint256 paid);

    /// @notice Sends the caller's future claims to `recipient`; address 0 means to himself.
    function setRecipient(address recipient) external;

    /// @notice Replaces the root; tokens of the epoch must have been minted to this contract. Settlement only.
    function activate(bytes32 root, uint256 cumulative) external;

    /// @notice Multiple of the epoch's mint that may leave within a window, 1 to 20; from the next activation on. Admin.
    function setCapMultiple(uint32 multiple) external;

    /// @notice Stops claims for at most `maxPause` seconds. The next pause may begin `maxPause` after this one's end.
    /// Guardian only.
    function pause(uint256 duration) external;

    /// @notice Ends a pause. Guardian or admin.
    function unpause() external;

    /// @notice What `account` has been paid so far.
    function claimed(address account) external view returns (uint256);

    /// @notice Where claims of `account` go.
    function recipientOf(address account) external view returns (address);

    /// @notice What the breaker would let out now.
    function available() external view returns (uint256);
}
