using System.Numerics;
using System.Text.Json.Nodes;
using Turnpike.Core;

namespace Turnpike.Evm.Rpc;

/// <summary>A message to execute without a transaction: eth_call, eth_estimateGas.</summary>
public sealed record CallRequest
{
    /// <summary>Callee; null to run creation code.</summary>
    public Address? To { get; init; }

    /// <summary>Sender; null leaves the node's default, the zero address.</summary>
    public Address? From { get; init; }

    /// <summary>Wei sent along.</summary>
    public BigInteger Value { get; init; }

    /// <summary>Calldata or creation code.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Gas cap; null leaves the node's.</summary>
    public ulong? Gas { get; init; }

    internal JsonObject ToJson()
    {
        var json = new JsonObject();
        if (From is { } from) json["from"] = from.ToString();
        if (To is { } to) json["to"] = to.ToString();
        if (!Value.IsZero) json["value"] = RpcJson.Quantity(Value);
        if (Gas is { } gas) json["gas"] = RpcJson.Quantity(gas);
        // "data", not the newer "input": every server still reads it, many rollups read nothing else.
        if (!Data.IsEmpty) json["data"] = Hex.Format(Data.Span);
        return json;
    }
}
