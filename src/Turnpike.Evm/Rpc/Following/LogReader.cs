using System.Runtime.CompilerServices;
using Turnpike.Evm.Abi;

namespace Turnpike.Evm.Rpc;

/// <summary>
/// Reads logs over any range of blocks, in pieces the provider accepts: a piece that is refused for its size, exceeds the answer limit or takes too long is halved, and the width found is kept, then
/// carefully widened again. Logs come ordered by (block, index). The range should end at a block that can no longer be reorganised; for newer blocks use <see cref="ChainFollower"/>. One reader, one thread.
/// </summary>
public sealed class LogReader
{
    private const int SuccessesBeforeWidening = 16;

    private readonly EthereumClient _client;
    private readonly ulong _maxBlocks;
    private ulong _width;
    private int _successes;

    /// <summary>Reads through <paramref name="client"/>, at most <paramref name="maxBlocks"/> blocks a query.</summary>
    public LogReader(EthereumClient client, ulong maxBlocks = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfZero(maxBlocks);
        _client = client;
        _maxBlocks = _width = maxBlocks;
    }

    /// <summary>The wanted logs of the canonical blocks from one height to another, both included.</summary>
    /// <exception cref="RpcException">Even a single block is refused, or the endpoint fails for a reason that a smaller range does not cure.</exception>
    public async IAsyncEnumerable<LogEntry> ReadAsync(LogFilter filter, ulong from, ulong to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var next = from; next <= to;)
        {
            var last = to - next < _width ? to : next + _width - 1;
            if (await TryReadPieceAsync(filter, next, last, cancellationToken) is not { } logs) continue;
            foreach (var log in logs) yield return log;
            if (last == to) yield break;
            next = last + 1;
        }
    }

    private async Task<IReadOnlyList<LogEntry>?> TryReadPieceAsync(LogFilter filter, ulong from, ulong to, CancellationToken cancellationToken)
    {
        try
        {
            var logs = await _client.LogsAsync(filter, from, to, cancellationToken);
            if (++_successes % SuccessesBeforeWidening == 0) _width = _width > _maxBlocks / 2 ? _maxBlocks : _width * 2;
            return logs;
        }
        catch (RpcException e) when (to > from && MayPassInHalves(e))
        {
            _width = (to - from + 1) / 2;
            _successes = 0;
            return null;
        }
    }

    // 413 and 504 are how gateways in front of a node say too big and too slow.
    private static bool MayPassInHalves(RpcException e) => e.Fault is RpcFault.RangeRefused or RpcFault.ResponseTooLarge or RpcFault.Timeout || e.Code is 413 or 504;
}
