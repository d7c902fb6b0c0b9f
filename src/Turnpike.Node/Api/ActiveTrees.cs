using Turnpike.Core;
using Turnpike.Core.Canonical;
using Turnpike.Core.Merkle;
using Turnpike.Node.Epochs;

namespace Turnpike.Node.Api;

/// <summary>The two trees of the active epoch, built once: a claim costs a look-up then, not the whole tree again. Thread-safe.</summary>
internal sealed class ActiveTrees(NodeContext node, EpochArchive archive)
{
    private readonly Lock _lock = new();
    private (Bytes32 Outcome, RewardTree? Rewards, RewardTree? Charges) _built;

    /// <summary>The rewards or charges tree of the active epoch; null while none is active or its files are not here.</summary>
    public (ulong Epoch, RewardTree Tree)? Get(bool rewards)
    {
        if (node.History.Read(state => state.Active) is not { } active || !archive.Has(new EpochNumber(active.Report.Epoch))) return null;
        lock (_lock)
        {
            if (_built.Outcome != active.Report.OutcomeHash) _built = (active.Report.OutcomeHash, null, null);
            if (rewards) return (active.Report.Epoch, _built.Rewards ??= Build(active.Report.Epoch, "rewards", "account"));
            return (active.Report.Epoch, _built.Charges ??= Build(active.Report.Epoch, "charges", "customer"));
        }
    }

    private RewardTree Build(ulong epoch, string stem, string key)
    {
        var lines = archive.ReadOutcome(new EpochNumber(epoch)).Shards.Where(shard => shard.Name.StartsWith(stem + "-", StringComparison.Ordinal)).SelectMany(shard => CanonicalReader.ReadLines(shard.Bytes));
        return RewardTree.Build(lines.Select(line => (line[key].Address, line["cumulative"].Integer)));
    }
}
