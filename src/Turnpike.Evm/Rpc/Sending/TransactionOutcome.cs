using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm.Rpc;

/// <summary>How an intent ended.</summary>
public enum TransactionState
{
    /// <summary>Mined, executed, confirmed.</summary>
    Succeeded = 1,

    /// <summary>Mined and confirmed, but execution reverted: gas spent, nothing done. The intent is used up.</summary>
    Reverted = 2,

    /// <summary>Its nonce was consumed by a transaction of this account that is not ours: another program uses the key. Nothing of the intent was done; sending it again is safe.</summary>
    Replaced = 3,
}

/// <summary>The confirmed end of an intent.</summary>
public sealed record TransactionOutcome
{
    /// <summary>How it ended.</summary>
    public required TransactionState State { get; init; }

    /// <summary>The nonce it held.</summary>
    public required ulong Nonce { get; init; }

    /// <summary>The transaction that was mined; for <see cref="TransactionState.Replaced"/> the last one tried.</summary>
    public required Bytes32 TransactionHash { get; init; }

    /// <summary>Where it was mined; null for <see cref="TransactionState.Replaced"/>.</summary>
    public BlockPoint? Block { get; init; }

    /// <summary>Gas used.</summary>
    public ulong GasUsed { get; init; }

    /// <summary>Wei per gas paid.</summary>
    public BigInteger EffectiveGasPrice { get; init; }

    /// <summary>The contract created, if one was.</summary>
    public Address? ContractAddress { get; init; }
}
