using Turnpike.Evm.Abi;
using Turnpike.Evm.Rpc;

namespace Turnpike.Ledger;

/// <summary>
/// The network's changes in chain order, as its logs tell them, and the state they fold to at any block. One writer follows the chain; any thread may read.
/// <para>
/// A rollback forgets the removed blocks' changes and folds anew, so that a reorganised block leaves no trace. It folds from a checkpoint that is always older than
/// the deepest rollback. A state asked for is folded from the nearest one that is kept: the head, the checkpoint or one handed out lately. Whoever asks in the order of
/// the chain, as an audit does, hence has each change applied once.
/// </para>
/// </summary>
public sealed class LedgerHistory(NetworkDeployment deployment)
{
    // As deep as a follower can undo, and the block below, to which it then goes back.
    private const int RememberedBlocks = 128 + 1;

    // Changes after the checkpoint at which it moves up: each change is folded into it once.
    private const int CheckpointLag = 4096;

    // The snapshots of an epoch and of the one before it, the head, and one to spare.
    private const int HandedOut = 4;

    private readonly Lock _lock = new();
    private readonly List<(ulong Block, Action<LedgerState> Apply)> _changes = [];
    private readonly LinkedList<BlockHeader> _recent = [];
    private readonly List<Version> _handedOut = [];
    private Version _checkpoint = new(0, new LedgerState(deployment));
    private LedgerState _head = new(deployment);

    /// <summary>Where the contracts are.</summary>
    public NetworkDeployment Deployment { get; } = deployment;

    /// <summary>What the follower applied, to be compared with what other endpoints say.</summary>
    public AppliedLogs Applied { get; } = new();

    /// <summary>The newest block that was applied; null before the first.</summary>
    public BlockHeader? Block
    {
        get
        {
            lock (_lock) return _recent.Last?.Value;
        }
    }

    /// <summary>The newest blocks that were applied, old to new: where a follower takes up.</summary>
    public IReadOnlyList<BlockPoint> RecentBlocks
    {
        get
        {
            lock (_lock) return [.. _recent.Select(block => block.Point)];
        }
    }

    /// <summary>Adds a block that follows the last one.</summary>
    public void Add(BlockHeader block, IReadOnlyList<LogEntry> logs)
    {
        lock (_lock)
        {
            foreach (var log in logs)
            {
                if (_head.Read(log) is not { } change) continue;
                _changes.Add((log.BlockNumber, change));
                change(_head);
            }
            _recent.AddLast(block);
            if (_recent.Count > RememberedBlocks) _recent.RemoveFirst();
            MoveCheckpoint();
        }
    }

    /// <summary>Takes back every block above <paramref name="ancestor"/>; the block below the deployment's first takes back all.</summary>
    /// <exception cref="InvalidOperationException">The ancestor is none of the blocks remembered.</exception>
    public void RollBackTo(BlockPoint ancestor)
    {
        lock (_lock)
        {
            if (ancestor.Number >= Deployment.FirstBlock && !_recent.Any(block => block.Point == ancestor))
                throw new InvalidOperationException($"Block {ancestor} is none of the {_recent.Count} newest blocks applied: read the logs anew.");
            var kept = CountUpTo(ancestor.Number);
            _changes.RemoveRange(kept, _changes.Count - kept);
            _handedOut.RemoveAll(version => version.Changes > kept);
            if (_checkpoint.Changes > kept) _checkpoint = new Version(0, new LedgerState(Deployment));
            _head = Fold(_checkpoint, kept);
            while (_recent.Last is { } last && last.Value.Number > ancestor.Number) _recent.RemoveLast();
        }
    }

    /// <summary>Reads the state at the newest block.</summary>
    public T Read<T>(Func<LedgerState, T> read)
    {
        lock (_lock) return read(_head);
    }

    /// <summary>The state after the given block, frozen.</summary>
    public LedgerState StateAt(ulong blockNumber)
    {
        lock (_lock)
        {
            var changes = CountUpTo(blockNumber);
            var nearest = _handedOut.Append(_checkpoint).Append(new Version(_changes.Count, _head)).Append(new Version(0, new LedgerState(Deployment)))
                .Where(version => version.Changes <= changes).MaxBy(version => version.Changes)!;
            if (nearest.Changes == changes && _handedOut.Remove(nearest))
            {
                _handedOut.Add(nearest);
                return nearest.State;
            }
            var state = Fold(nearest, changes).Freeze();
            _handedOut.Add(new Version(changes, state));
            if (_handedOut.Count > HandedOut) _handedOut.RemoveAt(0);
            return state;
        }
    }

    private void MoveCheckpoint()
    {
        if (_recent.Count < RememberedBlocks) return;
        var final = CountUpTo(_recent.First!.Value.Number);
        if (final - _checkpoint.Changes < CheckpointLag) return;
        for (var i = _checkpoint.Changes; i < final; i++) _changes[i].Apply(_checkpoint.State);
        _checkpoint = _checkpoint with { Changes = final };
    }

    private LedgerState Fold(Version from, int changes)
    {
        var state = from.State.Copy();
        for (var i = from.Changes; i < changes; i++) _changes[i].Apply(state);
        return state;
    }

    // Changes lie in chain order.
    private int CountUpTo(ulong blockNumber)
    {
        var (low, high) = (0, _changes.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_changes[middle].Block <= blockNumber) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// <summary>A state and how many changes it holds.</summary>
    private sealed record Version(int Changes, LedgerState State);
}
