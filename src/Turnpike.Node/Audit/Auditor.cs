using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using Turnpike.Core;
using Turnpike.Core.Canonical;
using Turnpike.Core.Rules;
using Turnpike.Evidence;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;
using Turnpike.Node.Api;
using Turnpike.Node.Epochs;
using Turnpike.Node.Mirror;

namespace Turnpike.Node.Audit;

/// <summary>What an audit found of one epoch.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Difference">The first difference between what is published and what the evidence gives; null when there is none.</param>
/// <param name="Records">Evidence records judged again.</param>
public sealed record EpochAudit(ulong Epoch, string? Difference, long Records)
{
    /// <summary>Whether the epoch was reproduced bit for bit.</summary>
    public bool IsReproduced => Difference is null;
}

/// <summary>
/// Recomputes epochs from public data only: the chain's logs and headers, and what gateways, oracles and, where one is named, a mirror serve by hash. It shares nothing with a running node but the code.
/// An audit of all epochs carries its own state from the first to the last; an audit of one epoch begins with the published carry-over, proved against
/// the previous outcome's hash on chain.
/// </summary>
public sealed class Auditor(NodeContext node, Uri? publisher = null, EvidenceMirror? mirror = null)
{
    private readonly Uri _publisher = publisher ?? node.Network.Node;

    /// <summary>Audits every active epoch, or one.</summary>
    public async IAsyncEnumerable<EpochAudit> RunAsync(EpochNumber? only, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var head = await node.Chain.BlockAsync(BlockReference.Latest, cancellation) ?? throw new InvalidOperationException("The chain has no block.");
        await new LedgerFollower(node.Chain, node.History, new ChainFollowerOptions { To = FollowTo.Latest }, node.Time).RunUntilAsync(head.Number, cancellation);
        var ledger = node.History.StateAt(head.Number);
        var carry = CarryOver.Empty;
        foreach (var settled in ledger.Reports.Where(report => report.Stage == ReportStage.Active))
        {
            var epoch = new EpochNumber(settled.Report.Epoch);
            if (only is { } wanted && wanted != epoch) continue;
            var (audit, next) = await AuditAsync(settled, ledger, head, only is null ? carry : null, cancellation);
            yield return audit;
            if (next is null) yield break;
            carry = next;
        }
    }

    private async Task<(EpochAudit Audit, CarryOver? Carry)> AuditAsync(LedgerReport settled, LedgerState ledger, BlockHeader head, CarryOver? carry, CancellationToken cancellation)
    {
        var epoch = new EpochNumber(settled.Report.Epoch);
        try
        {
            carry ??= await PublishedCarryAsync(ledger, epoch, cancellation);
            var snapshot = await SnapshotBlock.FindAsync(node.Chain, ledger.Clock.EndSecondsOf(epoch), node.Deployment.FirstBlock, head, cancellation) ?? throw new EvidenceException("The epoch has not ended.");
            var task = EpochTasks.Create(node.History.StateAt(snapshot.Number), ledger, snapshot, epoch, carry, node);
            var published = new PublishedEvidence(node.Http, commit => PublishedEvidence.PlacesOf(ledger, commit));
            IEvidenceSource source = mirror is null ? published : new EitherEvidence(published, new MirroredEvidence(mirror));
            var computed = await new EpochComputation(node.Pack, new EpochEvidenceReader(source, node.Deployment), Environment.ProcessorCount).RunAsync(task, cancellation);
            var difference = Compare(settled.Report, computed.Report)
                ?? await CompareFilesAsync(epoch, "outcome", computed.OutcomeFiles, cancellation)
                ?? await CompareFilesAsync(epoch, "carry", computed.CarryFiles, cancellation);
            return (new EpochAudit(epoch.Value, difference, computed.Records), difference is null ? computed.Outcome.Carry : null);
        }
        catch (Exception fault) when (fault is EvidenceException or UnknownRulesException or FormatException)
        {
            return (new EpochAudit(epoch.Value, fault.Message, 0), null);
        }
    }

    // outcomeHash on chain -> shards of the previous outcome -> its header's carryHash -> shards of the carry-over.
    private async Task<CarryOver> PublishedCarryAsync(LedgerState ledger, EpochNumber epoch, CancellationToken cancellation)
    {
        var previous = ledger.Reports.LastOrDefault(report => report.Stage == ReportStage.Active && report.Report.Epoch < epoch.Value);
        if (previous is null) return CarryOver.Empty;
        var number = new EpochNumber(previous.Report.Epoch);
        var outcome = await FetchAsync(number, "outcome", cancellation);
        if (outcome.Root != previous.Report.OutcomeHash) throw new EvidenceException($"outcome of epoch {number}: its root is {outcome.Root}, the chain has {previous.Report.OutcomeHash}");
        var header = CanonicalReader.ReadLines(outcome.Shards.Single(shard => shard.Name.StartsWith("header-", StringComparison.Ordinal)).Bytes).Single();
        var carry = await FetchAsync(number, "carry", cancellation);
        if (carry.Root != header["carryHash"].Bytes32) throw new EvidenceException($"carry-over of epoch {number}: its root is {carry.Root}, the outcome has {header["carryHash"].Text}");
        return CarryDocument.Read(carry);
    }

    private static string? Compare(EpochSettlement.EpochReport chain, EpochSettlement.EpochReport ours)
    {
        (string Field, object Chain, object Ours)[] fields =
        [
            ("networkId", chain.NetworkId, ours.NetworkId), ("configDigest", chain.ConfigDigest, ours.ConfigDigest), ("attempt", chain.Attempt, ours.Attempt),
            ("previousReportHash", chain.PreviousReportHash, ours.PreviousReportHash), ("rulesHash", chain.RulesHash, ours.RulesHash), ("evidenceRoot", chain.EvidenceRoot, ours.EvidenceRoot),
            ("inputsHash", chain.InputsHash, ours.InputsHash), ("mint", chain.Mint, ours.Mint), ("rewardsRoot", chain.RewardsRoot, ours.RewardsRoot),
            ("cumulativeRewards", chain.CumulativeRewards, ours.CumulativeRewards), ("chargesRoot", chain.ChargesRoot, ours.ChargesRoot),
            ("cumulativeCharges", chain.CumulativeCharges, ours.CumulativeCharges), ("outcomeHash", chain.OutcomeHash, ours.OutcomeHash),
        ];
        var first = fields.FirstOrDefault(field => !field.Chain.Equals(field.Ours));
        return first.Field is null ? null : $"report, {first.Field}: the chain has {first.Chain}, the evidence gives {first.Ours}";
    }

    // Shard by shard: what is published of a large epoch need not lie in memory beside what was computed.
    private async Task<string?> CompareFilesAsync(EpochNumber epoch, string part, ShardSet ours, CancellationToken cancellation)
    {
        var published = await ListAsync(epoch, part, cancellation);
        foreach (var shard in ours.Shards)
        {
            if (!published.Contains(shard.Name)) return $"{part}, {shard.Name}: not published";
            var theirs = await ShardAsync(epoch, part, shard.Name, cancellation);
            var at = shard.Bytes.Span.CommonPrefixLength(theirs);
            if (at == shard.Bytes.Length && at == theirs.Length) continue;
            var line = shard.Bytes.Span[..at].Count((byte)'\n') + 1;
            return $"{part}, {shard.Name}, line {line}, byte {at}: what is published is not what the evidence gives";
        }
        return published.Count == ours.Shards.Count ? null : $"{part}: {published.Count} shards are published, the evidence gives {ours.Shards.Count}";
    }

    private async Task<ShardSet> FetchAsync(EpochNumber epoch, string part, CancellationToken cancellation)
    {
        var shards = new List<Shard>();
        foreach (var name in await ListAsync(epoch, part, cancellation)) shards.Add(await GuardAsync(epoch, part, async () => new Shard(name, await ShardAsync(epoch, part, name, cancellation))));
        return new ShardSet(shards);
    }

    private async Task<HashSet<string>> ListAsync(EpochNumber epoch, string part, CancellationToken cancellation)
    {
        var views = await GuardAsync(epoch, part, () => node.Http.GetFromJsonAsync<List<ShardView>>(UrlOf(epoch, part), cancellation)) ?? [];
        var names = views.Select(view => view.Name).ToHashSet(StringComparer.Ordinal);
        return names.Count == views.Count ? names : throw new EvidenceException($"{part} of epoch {epoch}: {_publisher} lists a shard twice");
    }

    private Task<byte[]> ShardAsync(EpochNumber epoch, string part, string name, CancellationToken cancellation) =>
        GuardAsync(epoch, part, () => node.Http.GetByteArrayAsync(new Uri($"{UrlOf(epoch, part)}/{name}"), cancellation));

    private Uri UrlOf(EpochNumber epoch, string part) => new(_publisher, $"v1/epochs/{epoch}/{part}");

    private async Task<T> GuardAsync<T>(EpochNumber epoch, string part, Func<Task<T>> fetch)
    {
        try
        {
            return await fetch();
        }
        catch (Exception fault) when (fault is HttpRequestException or System.Text.Json.JsonException or ArgumentException or UriFormatException)
        {
            throw new EvidenceException($"{part} of epoch {epoch}: cannot be read from {_publisher}: {fault.Message}", fault);
        }
    }
}
