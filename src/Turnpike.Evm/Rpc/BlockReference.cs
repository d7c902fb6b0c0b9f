using System.Text.Json.Nodes;
using Turnpike.Core;

namespace Turnpike.Evm.Rpc;

/// <summary>Which block a read is about: a tag, a number or a hash. The default value is the latest block.</summary>
public readonly record struct BlockReference
{
    private readonly string? _tag;

    private BlockReference(string tag) => _tag = tag;

    /// <summary>The newest block of the endpoint's view; may be reorganised away.</summary>
    public static BlockReference Latest => default;

    /// <summary>The latest block plus the pool of the endpoint.</summary>
    public static BlockReference Pending => new("pending");

    /// <summary>The newest block that the beacon chain holds safe under honest-majority assumptions.</summary>
    public static BlockReference Safe => new("safe");

    /// <summary>The newest finalized block.</summary>
    public static BlockReference Finalized => new("finalized");

    /// <summary>The block's number, when the reference is one.</summary>
    public ulong? Number { get; private init; }

    /// <summary>The block's hash, when the reference is one.</summary>
    public Bytes32? Hash { get; private init; }

    /// <summary>The canonical block of that number.</summary>
    public static BlockReference At(ulong number) => new() { Number = number };

    /// <summary>Exactly that block; reads of state at it fail once it is not canonical (EIP-1898).</summary>
    public static BlockReference Of(Bytes32 hash) => new() { Hash = hash };

    /// <inheritdoc/>
    public override string ToString() => Hash is { } hash ? hash.ToString() : Number is { } number ? RpcJson.Quantity(number) : _tag ?? "latest";

    internal JsonNode ToJson() => Hash is { } hash
        ? new JsonObject { ["blockHash"] = hash.ToString(), ["requireCanonical"] = true }
        : JsonValue.Create(ToString());
}
