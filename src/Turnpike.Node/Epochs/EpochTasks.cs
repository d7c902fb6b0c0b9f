using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;

namespace Turnpike.Node.Epochs;

/// <summary>Looks up on chain what fixes an epoch.</summary>
internal static class EpochTasks
{
    /// <summary>The last active epoch before another, whose carry-over it starts from; none before the first. Epochs declared empty leave the carry-over as it was.</summary>
    public static EpochNumber Before(LedgerState now, EpochNumber epoch) => PreviousOf(now, epoch) is { } report ? new EpochNumber(report.Report.Epoch) : default;

    private static LedgerReport? PreviousOf(LedgerState now, EpochNumber epoch) => now.Reports.LastOrDefault(report => report.Report.Epoch < epoch.Value && report.Stage == ReportStage.Active);

    /// <summary>The task of an epoch that is next to settle, or was settled long ago.</summary>
    /// <param name="atSnapshot">The ledger after the snapshot block.</param>
    /// <param name="now">The ledger at any later block: commits, configuration, earlier reports.</param>
    /// <param name="snapshot">The snapshot block.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="carry">What the previous epoch left.</param>
    /// <param name="node">The rules at hand.</param>
    /// <exception cref="UnknownRulesException">The chain names other rules for this epoch.</exception>
    public static EpochTask Create(LedgerState atSnapshot, LedgerState now, BlockHeader snapshot, EpochNumber epoch, CarryOver carry, NodeContext node)
    {
        var rules = now.RulesAt(epoch);
        var ours = RulesHash.Of(node.Pack, node.Parameters);
        if (rules != ours) throw new UnknownRulesException($"Epoch {epoch} runs under rules {rules}; this program with these parameters has {ours}. Install the version that the network's governance names.");
        return new EpochTask
        {
            Epoch = epoch,
            OpenSince = PreviousOf(now, epoch) is { } previous ? new EpochNumber(previous.Report.Epoch).Next : EpochNumber.First,
            Attempt = (uint)now.Reports.Count(report => report.Report.Epoch == epoch.Value && report.Stage == ReportStage.Vetoed),
            Snapshot = snapshot,
            State = atSnapshot,
            Commits = now.CommitsOf(epoch),
            EvidenceRoot = now.EvidenceRootOf(epoch),
            RulesHash = rules,
            ConfigDigest = now.OraclesAt(epoch).ConfigDigest,
            PreviousReportHash = PreviousOf(now, epoch)?.Hash ?? Bytes32.Zero,
            Carry = carry,
        };
    }
}
