using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>An EIP-2930 transaction.</summary>
public sealed record AccessListTransaction : Transaction
{
    /// <inheritdoc/>
    public override TransactionType Type => TransactionType.AccessList;

    /// <summary>The chain it is bound to.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>Price of a unit of gas, wei, below 2^256.</summary>
    public required BigInteger GasPrice { get; init => field = Word256.Check(value); }

    /// <summary>The recipient; null creates a contract.</summary>
    public Address? To { get; init; }

    /// <summary>Contracts and slots announced beforehand.</summary>
    public IReadOnlyList<AccessListEntry> AccessList { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(AccessListTransaction? other) => base.Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();

    internal static AccessListTransaction Read(ref RlpReader fields) => new()
    {
        ChainId = fields.ReadUInt64(),
        Nonce = fields.ReadUInt64(),
        GasPrice = fields.ReadUInt256(),
        GasLimit = fields.ReadUInt64(),
        To = fields.ReadOptionalAddress(),
        Value = fields.ReadUInt256(),
        Data = fields.ReadBytes().ToArray(),
        AccessList = AccessListEntry.ReadAll(ref fields),
    };

    private protected override void WriteFields(RlpWriter writer)
    {
        writer.WriteUInt64(ChainId);
        writer.WriteUInt64(Nonce);
        writer.WriteUInt256(GasPrice);
        writer.WriteUInt64(GasLimit);
        writer.WriteAddress(To);
        writer.WriteUInt256(Value);
        writer.WriteBytes(Data.Span);
        AccessListEntry.WriteAll(writer, AccessList);
    }
}
