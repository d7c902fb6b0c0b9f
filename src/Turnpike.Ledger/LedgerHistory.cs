using Turnpike.Evm.Abi;
using Turnpike.Evm.Rpc;

namespace Turnpike.Ledger;

/// <summary>
/// The network's logs in chain order, and the state they fold to at any block. One writer follows the chain; any thread may read.
/// A rollback forgets the removed blocks' logs and folds anew, so that a reorganised block leaves no trace.
/// </summary>
public sealed class LedgerHistory(NetworkDeployment deployment)
{
    // As deep as a follower can undo, and the block below, to which it then goes back.
    private const int RememberedBlocks = 128 + 1;

    private readonly Lock _lock = new();
    private readonly List<LogEntry> _logs = [];
    private readonly LinkedList<BlockHeader> _recent = [];
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
                _logs.Add(log);
                _head.Apply(log);
            }
            _recent.AddLast(block);
            if (_recent.Count > RememberedBlocks) _recent.RemoveFirst();
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
            _logs.RemoveAll(log => log.BlockNumber > ancestor.Number);
            _head = Fold(_logs);
            while (_recent.Last is { } last && last.Value.Number > ancestor.Number) _recent.RemoveLast();
        }
    }

    /// <summary>Reads the state at the newest block.</summary>
    public T Read<T>(Func<LedgerState, T> read)
    {
        lock (_lock) return read(_head);
    }

    /// <summary>The state after the given block; the caller's own copy.</summary>
    public LedgerState StateAt(ulong blockNumber)
    {
        lock (_lock) return Fold(_logs.TakeWhile(log => log.BlockNumber <= blockNumber));
    }

    private LedgerState Fold(IEnumerable<LogEntry> logs)
    {
        var state = new LedgerState(Deployment);
        foreach (var log in logs) state.Apply(log);
        return state;
    }
}
