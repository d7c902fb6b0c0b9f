using System.Numerics;
using System.Text.Json;
using Turnpike.Core;
using Turnpike.Evm.Abi;

namespace Turnpike.Evm.Rpc;

/// <summary>What a mined transaction did.</summary>
public sealed record TransactionReceipt
{
    /// <summary>Hash of the transaction.</summary>
    public required Bytes32 TransactionHash { get; init; }

    /// <summary>The block that holds it.</summary>
    public required BlockPoint Block { get; init; }

    /// <summary>Place in the block.</summary>
    public required ulong TransactionIndex { get; init; }

    /// <summary>Sender.</summary>
    public required Address From { get; init; }

    /// <summary>Callee; null for a contract creation.</summary>
    public Address? To { get; init; }

    /// <summary>The contract created, if one was.</summary>
    public Address? ContractAddress { get; init; }

    /// <summary>False when execution reverted; the gas is paid all the same.</summary>
    public required bool Succeeded { get; init; }

    /// <summary>Gas this transaction used.</summary>
    public required ulong GasUsed { get; init; }

    /// <summary>Wei per gas paid; zero where the node does not say.</summary>
    public BigInteger EffectiveGasPrice { get; init; }

    /// <summary>Logs in order.</summary>
    public required IReadOnlyList<LogEntry> Logs { get; init; }

    internal static TransactionReceipt? Read(JsonElement receipt) => receipt.ValueKind == JsonValueKind.Null ? null : new()
    {
        TransactionHash = RpcJson.Hash(RpcJson.Property(receipt, "transactionHash"), "receipt.transactionHash"),
        Block = new BlockPoint(RpcJson.Number(receipt, "blockNumber", "receipt"), RpcJson.Hash(RpcJson.Property(receipt, "blockHash"), "receipt.blockHash")),
        TransactionIndex = RpcJson.Number(receipt, "transactionIndex", "receipt"),
        From = RpcJson.Account(RpcJson.Property(receipt, "from"), "receipt.from"),
        To = RpcJson.Optional(receipt, "to") is { } to ? RpcJson.Account(to, "receipt.to") : null,
        ContractAddress = RpcJson.Optional(receipt, "contractAddress") is { } created ? RpcJson.Account(created, "receipt.contractAddress") : null,
        Succeeded = RpcJson.Number(receipt, "status", "receipt") switch { 0 => false, 1 => true, _ => throw new FormatException("receipt.status is neither 0 nor 1") },
        GasUsed = RpcJson.Number(receipt, "gasUsed", "receipt"),
        EffectiveGasPrice = RpcJson.Optional(receipt, "effectiveGasPrice") is { } price ? RpcJson.BigNumber(price, "receipt.effectiveGasPrice") : 0,
        Logs = RpcJson.Array(RpcJson.Property(receipt, "logs"), "receipt.logs", LogFilter.ReadLog),
    };
}
