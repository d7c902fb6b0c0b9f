using Turnpike.Core;

namespace Turnpike.Evm.Rpc;

/// <summary>What an operator should know about a sender. Numbers are stable; they become metric labels.</summary>
public enum SenderAlertCode
{
    /// <summary>The answer to a publication was lost; the identical bytes are published again.</summary>
    PublicationUncertain = 1,

    /// <summary>The pool lost a transaction; the identical bytes were published again.</summary>
    Dropped = 2,

    /// <summary>A transaction waited too long; one with higher fees and the same nonce was published.</summary>
    FeesRaised = 3,

    /// <summary>A transaction waits and its fees cannot be raised below the cap.</summary>
    FeeCapReached = 4,

    /// <summary>The account cannot pay for a transaction that is already signed.</summary>
    InsufficientFunds = 5,

    /// <summary>A nonce below a waiting transaction belonged to nobody; an empty transfer to itself fills it.</summary>
    GapFilled = 6,

    /// <summary>A transaction that is not ours holds or took a nonce: another program uses the key.</summary>
    ForeignTransaction = 7,

    /// <summary>A mined transaction disappeared in a reorganisation; it is watched again.</summary>
    Reorganised = 8,

    /// <summary>The node refuses a signed transaction for another reason; it is published again until that passes.</summary>
    Refused = 9,

    /// <summary>The endpoint fails; nothing moves until it is back.</summary>
    EndpointTrouble = 10,

    /// <summary>The account holds too little for the epochs to come; others submit in its stead until it is funded.</summary>
    LowFunds = 11,

    /// <summary>The account's key cannot sign now.</summary>
    SignerUnavailable = 12,

    /// <summary>What was reported earlier about funds or fees is over.</summary>
    Recovered = 13,
}

/// <summary>One alert.</summary>
/// <param name="Code">Which.</param>
/// <param name="Account">The sending account.</param>
/// <param name="Nonce">The nonce concerned, if one is.</param>
/// <param name="Message">What happened and what to do.</param>
public sealed record SenderAlert(SenderAlertCode Code, Address Account, ulong? Nonce, string Message);
