using System.Text.Json;

namespace Turnpike.Evm.Rpc;

/// <summary>
/// JSON-RPC 2.0 over HTTP to one endpoint: single calls and batches, ids checked, answers bounded in time and size. Idempotent calls are repeated after a deterministic, doubling pause when the
/// transport failed, the endpoint is in trouble or a quota is used up; nothing else is ever sent twice. Safe for any number of threads.
/// </summary>
public sealed class JsonRpcClient : IJsonRpc
{
    private readonly JsonRpcExchange _exchange;
    private readonly JsonRpcMessage _message;
    private readonly JsonRpcOptions _options;
    private readonly TimeProvider _time;
    private long _lastId;

    /// <summary>Speaks to <paramref name="address"/> through <paramref name="http"/>, whose owner disposes it.</summary>
    public JsonRpcClient(HttpClient http, Uri address, JsonRpcOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(address);
        _options = options ?? new JsonRpcOptions();
        _options.Validate();
        _time = time ?? TimeProvider.System;
        Name = address.Authority.Contains('@', StringComparison.Ordinal) ? $"{address.Host}:{address.Port}" : address.Authority;
        _exchange = new JsonRpcExchange(http, address, Name, _options, _time);
        _message = new JsonRpcMessage(Name, _options.CustomErrors);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public async Task<JsonElement> CallAsync(RpcCall call, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var id = Interlocked.Increment(ref _lastId);
                var root = await _exchange.PostAsync(call.Method, JsonRpcMessage.Write(call, id), cancellationToken);
                return _message.ReadResult(root, call, id);
            }
            catch (RpcException e) when (e.IsTransient && call.IsIdempotent && attempt < _options.MaxAttempts)
            {
                await Task.Delay(_options.DelayAfter(attempt, e.RetryAfter), _time, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RpcReply>> BatchAsync(IReadOnlyList<RpcCall> calls, CancellationToken cancellationToken)
    {
        var replies = new RpcReply[calls.Count];
        for (var start = 0; start < calls.Count; start += _options.MaxBatchCalls)
        {
            var chunk = Enumerable.Range(start, Math.Min(_options.MaxBatchCalls, calls.Count - start)).ToArray();
            await FillAsync(calls, chunk, replies, cancellationToken);
        }
        return replies;
    }

    private async Task FillAsync(IReadOnlyList<RpcCall> calls, int[] chosen, RpcReply[] replies, CancellationToken cancellationToken)
    {
        for (var attempt = 1; chosen.Length > 0; attempt++)
        {
            TimeSpan? askedFor = null;
            try
            {
                await ExchangeAsync(calls, chosen, replies, cancellationToken);
                chosen = Array.FindAll(chosen, i => replies[i].Error is { IsTransient: true } && calls[i].IsIdempotent);
                if (attempt == _options.MaxAttempts) return;
            }
            catch (RpcException e) when (e.IsTransient && attempt < _options.MaxAttempts && Array.TrueForAll(chosen, i => calls[i].IsIdempotent))
            {
                askedFor = e.RetryAfter;
            }
            catch (RpcException e) when (chosen.Length > 1 && IsRefusedWhole(e))
            {
                // Too many calls or bytes for this server: nothing of it ran, so halves may be sent whatever they hold.
                var half = chosen.Length / 2;
                await FillAsync(calls, chosen[..half], replies, cancellationToken);
                await FillAsync(calls, chosen[half..], replies, cancellationToken);
                return;
            }
            if (chosen.Length > 0) await Task.Delay(_options.DelayAfter(attempt, askedFor), _time, cancellationToken);
        }
    }

    private async Task ExchangeAsync(IReadOnlyList<RpcCall> calls, int[] chosen, RpcReply[] replies, CancellationToken cancellationToken)
    {
        var firstId = Interlocked.Add(ref _lastId, chosen.Length) - chosen.Length + 1;
        var root = await _exchange.PostAsync("batch", JsonRpcMessage.Write(calls, chosen, firstId), cancellationToken);
        _message.ReadBatch(root, calls, chosen, firstId, replies);
    }

    // ResponseTooLarge means the calls did run, so it is left out: a batch with writes must not be repeated.
    private static bool IsRefusedWhole(RpcException e) => e.Fault is RpcFault.Refused || (e.Fault is RpcFault.HttpStatus && e.Code == 413);
}
