namespace Turnpike.Evm.Rpc;

/// <summary>Why a JSON-RPC call gave no result. The numbers are stable: they are logged and become metric labels.</summary>
public enum RpcFault
{
    /// <summary>No complete HTTP answer: refused, reset, name not found, broken off.</summary>
    Transport = 1,

    /// <summary>No complete answer within the time-out.</summary>
    Timeout = 2,

    /// <summary>An HTTP status that is neither success, 429 nor 5xx: wrong address, missing or spent key.</summary>
    HttpStatus = 3,

    /// <summary>The provider's request quota is used up for now (HTTP 429 or its JSON-RPC equivalents).</summary>
    RateLimited = 4,

    /// <summary>The endpoint is in trouble itself: HTTP 5xx, resource unavailable, time-out inside the node.</summary>
    EndpointTrouble = 5,

    /// <summary>The answer exceeds the size limit.</summary>
    ResponseTooLarge = 6,

    /// <summary>The answer breaks JSON, JSON-RPC 2.0, or the shape the method promises.</summary>
    Malformed = 7,

    /// <summary>Two endpoints gave different answers to one critical read.</summary>
    Disagreement = 8,

    /// <summary>The endpoint is of another chain than the network.</summary>
    WrongChain = 9,

    /// <summary>The node refuses, for a reason that has no number of its own here; code and message say it.</summary>
    Refused = 10,

    /// <summary>Execution reverted; see <see cref="RpcException.Revert"/>.</summary>
    Reverted = 11,

    /// <summary>A log query covers too many blocks or results; a smaller range may pass.</summary>
    RangeRefused = 12,

    /// <summary>The node does not know that block: not there yet, pruned, or on an abandoned branch.</summary>
    UnknownBlock = 13,

    /// <summary>The node does not offer this method.</summary>
    MethodUnsupported = 14,

    /// <summary>The pool already holds this very transaction.</summary>
    AlreadyKnown = 20,

    /// <summary>The nonce was consumed by a mined transaction.</summary>
    NonceTooLow = 21,

    /// <summary>The node does not queue a transaction above a nonce gap.</summary>
    NonceTooHigh = 22,

    /// <summary>The pool holds another transaction of this nonce, and the new fees do not exceed its by the node's margin.</summary>
    ReplacementUnderpriced = 23,

    /// <summary>The fee is below the node's floor or the block's base fee.</summary>
    FeeTooLow = 24,

    /// <summary>The account cannot pay value plus gas limit times fee.</summary>
    InsufficientFunds = 25,

    /// <summary>The pool is full, for all or for this account.</summary>
    PoolFull = 26,
}
