using System.Text.Json;

namespace Turnpike.Evm.Rpc;

/// <summary>
/// Several endpoints of one chain. Calls go to the first that is well, in the configured order; one that fails is left alone for a while. A call that is not idempotent is sent to one endpoint only.
/// <see cref="AgreeAsync"/> asks several and accepts only equal answers. Safe for any number of threads.
/// </summary>
public sealed class JsonRpcEndpoints : IJsonRpc
{
    private readonly IJsonRpc[] _endpoints;
    private readonly EthereumClient[] _clients;
    private readonly long[] _restsUntil;
    private readonly TimeProvider _time;

    /// <summary>Names at least one endpoint, the preferred one first.</summary>
    public JsonRpcEndpoints(IReadOnlyList<IJsonRpc> endpoints, TimeProvider? time = null)
    {
        if (endpoints.Count == 0) throw new ArgumentException("At least one endpoint is needed.", nameof(endpoints));
        _endpoints = [.. endpoints];
        _clients = Array.ConvertAll(_endpoints, endpoint => new EthereumClient(endpoint));
        _restsUntil = new long[_endpoints.Length];
        _time = time ?? TimeProvider.System;
    }

    /// <summary>How long a failed endpoint is asked last. Default 30 s.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many equal answers a critical read needs. Default 2; not above the number of endpoints.</summary>
    public int Quorum { get; init; } = 2;

    /// <inheritdoc/>
    public string Name => string.Join(", ", _endpoints.Select(endpoint => endpoint.Name));

    /// <inheritdoc/>
    public Task<JsonElement> CallAsync(RpcCall call, CancellationToken cancellationToken) =>
        FirstAsync(call.IsIdempotent, endpoint => endpoint.CallAsync(call, cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<RpcReply>> BatchAsync(IReadOnlyList<RpcCall> calls, CancellationToken cancellationToken) =>
        FirstAsync(calls.All(call => call.IsIdempotent), endpoint => endpoint.BatchAsync(calls, cancellationToken));

    /// <summary>
    /// Reads from <see cref="Quorum"/> endpoints at once and gives the answer if all are equal under <paramref name="describe"/>, which states all of an answer that matters. An endpoint that fails is
    /// replaced by the next; one that differs is never outvoted. Ask for a fixed block (number, hash, finalized), since two honest endpoints may differ about the latest.
    /// </summary>
    /// <exception cref="RpcDisagreementException">Two answers differ.</exception>
    /// <exception cref="RpcException">Too few endpoints answered.</exception>
    public async Task<T> AgreeAsync<T>(Func<EthereumClient, CancellationToken, Task<T>> read, Func<T, string> describe, CancellationToken cancellationToken)
    {
        if (Quorum < 1 || Quorum > _endpoints.Length) throw new InvalidOperationException($"A quorum of {Quorum} needs as many endpoints; {_endpoints.Length} are configured.");
        var left = new Queue<int>(Order());
        var answers = new List<(int Endpoint, T Value)>();
        RpcException? failure = null;
        while (answers.Count < Quorum)
        {
            if (left.Count < Quorum - answers.Count) throw failure!;
            var asked = Enumerable.Range(0, Quorum - answers.Count).Select(_ => left.Dequeue()).ToArray();
            var outcomes = await Task.WhenAll(asked.Select(i => TryReadAsync(i, read, cancellationToken)));
            foreach (var (endpoint, value, error) in outcomes)
            {
                if (error is null) answers.Add((endpoint, value!));
                else failure = error;
            }
        }
        answers.Sort((a, b) => a.Endpoint.CompareTo(b.Endpoint));
        var first = describe(answers[0].Value);
        foreach (var (endpoint, value) in answers)
        {
            var other = describe(value);
            if (other != first) throw new RpcDisagreementException((_endpoints[answers[0].Endpoint].Name, first), (_endpoints[endpoint].Name, other));
        }
        return answers[0].Value;
    }

    private async Task<(int Endpoint, T? Value, RpcException? Error)> TryReadAsync<T>(int endpoint, Func<EthereumClient, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return (endpoint, await read(_clients[endpoint], cancellationToken), null);
        }
        catch (RpcException e) when (IsEndpointsOwn(e))
        {
            LetRest(endpoint);
            return (endpoint, default, e);
        }
    }

    private async Task<T> FirstAsync<T>(bool isIdempotent, Func<IJsonRpc, Task<T>> ask)
    {
        var order = Order();
        for (var i = 0; ; i++)
        {
            try
            {
                return await ask(_endpoints[order[i]]);
            }
            catch (RpcException e) when (IsEndpointsOwn(e))
            {
                LetRest(order[i]);
                if (!isIdempotent || i + 1 == order.Length) throw;
            }
        }
    }

    // A node's refusal (revert, range, nonce) is an answer: asking another endpoint until one says yes would hide it.
    private static bool IsEndpointsOwn(RpcException e) => e.IsTransient || e.Fault is RpcFault.HttpStatus or RpcFault.Malformed or RpcFault.MethodUnsupported;

    private void LetRest(int endpoint) => Volatile.Write(ref _restsUntil[endpoint], (_time.GetUtcNow() + Rest).UtcTicks);

    private int[] Order()
    {
        var now = _time.GetUtcNow().UtcTicks;
        return [.. Enumerable.Range(0, _endpoints.Length).OrderBy(i => Volatile.Read(ref _restsUntil[i]) is var until && until > now ? until : 0)];
    }
}
