using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>An EIP-4844 transaction as blocks hold it; the blobs, commitments and proofs of its gossip form are not part of it.</summary>
public sealed record BlobTransaction : Transaction
{
    /// <inheritdoc/>
    public override TransactionType Type => TransactionType.Blob;

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

    /// <summary>Most that is paid for a unit of blob gas, wei, below 2^256.</summary>
    public required BigInteger MaxFeePerBlobGas { get; init => field = Word256.Check(value); }

    /// <summary>The versioned hash of each blob.</summary>
    public required IReadOnlyList<Bytes32> BlobVersionedHashes { get; init; }

    /// <inheritdoc/>
    public bool Equals(BlobTransaction? other) => base.Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();

    internal static BlobTransaction Read(ref RlpReader fields) => new()
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
        MaxFeePerBlobGas = fields.ReadUInt256(),
        BlobVersionedHashes = ReadHashes(ref fields),
    };

    private static List<Bytes32> ReadHashes(ref RlpReader fields)
    {
        var hashes = new List<Bytes32>();
        var list = fields.ReadList();
        while (!list.IsAtEnd) hashes.Add(list.ReadBytes32());
        fields.Leave(list);
        return hashes;
    }

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
        writer.WriteUInt256(MaxFeePerBlobGas);
        var list = writer.BeginList();
        foreach (var hash in BlobVersionedHashes) writer.WriteBytes32(hash);
        writer.EndList(list);
    }
}
