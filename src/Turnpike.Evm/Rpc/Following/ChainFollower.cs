using System.Runtime.CompilerServices;
using Turnpike.Evm.Abi;

namespace Turnpike.Evm.Rpc;

/// <summary>
/// Follows a chain block by block and tells the wanted logs, as a stream of <see cref="BlockAdded"/> and <see cref="BlocksRemoved"/> that the consumer applies in order.
/// </summary>
/// <remarks>
/// <para>
/// Invariant: the told blocks that are not removed form one chain, each the parent of the next. A block is told only when its parent hash equals the hash of the block told before; otherwise the chain was
/// reorganised, and the follower walks back through what it remembers until it meets a block that is still canonical, tells the removal, and goes on from there.
/// </para>
/// <para>
/// A removal needs positive evidence: another block at a height already told, or a next block with another parent. A head that is merely lower than what was told is a lagging server behind the same
/// address, and is waited out.
/// </para>
/// <para>
/// Logs belong to exactly the told block: near the target they are asked by block hash, further back by range and compared with the header's hash.
/// </para>
/// <para>
/// A crash loses nothing: the consumer stores the point of the last block it applied, in the same transaction as its effects, and resumes from it. It may give several points, old to new; then a
/// reorganisation that happened while it was away can be undone down to the newest of them that is still canonical.
/// </para>
/// <para>Failures of the endpoint are waited out with a doubling pause, for ever; refusals that waiting does not cure are thrown.</para>
/// </remarks>
public sealed class ChainFollower
{
    private readonly EthereumClient _client;
    private readonly LogFilter _filter;
    private readonly ChainFollowerOptions _options;
    private readonly TimeProvider _time;
    private readonly LogReader _reader;

    /// <summary>Follows through <paramref name="client"/>.</summary>
    public ChainFollower(EthereumClient client, LogFilter filter, ChainFollowerOptions? options = null, TimeProvider? time = null)
    {
        _client = client;
        _filter = filter;
        _options = options ?? new ChainFollowerOptions();
        _options.Validate();
        _time = time ?? TimeProvider.System;
        _reader = new LogReader(client, (ulong)_options.MaxBlocksPerStep);
    }

    /// <summary>From a height on, knowing nothing of the blocks before.</summary>
    public IAsyncEnumerable<ChainEvent> FollowAsync(ulong firstBlock, CancellationToken cancellationToken) => RunAsync(new ChainTrail(_options.Memory, []), firstBlock, cancellationToken);

    /// <summary>From the block after the newest of the points already applied, which go from old to new; at least one.</summary>
    public IAsyncEnumerable<ChainEvent> FollowAsync(IReadOnlyList<BlockPoint> applied, CancellationToken cancellationToken)
    {
        if (applied.Count == 0) throw new ArgumentException("Resuming needs at least one point; a first run gives the first block's height.", nameof(applied));
        return RunAsync(new ChainTrail(Math.Max(_options.Memory, applied.Count), applied), 0, cancellationToken);
    }

    private async IAsyncEnumerable<ChainEvent> RunAsync(ChainTrail trail, ulong firstBlock, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var delay = _options.PollInterval;
        while (true)
        {
            IReadOnlyList<ChainEvent> events = [];
            try
            {
                events = await StepAsync(trail, firstBlock, cancellationToken);
                delay = _options.PollInterval;
            }
            catch (RpcException e) when (e.IsTransient || e.Fault is RpcFault.UnknownBlock)
            {
                _options.OnTrouble?.Invoke(e);
                delay = delay * 2 < _options.MaxDelay ? delay * 2 : _options.MaxDelay;
            }
            foreach (var told in events) yield return told;
            if (events.Count == 0) await Task.Delay(delay, _time, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<ChainEvent>> StepAsync(ChainTrail trail, ulong firstBlock, CancellationToken cancellationToken)
    {
        if (await TargetAsync(cancellationToken) is not { } target) return [];
        var next = trail.Last is { } last ? last.Number + 1 : firstBlock;
        if (target.Number < next)
        {
            var isAbandoned = trail.NewestFirst.Any(point => point.Number == target.Number && point.Hash != target.Hash);
            return isAbandoned ? await RollBackAsync(trail, target.Number, cancellationToken) : [];
        }
        var end = Math.Min(target.Number, next + (ulong)_options.MaxBlocksPerStep - 1);
        var read = await _client.BlocksAsync(next, end, cancellationToken);
        if (read[0] is { } first && trail.Last is { } tip && tip.Number + 1 == first.Number && first.ParentHash != tip.Hash) return await RollBackAsync(trail, tip.Number, cancellationToken);
        return await AddAsync(trail, Linked(read), target.Number, cancellationToken);
    }

    private async Task<BlockHeader?> TargetAsync(CancellationToken cancellationToken)
    {
        if (_options.To == FollowTo.Finalized) return await _client.BlockAsync(BlockReference.Finalized, cancellationToken);
        if (_options.To == FollowTo.Safe) return await _client.BlockAsync(BlockReference.Safe, cancellationToken);
        if (_options.Confirmations == 0) return await _client.BlockAsync(BlockReference.Latest, cancellationToken);
        var latest = await _client.BlockNumberAsync(cancellationToken);
        return latest < _options.Confirmations ? null : await _client.BlockAsync(BlockReference.At(latest - _options.Confirmations), cancellationToken);
    }

    // The headers come from several requests; a reorganisation between them, or a server that lags, ends the run of linked ones early.
    private static List<BlockHeader> Linked(IReadOnlyList<BlockHeader?> read)
    {
        var linked = new List<BlockHeader>(read.Count);
        foreach (var header in read)
        {
            if (header is null || (linked.Count > 0 && header.ParentHash != linked[^1].Hash)) break;
            linked.Add(header);
        }
        return linked;
    }

    private async Task<IReadOnlyList<ChainEvent>> AddAsync(ChainTrail trail, List<BlockHeader> headers, ulong target, CancellationToken cancellationToken)
    {
        if (headers.Count == 0 || await LogsAsync(headers, target, cancellationToken) is not { } logs) return [];
        // The block below the first one told is the anchor that a reorganisation of that first one leads back to.
        if (trail.Last is null && headers[0].Number > 0) trail.Add(new BlockPoint(headers[0].Number - 1, headers[0].ParentHash), null);
        var events = new ChainEvent[headers.Count];
        for (var i = 0; i < events.Length; i++)
        {
            trail.Add(headers[i].Point, logs[i]);
            events[i] = new BlockAdded(headers[i], logs[i]);
        }
        return events;
    }

    private async Task<IReadOnlyList<IReadOnlyList<LogEntry>>?> LogsAsync(List<BlockHeader> headers, ulong target, CancellationToken cancellationToken)
    {
        if (target - headers[^1].Number < _options.ByHashDistance) return await _client.LogsAsync(_filter, headers.ConvertAll(header => header.Hash), cancellationToken);
        var byBlock = headers.ConvertAll(_ => new List<LogEntry>());
        var first = headers[0].Number;
        await foreach (var log in _reader.ReadAsync(_filter, first, headers[^1].Number, cancellationToken))
        {
            var at = (int)(log.BlockNumber - first);
            if (log.BlockHash != headers[at].Hash) return null; // reorganised between the two reads: look again
            byBlock[at].Add(log);
        }
        return byBlock;
    }

    private async Task<IReadOnlyList<ChainEvent>> RollBackAsync(ChainTrail trail, ulong differsAt, CancellationToken cancellationToken)
    {
        foreach (var point in trail.NewestFirst)
        {
            if (point.Number > differsAt) continue; // above a block that differs, all is gone
            var canonical = await _client.BlockAsync(BlockReference.At(point.Number), cancellationToken);
            if (canonical is null) return []; // the server that showed the other branch is not the one that answered now
            if (canonical.Hash != point.Hash) continue;
            var removed = trail.CutAbove(point);
            return removed.Count == 0 ? [] : [new BlocksRemoved(removed, point)];
        }
        throw new ReorganisationTooDeepException(trail.Oldest);
    }
}
