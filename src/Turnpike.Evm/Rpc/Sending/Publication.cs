namespace Turnpike.Evm.Rpc;

/// <summary>What a publication of signed bytes led to.</summary>
internal enum Publication
{
    /// <summary>The pool holds it.</summary>
    Accepted,

    /// <summary>No answer, or none that says whether the bytes were taken: they may be in a pool.</summary>
    Uncertain,

    /// <summary>Certainly not taken now, but the same bytes may be taken later (pool full, gap below).</summary>
    NotNow,

    /// <summary>Certainly not taken: the nonce is consumed.</summary>
    NonceConsumed,

    /// <summary>Certainly not taken: another transaction waits at the nonce.</summary>
    Occupied,

    /// <summary>Certainly not taken: the fees are below a floor.</summary>
    FeeTooLow,

    /// <summary>Certainly not taken: the account cannot pay.</summary>
    InsufficientFunds,

    /// <summary>Certainly not taken, for another reason.</summary>
    Refused,
}

internal static class Publications
{
    public static Publication Of(RpcFault fault) => fault switch
    {
        RpcFault.AlreadyKnown => Publication.Accepted,
        RpcFault.PoolFull or RpcFault.NonceTooHigh => Publication.NotNow,
        RpcFault.NonceTooLow => Publication.NonceConsumed,
        RpcFault.ReplacementUnderpriced => Publication.Occupied,
        RpcFault.FeeTooLow => Publication.FeeTooLow,
        RpcFault.InsufficientFunds => Publication.InsufficientFunds,
        RpcFault.Refused or RpcFault.Reverted or RpcFault.MethodUnsupported => Publication.Refused,
        // Everything else leaves open whether a node took the bytes, also a quota (some gateways count after forwarding) and a malformed answer.
        _ => Publication.Uncertain,
    };
}
