using System.Text.Json;
using System.Text.Json.Nodes;

namespace Turnpike.Evm.Rpc;

/// <summary>One JSON-RPC request.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Parameters">Its positional parameters.</param>
public sealed record RpcCall(string Method, JsonArray Parameters)
{
    /// <summary>Whether sending it twice does no more than sending it once; only then is it retried or moved to another endpoint. Default true: most methods read.</summary>
    public bool IsIdempotent { get; init; } = true;
}

/// <summary>The answer to one call of a batch: a result or an error.</summary>
public readonly struct RpcReply
{
    private readonly JsonElement _value;

    internal RpcReply(JsonElement value) => _value = value;

    internal RpcReply(RpcException error) => Error = error;

    /// <summary>Why there is no result; null when there is one.</summary>
    public RpcException? Error { get; }

    /// <summary>The result; may be JSON null.</summary>
    /// <exception cref="RpcException">The call failed.</exception>
    public JsonElement Result => Error is null ? _value : throw Error;
}

/// <summary>Whatever answers JSON-RPC calls: one endpoint, or several behind fail-over.</summary>
public interface IJsonRpc
{
    /// <summary>How messages name it; holds no secret.</summary>
    string Name { get; }

    /// <summary>The result of one call.</summary>
    /// <exception cref="RpcException">There is none.</exception>
    Task<JsonElement> CallAsync(RpcCall call, CancellationToken cancellationToken);

    /// <summary>The answers in the order of the calls; each holds its own error.</summary>
    /// <exception cref="RpcException">The exchange itself failed.</exception>
    Task<IReadOnlyList<RpcReply>> BatchAsync(IReadOnlyList<RpcCall> calls, CancellationToken cancellationToken);
}
