using Turnpike.Evm.Abi;

namespace Turnpike.Evm.Rpc;

/// <summary>The last blocks told, oldest first, heights rising; beyond its capacity it forgets the oldest. Its oldest entry serves only as an anchor once it is the sole one left.</summary>
internal sealed class ChainTrail
{
    private readonly int _capacity;
    private readonly LinkedList<RemovedBlock> _blocks = [];

    public ChainTrail(int memory, IEnumerable<BlockPoint> resume)
    {
        _capacity = memory + 1; // the block below the deepest one that can be undone
        foreach (var point in resume) Add(point, null);
    }

    public BlockPoint? Last => _blocks.Last?.Value.Point;

    public BlockPoint Oldest => _blocks.First!.Value.Point;

    public IEnumerable<BlockPoint> NewestFirst
    {
        get
        {
            for (var node = _blocks.Last; node is not null; node = node.Previous) yield return node.Value.Point;
        }
    }

    public void Add(BlockPoint point, IReadOnlyList<LogEntry>? logs)
    {
        if (Last is { } last && point.Number <= last.Number) throw new ArgumentException($"Block {point} does not lie above {last}: points go from old to new.", nameof(point));
        _blocks.AddLast(new RemovedBlock(point, logs));
        if (_blocks.Count > _capacity) _blocks.RemoveFirst();
    }

    /// <summary>Forgets all above <paramref name="ancestor"/>, which is in the trail, and gives what was forgotten.</summary>
    public IReadOnlyList<RemovedBlock> CutAbove(BlockPoint ancestor)
    {
        var removed = new List<RemovedBlock>();
        while (_blocks.Last!.Value.Point != ancestor)
        {
            removed.Add(_blocks.Last.Value);
            _blocks.RemoveLast();
        }
        return removed;
    }
}
