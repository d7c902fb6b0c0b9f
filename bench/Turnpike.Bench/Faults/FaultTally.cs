using System.Numerics;
using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;
using Turnpike.Node;
using Turnpike.Node.Audit;
using Turnpike.Node.Epochs;

namespace Turnpike.Bench.Faults;

/// <summary>What a run came to.</summary>
/// <param name="Reports">Honest reports that a gateway acknowledged.</param>
/// <param name="Epochs">Epochs settled and minted.</param>
/// <param name="Duplicates">Further copies of them, recognised and not paid.</param>
/// <param name="Problems">Each broken promise; none is the only good outcome.</param>
internal sealed record FaultResult(int Reports, ulong Epochs, int Duplicates, IReadOnlyList<string> Problems)
{
    /// <summary>Processes killed.</summary>
    public int Kills { get; init; }
}

/// <summary>
/// Counts again what the network paid, from the chain's logs and the published evidence: each acknowledged report accepted in exactly one epoch, one report and one mint an epoch,
/// cumulative sums that are the sums of their epochs, every epoch reproduced.
/// </summary>
internal sealed class FaultTally(NodeContext node, IReadOnlyList<FaultReport> reports, IReadOnlyList<Uri> publishers)
{
    private readonly List<string> _problems = [];
    private readonly Dictionary<Bytes32, List<ulong>> _accepted = [];
    private readonly Dictionary<string, int> _verdicts = [];
    private UInt128 _charged;

    public async Task<FaultResult> CountAsync(ulong lastEpoch, CancellationToken cancellation)
    {
        var head = await node.Chain.BlockAsync(BlockReference.Latest, cancellation) ?? throw new InvalidOperationException("The chain has no block.");
        await new LedgerFollower(node.Chain, node.History, new ChainFollowerOptions { To = FollowTo.Latest }, node.Time).RunUntilAsync(head.Number, cancellation);
        var ledger = node.History.StateAt(head.Number);
        await CheckMintsAsync(ledger, lastEpoch, head.Number, cancellation);
        await RecomputeAsync(ledger, head, cancellation);
        foreach (var publisher in publishers) await AuditAsync(publisher, lastEpoch, cancellation);
        CheckReports(ledger);
        return new FaultResult(reports.Count, ledger.LastClosedEpoch, _verdicts.Where(verdict => verdict.Key != VerdictCode.Accepted.Name).Sum(verdict => verdict.Value), _problems);
    }

    private async Task CheckMintsAsync(LedgerState ledger, ulong lastEpoch, ulong head, CancellationToken cancellation)
    {
        var filter = new LogFilter { Addresses = [node.Deployment.Emissions, node.Deployment.Settlement] };
        var (mints, settled) = (new Dictionary<ulong, int>(), new Dictionary<ulong, int>());
        await foreach (var log in new LogReader(node.Chain).ReadAsync(filter, node.Deployment.FirstBlock, head, cancellation))
        {
            if (Emissions.EmissionMintedEvent.TryDecode(log, out var mint)) mints[mint.Epoch] = mints.GetValueOrDefault(mint.Epoch) + 1;
            else if (EpochSettlement.EpochSettledEvent.TryDecode(log, out var report)) settled[report.Epoch] = settled.GetValueOrDefault(report.Epoch) + 1;
        }
        for (var epoch = 1UL; epoch <= lastEpoch; epoch++)
        {
            if (mints.GetValueOrDefault(epoch) != 1) _problems.Add($"epoch {epoch} was minted {mints.GetValueOrDefault(epoch)} times");
            if (settled.GetValueOrDefault(epoch) != 1) _problems.Add($"epoch {epoch} was settled {settled.GetValueOrDefault(epoch)} times");
        }
        var minted = ledger.Minted.Values.Aggregate(UInt128.Zero, (sum, amount) => sum + amount);
        if (ledger.Active?.Report.CumulativeRewards != minted) _problems.Add($"the cumulative rewards are {ledger.Active?.Report.CumulativeRewards}, the mints sum to {minted}");
        var held = await node.Chain.CallAsync(node.Deployment.Token, new NetworkToken.BalanceOfCall(node.Deployment.Distributor), BlockReference.Latest, cancellation);
        var claimed = ledger.Claimed.Values.Aggregate(UInt128.Zero, (sum, amount) => sum + amount);
        if (held + (BigInteger)claimed != (BigInteger)minted) _problems.Add($"the distributor holds {held} and paid {claimed}, {minted} were minted for it");
    }

    private async Task RecomputeAsync(LedgerState ledger, BlockHeader head, CancellationToken cancellation)
    {
        var carry = CarryOver.Empty;
        var source = new PublishedEvidence(node.Http, commit => PublishedEvidence.PlacesOf(ledger, commit));
        var reader = new EpochEvidenceReader(source, node.Deployment);
        foreach (var settled in ledger.Reports.Where(report => report.Stage == ReportStage.Active))
        {
            var epoch = new EpochNumber(settled.Report.Epoch);
            var snapshot = await SnapshotBlock.FindAsync(node.Chain, ledger.Clock.EndSecondsOf(epoch), node.Deployment.FirstBlock, head, cancellation) ?? throw new InvalidOperationException($"Epoch {epoch} has not ended.");
            var task = EpochTasks.Create(node.History.StateAt(snapshot.Number), ledger, snapshot, epoch, carry, node);
            var computed = await new EpochComputation(node.Pack, reader, 1).RunAsync(task, cancellation);
            if (computed.Report.OutcomeHash != settled.Report.OutcomeHash) _problems.Add($"epoch {epoch} is settled with outcome {settled.Report.OutcomeHash}, its evidence gives {computed.Report.OutcomeHash}");
            var evidence = await reader.ReadAsync(task.Commits, task.State, cancellation);
            var inputs = EpochComputation.Gather(task, evidence);
            foreach (var device in evidence.Pieces.Select(piece => piece.Device).Distinct())
                foreach (var verdict in node.Pack.Explain(device, evidence.Pieces, inputs)) Note(epoch.Value, verdict);
            _charged = computed.Report.CumulativeCharges;
            carry = computed.Outcome.Carry;
        }
    }

    private void Note(ulong epoch, ReportVerdict verdict)
    {
        _verdicts[verdict.Code.Name] = _verdicts.GetValueOrDefault(verdict.Code.Name) + 1;
        // A copy may be a duplicate, or stale where its manifest came two epochs later: what counts is that the report is accepted once.
        if (verdict.Code != VerdictCode.Accepted) return;
        if (!_accepted.TryGetValue(verdict.Piece.Identity, out var epochs)) _accepted[verdict.Piece.Identity] = epochs = [];
        epochs.Add(epoch);
    }

    private async Task AuditAsync(Uri publisher, ulong lastEpoch, CancellationToken cancellation)
    {
        var count = 0UL;
        await foreach (var audit in new Auditor(node, publisher).RunAsync(null, cancellation))
        {
            if (!audit.IsReproduced) _problems.Add($"audit of epoch {audit.Epoch} at {publisher}: {audit.Difference}");
            else count++;
        }
        if (count < lastEpoch) _problems.Add($"{count} of {lastEpoch} epochs are reproduced from what {publisher} publishes");
    }

    private void CheckReports(LedgerState ledger)
    {
        foreach (var report in reports)
        {
            var epochs = _accepted.GetValueOrDefault(report.Identity) ?? [];
            if (report.Identity.IsZero) _problems.Add("a report was never acknowledged");
            else if (epochs.Count != 1) _problems.Add($"report {report.Identity} is paid {epochs.Count} times ({string.Join(", ", epochs)})");
        }
        var strangers = _accepted.Keys.Except(reports.Select(report => report.Identity)).Count();
        if (strangers > 0) _problems.Add($"{strangers} reports are paid that no device of ours was told are kept");
        if (_charged != (UInt128)reports.Count) _problems.Add($"{_charged} credits are charged in all, {reports.Count} reports cost one each");
        if (ledger.Active?.Report.CumulativeCharges != _charged) _problems.Add($"the chain has cumulative charges {ledger.Active?.Report.CumulativeCharges}");
    }
}
