using Turnpike.Core;
using Turnpike.Core.Canonical;
using Turnpike.Core.Rules;
using Turnpike.Evidence;
using Turnpike.Evm.Rpc;
using Turnpike.Node.Api;

namespace Turnpike.Node.Epochs;

/// <summary>Answers "why": the device's line in the published outcome, and each of its reports judged again by the same rules.</summary>
public sealed class EpochExplainer(NodeContext node, EvidenceStore store, EpochArchive archive)
{
    /// <summary>Explains a settled epoch; null when it is not settled or not here.</summary>
    public async Task<DeviceExplanation?> ExplainAsync(DeviceId device, EpochNumber epoch, CancellationToken cancellation)
    {
        if (!archive.Has(epoch) || node.History.Read(state => state.Reports.All(report => report.Report.Epoch != epoch.Value))) return null;
        var outcome = archive.ReadOutcome(epoch);
        var line = LineOf(outcome, device);
        var reports = await JudgeAsync(outcome, device, epoch, cancellation);
        var verdicts = reports.GroupBy(report => report.Code).OrderBy(group => group.Key).Select(group => new VerdictView(group.Key.Number, group.Key.Name, group.Key.Description, group.Aggregate(0UL, (sum, report) => sum + report.Reports))).ToList();
        return new DeviceExplanation(epoch.Value, device.ToString(), line?["beneficiary"].Text ?? Address.Zero.ToString(), line?["units"].Text ?? "0", line?["unpaid"].Text ?? "0",
            line?["amount"].Amount.ToTokenString() ?? "0", verdicts, reports.Select(View).ToList());
    }

    private static CanonicalValue? LineOf(ShardSet outcome, DeviceId device) =>
        outcome.Shards.Where(shard => shard.Name.StartsWith("devices-", StringComparison.Ordinal)).SelectMany(shard => CanonicalReader.ReadLines(shard.Bytes)).FirstOrDefault(line => line["device"].DeviceId == device);

    private async Task<IReadOnlyList<ReportVerdict>> JudgeAsync(ShardSet outcome, DeviceId device, EpochNumber epoch, CancellationToken cancellation)
    {
        var inputs = CanonicalReader.ReadLines(outcome.Shards.Single(shard => shard.Name.StartsWith("inputs-", StringComparison.Ordinal)).Bytes).Single();
        var snapshot = await node.Chain.BlockAsync(BlockReference.At(inputs["snapshotBlock"].UInt64), cancellation) ?? throw new InvalidOperationException("The snapshot block is not on this chain any more.");
        var now = node.History.StateAt((node.History.Block ?? snapshot).Number);
        var task = EpochTasks.Create(node.History.StateAt(snapshot.Number), now, snapshot, epoch, archive.CarryAfter(EpochTasks.Before(now, epoch)), node);
        var evidence = await new EpochEvidenceReader(FetchedEvidence.Of(node, store), node.Deployment).ReadAsync(task.Commits, task.State, cancellation);
        return node.Pack.Explain(device, evidence.Pieces, EpochComputation.Gather(task, evidence));
    }

    private static ReportView View(ReportVerdict report) => new(report.Piece.Identity.ToString(), report.Index, report.Piece.ReceivedTime, report.Piece.Boot, report.Piece.Sequence,
        report.Code.Number, report.Code.Name, report.Customer.IsZero ? null : report.Customer.ToString(), new Credits(report.Credits).ToString(), report.Reports);
}
