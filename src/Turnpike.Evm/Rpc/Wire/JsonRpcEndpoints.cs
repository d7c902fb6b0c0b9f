using System.Text.Json;
using System.Text.Json.Nodes;

namespace Turnpike.Evm.Rpc;

/// <summary>
/// One or several endpoints of one chain. Calls go to the first that is well, in the configured order; one that fails is left alone for a while. A call that is not idempotent is sent to one endpoint only.
/// What is final, by which all signing is decided, is what all endpoints that answer agree on (see <see cref="EndpointsOptions"/>). <see cref="AgreeAsync"/> asks several and accepts only equal answers.
/// An endpoint of another chain is asked nothing. Safe for any number of threads.
/// </summary>
public sealed class JsonRpcEndpoints : IJsonRpc
{
    private readonly IJsonRpc[] _endpoints;
    private readonly EthereumClient[] _clients;
    private readonly EndpointsOptions _options;
    private readonly EndpointStates _states;
    private readonly FinalAgreement _final;

    /// <summary>Names at least one endpoint, the preferred one first.</summary>
    public JsonRpcEndpoints(IReadOnlyList<IJsonRpc> endpoints, TimeProvider? time = null, EndpointsOptions? options = null)
    {
        if (endpoints.Count == 0) throw new ArgumentException("At least one endpoint is needed.", nameof(endpoints));
        _options = options ?? new EndpointsOptions();
        _options.Validate(endpoints.Count);
        _endpoints = [.. endpoints];
        _clients = Array.ConvertAll(_endpoints, endpoint => new EthereumClient(endpoint));
        _states = new EndpointStates(_endpoints, _options, time ?? TimeProvider.System);
        _final = new FinalAgreement(_endpoints, _clients, _states, _options);
    }

    /// <inheritdoc/>
    public string Name => string.Join(", ", _endpoints.Select(endpoint => endpoint.Name));

    /// <summary>Asks every endpoint for its chain, at the start of a program. One that does not answer is asked again before its first use: a program that starts while its chain is out of reach waits for it.</summary>
    /// <exception cref="RpcException">One is of another chain (<see cref="RpcFault.WrongChain"/>).</exception>
    public async Task RequireChainAsync(CancellationToken cancellationToken)
    {
        if (_options.ChainId is not { } wanted) return;
        for (var i = 0; i < _endpoints.Length; i++)
        {
            try
            {
                var chainId = await _clients[i].ChainIdAsync(cancellationToken);
                _states.NoteChain(i, chainId);
                if (chainId != wanted) throw new RpcException(RpcFault.WrongChain, "eth_chainId", _endpoints[i].Name, $"the endpoint is of chain {chainId}, the network is on chain {wanted}. Correct the endpoint's address");
            }
            catch (RpcException e) when (e.Fault is not RpcFault.WrongChain)
            {
                _states.Failed(i, e);
            }
        }
    }

    /// <inheritdoc/>
    public Task<JsonElement> CallAsync(RpcCall call, CancellationToken cancellationToken) =>
        IsFinal(call) ? FinalAsync(call, cancellationToken) : FirstAsync(call.IsIdempotent, endpoint => endpoint.CallAsync(call, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RpcReply>> BatchAsync(IReadOnlyList<RpcCall> calls, CancellationToken cancellationToken) =>
        FirstAsync(calls.All(call => call.IsIdempotent), endpoint => endpoint.BatchAsync(calls, cancellationToken), cancellationToken);

    /// <summary>
    /// Reads from <see cref="EndpointsOptions.Quorum"/> endpoints at once and gives the answer if all are equal under <paramref name="describe"/>, which states all of an answer that matters. An endpoint that fails is
    /// replaced by the next; one that differs is never outvoted. Ask for a fixed block (number, hash, finalized), since two honest endpoints may differ about the latest.
    /// </summary>
    /// <exception cref="RpcDisagreementException">Two answers differ.</exception>
    /// <exception cref="RpcException">Too few endpoints answered.</exception>
    public async Task<T> AgreeAsync<T>(Func<EthereumClient, CancellationToken, Task<T>> read, Func<T, string> describe, CancellationToken cancellationToken)
    {
        var quorum = _options.Quorum;
        if (quorum < 1 || quorum > _endpoints.Length) throw new InvalidOperationException($"A quorum of {quorum} needs as many endpoints; {_endpoints.Length} are configured.");
        var left = new Queue<int>(await UsableAsync(cancellationToken));
        var answers = new List<(int Endpoint, T Value)>();
        RpcException? failure = null;
        while (answers.Count < quorum)
        {
            if (left.Count < quorum - answers.Count) throw failure ?? TooFew();
            var asked = Enumerable.Range(0, quorum - answers.Count).Select(_ => left.Dequeue()).ToArray();
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

    private static bool IsFinal(RpcCall call) => call.Method == "eth_getBlockByNumber" && call.Parameters.Count > 0 && call.Parameters[0] is JsonValue tag && tag.TryGetValue<string>(out var text) && text == "finalized";

    private async Task<JsonElement> FinalAsync(RpcCall call, CancellationToken cancellationToken)
    {
        var block = await _final.ReadAsync(await UsableAsync(cancellationToken), cancellationToken);
        if (block is null) return JsonElement.Parse("null");
        var named = new RpcCall(call.Method, [RpcJson.Quantity(block.Number), call.Parameters[1]!.DeepClone()]);
        var answer = await FirstAsync(true, endpoint => endpoint.CallAsync(named, cancellationToken), cancellationToken);
        if (answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("hash", out var hash) && RpcJson.TryText(hash, out var text) && text == block.Hash.ToString()) return answer;
        throw new RpcException(RpcFault.UnknownBlock, call.Method, Name, $"the agreed final block {block.Point} is not what the endpoint gives now");
    }

    private async Task<(int Endpoint, T? Value, RpcException? Error)> TryReadAsync<T>(int endpoint, Func<EthereumClient, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return (endpoint, await read(_clients[endpoint], cancellationToken), null);
        }
        catch (RpcException e) when (IsEndpointsOwn(e))
        {
            _states.Failed(endpoint, e);
            return (endpoint, default, e);
        }
    }

    private async Task<T> FirstAsync<T>(bool isIdempotent, Func<IJsonRpc, Task<T>> ask, CancellationToken cancellationToken)
    {
        var order = _states.Order();
        RpcException? failure = null;
        foreach (var endpoint in order)
        {
            try
            {
                if (!_states.IsChainKnown(endpoint)) _states.NoteChain(endpoint, await _clients[endpoint].ChainIdAsync(cancellationToken));
                if (!_states.Order().Contains(endpoint)) continue;
                var answer = await ask(_endpoints[endpoint]);
                _states.Well(endpoint);
                return answer;
            }
            catch (RpcException e) when (IsEndpointsOwn(e))
            {
                _states.Failed(endpoint, failure = e);
                if (!isIdempotent) throw;
            }
        }
        throw failure ?? TooFew();
    }

    private async Task<int[]> UsableAsync(CancellationToken cancellationToken)
    {
        foreach (var endpoint in _states.Order().Where(endpoint => !_states.IsChainKnown(endpoint)))
        {
            var (_, chainId, error) = await TryReadAsync(endpoint, (client, stop) => client.ChainIdAsync(stop), cancellationToken);
            if (error is null) _states.NoteChain(endpoint, chainId);
        }
        var usable = _states.Order().Where(_states.IsChainKnown).ToArray();
        return usable.Length > 0 ? usable : throw TooFew();
    }

    private RpcException TooFew() => new(RpcFault.EndpointTrouble, "any", Name, "no endpoint of the network's chain answers: check the addresses");

    // A node's refusal (revert, range, nonce) is an answer: asking another endpoint until one says yes would hide it.
    private static bool IsEndpointsOwn(RpcException e) => e.IsTransient || e.Fault is RpcFault.HttpStatus or RpcFault.Malformed or RpcFault.MethodUnsupported;
}
