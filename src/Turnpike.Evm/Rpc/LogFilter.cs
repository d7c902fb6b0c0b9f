using System.Text.Json;
using System.Text.Json.Nodes;
using Turnpike.Core;
using Turnpike.Evm.Abi;

namespace Turnpike.Evm.Rpc;

/// <summary>Which logs are wanted: any of the addresses, and at each topic position any of the alternatives (an empty position matches all).</summary>
public sealed record LogFilter
{
    /// <summary>Emitting contracts; empty for any.</summary>
    public IReadOnlyList<Address> Addresses { get; init; } = [];

    /// <summary>Alternatives for topic 0, 1, 2, 3.</summary>
    public IReadOnlyList<IReadOnlyList<Bytes32>> Topics { get; init; } = [];

    /// <summary>Whether a log is wanted; used to refuse answers that hold anything else.</summary>
    public bool Matches(LogEntry log)
    {
        if (Addresses.Count > 0 && !Addresses.Contains(log.Address)) return false;
        for (var i = 0; i < Topics.Count; i++)
        {
            if (Topics[i].Count > 0 && (log.Topics.Count <= i || !Topics[i].Contains(log.Topics[i]))) return false;
        }
        return true;
    }

    internal JsonObject ToJson(ulong from, ulong to)
    {
        var json = ToJson();
        json["fromBlock"] = RpcJson.Quantity(from);
        json["toBlock"] = RpcJson.Quantity(to);
        return json;
    }

    // EIP-234: exactly that block, or an error where the node does not have it.
    internal JsonObject ToJson(Bytes32 blockHash)
    {
        var json = ToJson();
        json["blockHash"] = blockHash.ToString();
        return json;
    }

    private JsonObject ToJson()
    {
        var json = new JsonObject();
        if (Addresses.Count > 0) json["address"] = new JsonArray([.. Addresses.Select(a => JsonValue.Create(a.ToString()))]);
        if (Topics.Count > 0) json["topics"] = new JsonArray([.. Topics.Select(Alternatives)]);
        return json;
    }

    private static JsonArray? Alternatives(IReadOnlyList<Bytes32> topics) =>
        topics.Count == 0 ? null : new JsonArray([.. topics.Select(t => JsonValue.Create(t.ToString()))]);

    internal static LogEntry ReadLog(JsonElement log)
    {
        if (RpcJson.Optional(log, "removed") is { ValueKind: JsonValueKind.True }) throw new FormatException("the answer holds a removed log");
        var topics = RpcJson.Array(RpcJson.Property(log, "topics"), "log.topics", topic => RpcJson.Hash(topic, "log.topic"));
        if (topics.Length > 4) throw new FormatException("a log has at most 4 topics");
        return new LogEntry
        {
            Address = RpcJson.Account(RpcJson.Property(log, "address"), "log.address"),
            Topics = topics,
            Data = RpcJson.Bytes(RpcJson.Property(log, "data"), "log.data"),
            BlockNumber = RpcJson.Number(log, "blockNumber", "log"),
            BlockHash = RpcJson.Hash(RpcJson.Property(log, "blockHash"), "log.blockHash"),
            LogIndex = RpcJson.Number(log, "logIndex", "log"),
            TransactionHash = RpcJson.Hash(RpcJson.Property(log, "transactionHash"), "log.transactionHash"),
            TransactionIndex = RpcJson.Number(log, "transactionIndex", "log"),
        };
    }
}
