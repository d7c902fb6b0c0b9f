using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Node.Epochs;

namespace Turnpike.Node.Oracle;

/// <summary>An epoch that this oracle computed and signed.</summary>
/// <param name="Computed">The epoch.</param>
/// <param name="Digest">What was signed.</param>
/// <param name="Signature">This oracle's signature.</param>
public sealed record SignedEpoch(ComputedEpoch Computed, Bytes32 Digest, Secp256k1Signature Signature);

/// <summary>
/// What an oracle does without its own loop: compute and sign the next epoch. It signs only what it computed itself, from a finalized chain, and only once.
/// </summary>
public sealed class OracleWork(NodeContext node, EvidenceStore store, EpochArchive archive, SignOnce signOnce, IDigestSigner oracle)
{
    private readonly SigningDomain _settlement = new(node.Deployment.ChainId, node.Deployment.Settlement);
    private readonly Lock _lock = new();
    private SignedEpoch? _latest;
    // Finality may fail: what was signed from a block that is gone is computed anew for the branch that is there.
    private Bytes32 _latestSnapshot;
    private EpochNumber _checked;

    /// <summary>This oracle's account.</summary>
    public Address Account => oracle.Address;

    /// <summary>The epoch signed last.</summary>
    public SignedEpoch? Latest
    {
        get
        {
            lock (_lock) return _latest;
        }
    }

    /// <summary>Computes and signs the epoch that is next to settle, if the chain is final far enough; null while it is not.</summary>
    /// <exception cref="EvidenceException">Evidence is missing or altered.</exception>
    /// <exception cref="UnknownRulesException">The chain names other rules.</exception>
    public async Task<SignedEpoch?> ComputeNextAsync(CancellationToken cancellation)
    {
        if (await NextTaskAsync(cancellation) is not { } task || Backup.SigningFloor.Forbids(node.Folder, task.Epoch)) return null;
        if (Latest is { } latest && _latestSnapshot == task.Snapshot.Hash && latest.Computed.Report.Epoch == task.Epoch.Value && latest.Computed.Report.Attempt == task.Attempt && latest.Computed.Report.PreviousReportHash == task.PreviousReportHash
            && latest.Computed.Report.EvidenceRoot == task.EvidenceRoot) return latest;
        var computed = await ComputeAsync(task, cancellation);
        var digest = _settlement.Report(computed.Report);
        if (!signOnce.TryBind(task.ConfigDigest, task.Epoch.Value, task.Attempt, computed.Report.InputsHash, digest))
            throw new EvidenceException($"Epoch {task.Epoch} was signed before with another outcome for the same inputs; this oracle signs nothing more until that is explained.");
        var signed = new SignedEpoch(computed, digest, await oracle.SignAsync(digest, cancellation));
        node.Meters.Oracle.NoteSignature();
        lock (_lock) _latest = signed;
        _latestSnapshot = task.Snapshot.Hash;
        return signed;
    }

    private async Task<EpochTask?> NextTaskAsync(CancellationToken cancellation)
    {
        var finalized = await node.Chain.BlockAsync(BlockReference.Finalized, cancellation);
        if (finalized is null || node.History.Block is not { } head || head.Number < finalized.Number) return null;
        var (epoch, clock, grace, pending, active) = node.History.Read(state => (new EpochNumber(state.LastClosedEpoch + 1), state.Clock, (long)state.Grace.TotalSeconds, state.Pending, state.Active?.Report.Epoch ?? 0));
        // Commits are final too once a finalized block is past the commit window.
        var isDue = pending is null && (long)finalized.Timestamp >= clock.EndSecondsOf(epoch) + grace && IsClosedFinally(epoch, finalized);
        if (!isDue && _checked.Value >= active) return null;
        var now = node.History.StateAt(head.Number);
        await CatchUpAsync(now, epoch, finalized, cancellation);
        return isDue ? await TaskAsync(now, epoch, finalized, cancellation) : null;
    }

    // The report before is named in the next one: what closed it must not go away again.
    private bool IsClosedFinally(EpochNumber epoch, BlockHeader finalized) => node.History.StateAt(finalized.Number).LastClosedEpoch + 1 == epoch.Value;

    private async Task<EpochTask?> TaskAsync(LedgerState now, EpochNumber epoch, BlockHeader finalized, CancellationToken cancellation)
    {
        var snapshot = await SnapshotBlock.FindAsync(node.Chain, now.Clock.EndSecondsOf(epoch), node.Deployment.FirstBlock, finalized, cancellation);
        return snapshot is null ? null : EpochTasks.Create(node.History.StateAt(snapshot.Number), now, snapshot, epoch, archive.CarryAfter(EpochTasks.Before(now, epoch)), node);
    }

    // An oracle that was away computes what the others settled meanwhile, so that it has the carry-over for the next epoch, and so that it never builds on what it has not checked.
    private async Task CatchUpAsync(LedgerState now, EpochNumber epoch, BlockHeader finalized, CancellationToken cancellation)
    {
        foreach (var settled in now.Reports.Where(report => report.Stage == ReportStage.Active && report.Report.Epoch < epoch.Value))
        {
            var past = new EpochNumber(settled.Report.Epoch);
            if (_checked >= past || (archive.Has(past) && archive.ReadOutcome(past).Root == settled.Report.OutcomeHash))
            {
                _checked = past;
                continue;
            }
            var task = await TaskAsync(now, past, finalized, cancellation) ?? throw new EvidenceException($"Epoch {past} is settled, but its end is not final here yet.");
            var computed = await ComputeAsync(task, cancellation);
            if (computed.OutcomeFiles.Root != settled.Report.OutcomeHash)
            {
                node.Watch.Alerts.Happened(Operations.AlertCode.OraclesDisagree, $"epoch {past}", $"Epoch {past} is active with outcome {settled.Report.OutcomeHash}; the evidence gives {computed.OutcomeFiles.Root}.");
                throw new EvidenceException($"Epoch {past} is active with outcome {settled.Report.OutcomeHash}; the evidence gives {computed.OutcomeFiles.Root}. More than {node.History.Read(state => state.OraclesAt(past).Faulty)} oracles signed something else: run an audit and tell the guardian.");
            }
            _checked = past;
        }
    }

    private async Task<ComputedEpoch> ComputeAsync(EpochTask task, CancellationToken cancellation)
    {
        using var span = Telemetry.Traces.Epoch("epoch.compute", task.Epoch.Value);
        var begun = System.Diagnostics.Stopwatch.GetTimestamp();
        var computed = await new EpochComputation(node.Pack, new EpochEvidenceReader(FetchedEvidence.Of(node, store), node.Deployment), Environment.ProcessorCount).RunAsync(task, cancellation);
        archive.Write(task.Epoch, computed.OutcomeFiles, computed.CarryFiles);
        node.Meters.Epochs.NoteComputed(System.Diagnostics.Stopwatch.GetElapsedTime(begun));
        return computed;
    }
}
