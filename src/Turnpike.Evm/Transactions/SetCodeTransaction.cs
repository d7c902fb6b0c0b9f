using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>An EIP-7702 transaction.</summary>
public sealed record SetCodeTransaction : Transaction
{
    /// <inheritdoc/>
    public override TransactionType Type => TransactionType.SetCode;

    /// <summary>The chain it is bound to.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>Most that goes to the block's proposer for a unit of gas, wei, below 2^256.</summary>
    public required BigInteger MaxPriorityFeePerGas { get; init => field = Word256.Check(value); }

    /// <summary>Most that is paid in all for a unit of gas, wei, below 2^256.</summary>
    public required BigInteger MaxFeePerGas { get; init => field = Word256.Check(value); }

    /// <summary>The recipient; this kind creates no contract.</summary>
    public required Address To { get; init; }

    /// <summary>Contracts and slots announced beforehand.</summary>
    public IReadOnlyList<AccessListEntry> AccessList { get; init; } = [];

    /// <summary>The consents it carries.</summary>
    public required IReadOnlyList<Authorization> Authorizations { get; init; }

    /// <inheritdoc/>
    public bool Equals(SetCodeTransaction? other) => base.Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();

    internal static SetCodeTransaction Read(ref RlpReader fields) => new()
    {
        ChainId = fields.ReadUInt64(),
        Nonce = fields.ReadUInt64(),
        MaxPriorityFeePerGas = fields.ReadUInt256(),
        MaxFeePerGas = fields.ReadUInt256(),
        GasLimit = fields.ReadUInt64(),
        To = fields.ReadAddress(),
        Value = fields.ReadUInt256(),
        Data = fields.ReadBytes().ToArray(),
        AccessList = AccessListEntry.ReadAll(ref fields),
        Authorizations = Authorization.ReadAll(ref fields),
    };

    private protected override void WriteFields(RlpWriter writer)
    {
        writer.WriteUInt64(ChainId);
        writer.WriteUInt64(Nonce);
        writer.WriteUInt256(MaxPriorityFeePerGas);
        writer.WriteUInt256(MaxFeePerGas);
        writer.WriteUInt64(GasLimit);
        writer.WriteAddress(To);
        writer.WriteUInt256(Value);
        writer.WriteBytes(Data.Span);
        AccessListEntry.WriteAll(writer, AccessList);
        Authorization.WriteAll(writer, Authorizations);
    }
}
