using System.Numerics;
using System.Text.Json;
using Turnpike.Core;

namespace Turnpike.Evm.Rpc;

/// <summary>A place on the chain: enough to resume from, and to notice that it was reorganised away.</summary>
/// <param name="Number">Height.</param>
/// <param name="Hash">Hash of the block there.</param>
public readonly record struct BlockPoint(ulong Number, Bytes32 Hash)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Number} ({Hash})";
}

/// <summary>The header fields that Turnpike uses.</summary>
public sealed record BlockHeader
{
    /// <summary>Height.</summary>
    public required ulong Number { get; init; }

    /// <summary>Hash of the block.</summary>
    public required Bytes32 Hash { get; init; }

    /// <summary>Hash of the block before.</summary>
    public required Bytes32 ParentHash { get; init; }

    /// <summary>Unix seconds.</summary>
    public required ulong Timestamp { get; init; }

    /// <summary>Gas used by its transactions.</summary>
    public required ulong GasUsed { get; init; }

    /// <summary>Gas its transactions may use.</summary>
    public required ulong GasLimit { get; init; }

    /// <summary>Wei per gas burned (EIP-1559); null on chains without it.</summary>
    public BigInteger? BaseFeePerGas { get; init; }

    /// <summary>The beacon chain's randomness (EIP-4399); before the merge, and on most rollups, no randomness at all. Zero where the node gives none.</summary>
    public Bytes32 PrevRandao { get; init; }

    /// <summary>Number and hash.</summary>
    public BlockPoint Point => new(Number, Hash);

    internal static BlockHeader Read(JsonElement block) => new()
    {
        Number = RpcJson.Number(block, "number", "block"),
        Hash = RpcJson.Hash(RpcJson.Property(block, "hash"), "block.hash"),
        ParentHash = RpcJson.Hash(RpcJson.Property(block, "parentHash"), "block.parentHash"),
        Timestamp = RpcJson.Number(block, "timestamp", "block"),
        GasUsed = RpcJson.Number(block, "gasUsed", "block"),
        GasLimit = RpcJson.Number(block, "gasLimit", "block"),
        BaseFeePerGas = RpcJson.Optional(block, "baseFeePerGas") is { } fee ? RpcJson.BigNumber(fee, "block.baseFeePerGas") : null,
        PrevRandao = RpcJson.Optional(block, "mixHash") is { } mix ? RpcJson.Hash(mix, "block.mixHash") : Bytes32.Zero,
    };
}
