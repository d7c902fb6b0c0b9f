using System.Diagnostics;
using System.Text.Json;
using Turnpike.Evm.Rpc;

namespace Turnpike.Node.Telemetry;

/// <summary>An endpoint whose exchanges are counted and timed, waits between attempts included.</summary>
internal sealed class MeteredJsonRpc(IJsonRpc endpoint, ChainMetrics metrics) : IJsonRpc
{
    public string Name => endpoint.Name;

    public Task<JsonElement> CallAsync(RpcCall call, CancellationToken cancellationToken) => MeasureAsync(call.Method, () => endpoint.CallAsync(call, cancellationToken));

    public Task<IReadOnlyList<RpcReply>> BatchAsync(IReadOnlyList<RpcCall> calls, CancellationToken cancellationToken) => MeasureAsync("batch", () => endpoint.BatchAsync(calls, cancellationToken));

    private async Task<T> MeasureAsync<T>(string method, Func<Task<T>> exchange)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var result = await exchange();
            metrics.NoteExchange(method, endpoint.Name, Stopwatch.GetElapsedTime(start), null);
            return result;
        }
        catch (RpcException fault)
        {
            metrics.NoteExchange(method, endpoint.Name, Stopwatch.GetElapsedTime(start), fault);
            throw;
        }
    }
}
