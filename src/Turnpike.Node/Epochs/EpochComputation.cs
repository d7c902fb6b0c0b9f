using System.Runtime.CompilerServices;
using Turnpike.Core;
using Turnpike.Core.Canonical;
using Turnpike.Core.Rules;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;

namespace Turnpike.Node.Epochs;

/// <summary>Everything that fixes an epoch, looked up on chain.</summary>
public sealed record EpochTask
{
    /// <summary>The epoch.</summary>
    public required EpochNumber Epoch { get; init; }

    /// <summary>The first epoch that nothing settled before this one: itself, or the first of those declared empty right before it.</summary>
    public required EpochNumber OpenSince { get; init; }

    /// <summary>Vetoes of this epoch so far.</summary>
    public required uint Attempt { get; init; }

    /// <summary>Last block with a timestamp before the epoch's end.</summary>
    public required BlockHeader Snapshot { get; init; }

    /// <summary>The ledger after the snapshot block.</summary>
    public required LedgerState State { get; init; }

    /// <summary>The epoch's certified manifests, in chain order.</summary>
    public required IReadOnlyList<EvidenceCommit> Commits { get; init; }

    /// <summary>The chain's accumulator over them.</summary>
    public required Bytes32 EvidenceRoot { get; init; }

    /// <summary>Rules in force.</summary>
    public required Bytes32 RulesHash { get; init; }

    /// <summary>Oracles in force.</summary>
    public required Bytes32 ConfigDigest { get; init; }

    /// <summary>Hash of the last activated report; zero for the first.</summary>
    public required Bytes32 PreviousReportHash { get; init; }

    /// <summary>What the previous epoch left.</summary>
    public required CarryOver Carry { get; init; }
}

/// <summary>An epoch, computed.</summary>
/// <param name="Report">What oracles sign.</param>
/// <param name="Outcome">What was decided.</param>
/// <param name="OutcomeFiles">The outcome as published.</param>
/// <param name="CarryFiles">The carry-over as published.</param>
/// <param name="Records">Evidence records read.</param>
/// <param name="Stages">What took how long; in no file, since it differs between machines.</param>
public sealed record ComputedEpoch(EpochSettlement.EpochReport Report, EpochOutcome Outcome, ShardSet OutcomeFiles, ShardSet CarryFiles, long Records, IReadOnlyList<EpochStage> Stages);

/// <summary>
/// One epoch from chain and evidence to report, the same steps for oracle, auditor and replay. Pure but for reading the evidence: equal tasks and equal bytes give
/// equal reports on every machine, whatever the number of shards.
/// </summary>
public sealed class EpochComputation(IRulePack pack, EpochEvidenceReader evidenceReader, int shards)
{
    private const long LargeEpoch = 50_000;

    /// <summary>Computes the epoch.</summary>
    /// <exception cref="EvidenceException">Evidence is missing or altered.</exception>
    public async Task<ComputedEpoch> RunAsync(EpochTask task, CancellationToken cancellation)
    {
        var stages = new StageClock();
        EpochEvidence? evidence = await evidenceReader.ReadAsync(task.Commits, task.State, cancellation);
        stages.End("evidence");
        var inputs = Gather(task, evidence);
        stages.End("inputs");
        var partials = Judge(evidence.Pieces, inputs);
        stages.End("verdicts");
        var (refusals, records) = (evidence.Refusals, evidence.Records);
        LetGo(ref evidence, records);
        var outcome = pack.Settle(partials, inputs);
        stages.End("settle");
        return Publish(task, refusals, records, inputs, outcome, stages);
    }

    internal static EpochInputs Gather(EpochTask task, EpochEvidence evidence) => new()
    {
        Epoch = task.Epoch,
        StartsAt = task.State.Clock.StartOf(task.Epoch),
        OpenSince = task.State.Clock.StartOf(task.OpenSince),
        EndsAt = task.State.Clock.EndOf(task.Epoch),
        Emission = task.State.AllowanceOf(task.Epoch),
        Price = task.State.LastPrice.Average,
        Entropy = EntropyOf(task.Snapshot),
        Registry = task.State.Snapshot(),
        Orders = OrderBook.Advance(task.Carry.Orders, evidence.Orders),
        Carry = task.Carry,
    };

    // The evidence of a large epoch is most of the memory, and the collector would leave it beside the files that are written next.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LetGo(ref EpochEvidence? evidence, long records)
    {
        evidence = null;
        if (records >= LargeEpoch) GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
    }

    private PartialOutcome[] Judge(IReadOnlyList<EvidencePiece> pieces, EpochInputs inputs)
    {
        var division = new EvidenceDivision(pack, pieces, inputs, shards);
        Cores.For(division.Parts, division.Divide);
        var partials = new PartialOutcome[shards];
        Cores.For(shards, shard => partials[shard] = pack.Verdicts(division.Shard(shard), inputs));
        return partials;
    }

    private ComputedEpoch Publish(EpochTask task, IReadOnlyList<(ushort Code, string Name, ulong Count)> refusals, long records, EpochInputs inputs, EpochOutcome outcome, StageClock stages)
    {
        var written = EpochFiles.Write(task.Carry, outcome, refusals);
        var facts = new EpochFacts
        {
            Network = task.State.Deployment.NetworkId,
            Epoch = task.Epoch,
            SnapshotBlock = task.Snapshot.Number,
            SnapshotHash = task.Snapshot.Hash,
            Entropy = inputs.Entropy,
            EvidenceRoot = task.EvidenceRoot,
            Price = inputs.Price,
            Burned = new Amount(task.State.Burned.GetValueOrDefault(task.Epoch.Value)),
            Emission = inputs.Emission,
            CarryRoot = written.PreviousCarryRoot,
            RulesHash = task.RulesHash,
        };
        var files = new ShardSet(written.Outcome.Concat(OutcomeDocument.Head(facts, outcome, written.Carry.Root, pack.Id)));
        var (rewards, charges) = (written.Rewards, written.Charges);
        var report = new EpochSettlement.EpochReport(
            NetworkId: facts.Network,
            ConfigDigest: task.ConfigDigest,
            Epoch: task.Epoch.Value,
            Attempt: task.Attempt,
            PreviousReportHash: task.PreviousReportHash,
            InputsHash: facts.Hash,
            EvidenceRoot: task.EvidenceRoot,
            RulesHash: task.RulesHash,
            OutcomeHash: files.Root,
            RewardsRoot: rewards.Root,
            CumulativeRewards: rewards.Total,
            Mint: outcome.Mint.BaseUnits,
            ChargesRoot: charges.Root,
            CumulativeCharges: charges.Total);
        stages.End("files and trees");
        return new ComputedEpoch(report, outcome, files, written.Carry, records, stages.Stages);
    }

    // Both together: a proposer chooses neither freely, and prevRandao alone may be constant on some chains.
    internal static Bytes32 EntropyOf(BlockHeader block) => Keccak256.Hash([.. block.PrevRandao.ToArray(), .. block.Hash.ToArray()]);
}
