using Turnpike.Evm.Abi;

namespace Turnpike.Evm.Rpc;

/// <summary>A JSON-RPC call gave no result; <see cref="Fault"/> says why. The only exception this client throws for anything an endpoint can do.</summary>
public class RpcException : Exception
{
    internal RpcException(RpcFault fault, string method, string endpoint, string detail, Exception? inner = null)
        : base($"{method} at {endpoint}: {detail}", inner)
    {
        Fault = fault;
        Method = method;
        Endpoint = endpoint;
    }

    /// <summary>The reason, numbered.</summary>
    public RpcFault Fault { get; }

    /// <summary>The JSON-RPC method, or "batch" where a whole batch failed.</summary>
    public string Method { get; }

    /// <summary>Host and port asked; never the path, which often holds a key.</summary>
    public string Endpoint { get; }

    /// <summary>The JSON-RPC error code, or the HTTP status where there was no JSON-RPC answer.</summary>
    public int? Code { get; internal init; }

    /// <summary>What the contract said, for <see cref="RpcFault.Reverted"/>; its text is the contract's choice.</summary>
    public RevertReason? Revert { get; internal init; }

    /// <summary>How long the endpoint asked to be left alone (HTTP Retry-After).</summary>
    public TimeSpan? RetryAfter { get; internal init; }

    /// <summary>Whether the same call may succeed a little later at the same endpoint.</summary>
    public bool IsTransient => Fault is RpcFault.Transport or RpcFault.Timeout or RpcFault.RateLimited or RpcFault.EndpointTrouble;
}
