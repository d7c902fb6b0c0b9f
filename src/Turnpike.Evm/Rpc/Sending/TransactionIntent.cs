using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm.Rpc;

/// <summary>Something an account wants done on chain: once, or until it is so.</summary>
public sealed record TransactionIntent
{
    /// <summary>The caller's name for it, stable over restarts, e.g. "settle/epoch/17"; at most 200 characters. The same id is never executed twice, unless <see cref="MayRepeat"/>.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// Whether the chain itself refuses a second execution, as a contract does that settles an epoch once. Such an intent, given again after its end, is sent anew when it reverted, and when a
    /// reorganisation deeper than the confirmations removed the block that held it. Default false: an end is an end.
    /// </summary>
    public bool MayRepeat { get; init; }

    /// <summary>Most wei per gas that this intent is worth; null for the account's cap, which bounds it in any case.</summary>
    public BigInteger? MaxFeePerGas { get; init; }

    /// <summary>Callee; null to create a contract.</summary>
    public Address? To { get; init; }

    /// <summary>Wei sent along.</summary>
    public BigInteger Value { get; init; }

    /// <summary>Calldata or creation code.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Gas limit; null to estimate, with a margin.</summary>
    public ulong? GasLimit { get; init; }

    // What must be equal when an id comes back; the gas limit may differ.
    internal Bytes32 Fingerprint()
    {
        var body = new byte[1 + Address.Length + 32 + Data.Length];
        if (To is { } to)
        {
            body[0] = 1;
            to.CopyTo(body.AsSpan(1));
        }
        Value.TryWriteBytes(body.AsSpan(1 + Address.Length), out _, isUnsigned: true);
        Data.Span.CopyTo(body.AsSpan(1 + Address.Length + 32));
        return Keccak256.Hash(body);
    }

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Id) || Id.Length > 200) throw new ArgumentException("An intent needs an id of 1 to 200 characters.");
        if (Value.Sign < 0 || Value.GetBitLength() > 256) throw new ArgumentException($"Intent '{Id}': a value has 0 to 256 bits.");
        if (To is null && Data.IsEmpty) throw new ArgumentException($"Intent '{Id}': no callee and no creation code.");
    }
}
