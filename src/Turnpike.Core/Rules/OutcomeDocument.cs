using Turnpike.Core.Canonical;
using Turnpike.Core.Merkle;

namespace Turnpike.Core.Rules;

/// <summary>
/// An outcome as files: canonical JSON Lines in shards, the same bytes on every machine. Stems: header, inputs, devices, pools, rewards, charges, clones, refusals.
/// The root over all shards is the report's outcomeHash.
/// </summary>
public static class OutcomeDocument
{
    /// <summary>Most bytes in a shard.</summary>
    public const int ShardBytes = 8 << 20;

    /// <summary>Writes the shards.</summary>
    /// <param name="facts">What the epoch was computed from.</param>
    /// <param name="outcome">What it decided.</param>
    /// <param name="refusals">What the gateways refused at the door, by code; sorted by code.</param>
    /// <param name="pack">The rule pack's name.</param>
    public static ShardSet Write(EpochFacts facts, EpochOutcome outcome, IReadOnlyList<(ushort Code, string Name, ulong Count)> refusals, string pack)
    {
        var carryRoot = CarryDocument.Write(outcome.Carry).Root;
        return new ShardSet(Sections(outcome, refusals).SelectMany(section => section()).Concat(Head(facts, outcome, carryRoot, pack)));
    }

    /// <summary>The shards stem by stem but for the head, each written when it is called for, on any thread.</summary>
    public static IReadOnlyList<Func<IReadOnlyList<Shard>>> Sections(EpochOutcome outcome, IReadOnlyList<(ushort Code, string Name, ulong Count)> refusals) =>
    [
        () => Lines("devices", outcome.Devices, WriteDevice),
        () => Lines("pools", outcome.Pools, WritePool),
        () => Lines("rewards", WithPrefix(outcome.Rewards, line => line.Cumulative.BaseUnits), WriteReward),
        () => Lines("charges", WithPrefix(outcome.Charges, line => line.Cumulative), WriteCharge),
        () => Lines("clones", outcome.Clones, WriteClone),
        () => Lines("refusals", refusals, (writer, refusal) => writer.Field("code", (ulong)refusal.Code).Field("name", refusal.Name).Field("count", refusal.Count)),
    ];

    /// <summary>The shards that state what the epoch was computed from and what it comes to: header and inputs.</summary>
    /// <param name="facts">What the epoch was computed from.</param>
    /// <param name="outcome">What it decided.</param>
    /// <param name="carryRoot">Root of the carry-over that it leaves.</param>
    /// <param name="pack">The rule pack's name.</param>
    public static IReadOnlyList<Shard> Head(EpochFacts facts, EpochOutcome outcome, Bytes32 carryRoot, string pack) =>
        [.. Lines("header", [outcome], (writer, _) => WriteHeader(writer, facts, outcome, carryRoot, pack)), .. facts.Document().Shards];

    /// <summary>The tree whose root is the report's rewardsRoot.</summary>
    public static RewardTree RewardTree(EpochOutcome outcome) => Merkle.RewardTree.Build(outcome.Rewards.Select(line => (line.Account, line.Cumulative.BaseUnits)));

    /// <summary>The tree whose root is the report's chargesRoot.</summary>
    public static RewardTree ChargeTree(EpochOutcome outcome) => Merkle.RewardTree.Build(outcome.Charges.Select(line => (line.Customer, line.Cumulative)));

    private static void WriteHeader(CanonicalWriter writer, EpochFacts facts, EpochOutcome outcome, Bytes32 carryRoot, string pack) => writer
        .Field("format", "turnpike-outcome-1")
        .Field("network", facts.Network).Field("epoch", facts.Epoch.Value).Field("pack", pack)
        .Field("rulesHash", facts.RulesHash).Field("inputsHash", facts.Hash).Field("carryHash", carryRoot)
        .Field("mint", outcome.Mint)
        .Field("reports", Reports(outcome, accepted: false)).Field("accepted", Reports(outcome, accepted: true))
        .Field("units", Sum(outcome.Devices, line => line.Units))
        .Field("unpaid", Sum(outcome.Devices, line => line.Unpaid))
        .Field("charged", Sum(outcome.Charges, line => line.Charged));

    private static void WriteDevice(CanonicalWriter writer, DeviceLine line)
    {
        writer.Field("device", line.Device).Field("beneficiary", line.Beneficiary).Field("units", line.Units).Field("unpaid", line.Unpaid).Field("amount", line.Amount);
        writer.BeginArray("verdicts");
        foreach (var count in line.Verdicts) writer.BeginObject().Field("code", (ulong)count.Code.Number).Field("name", count.Code.Name).Field("reports", count.Reports).EndObject();
        writer.EndArray();
    }

    private static void WritePool(CanonicalWriter writer, PoolLine line) => writer
        .Field("pool", line.Name).Field("available", line.Available).Field("paid", line.Paid).Field("dust", line.Dust).Field("passedOn", line.PassedOn);

    private static void WriteReward(CanonicalWriter writer, (int Index, RewardLine Line, UInt128 PrefixSum) leaf) => writer
        .Field("index", (ulong)leaf.Index).Field("account", leaf.Line.Account).Field("amount", leaf.Line.Amount).Field("cumulative", leaf.Line.Cumulative).Field("prefixSum", leaf.PrefixSum);

    private static void WriteCharge(CanonicalWriter writer, (int Index, ChargeLine Line, UInt128 PrefixSum) leaf) => writer
        .Field("index", (ulong)leaf.Index).Field("customer", leaf.Line.Customer).Field("charged", leaf.Line.Charged).Field("unpaid", leaf.Line.Unpaid)
        .Field("cumulative", leaf.Line.Cumulative).Field("prefixSum", leaf.PrefixSum);

    private static void WriteClone(CanonicalWriter writer, CloneFault fault) => writer
        .Field("device", fault.Device).Field("boot", fault.Boot).Field("sequence", fault.Sequence).Field("first", fault.First).Field("second", fault.Second);

    private static IReadOnlyList<Shard> Lines<T>(string stem, IReadOnlyList<T> items, Action<CanonicalWriter, T> write)
    {
        var writer = new CanonicalWriter(stem, ShardBytes);
        foreach (var item in items)
        {
            writer.BeginLine();
            write(writer, item);
            writer.EndLine();
        }
        return writer.Complete().Shards;
    }

    private static List<(int Index, T Line, UInt128 PrefixSum)> WithPrefix<T>(IReadOnlyList<T> lines, Func<T, UInt128> cumulative)
    {
        var prefix = UInt128.Zero;
        return lines.Select((line, index) => (index, line, prefix = checked(prefix + cumulative(line)))).ToList();
    }

    private static UInt128 Sum<T>(IReadOnlyList<T> lines, Func<T, UInt128> value)
    {
        var sum = UInt128.Zero;
        foreach (var line in lines) sum += value(line);
        return sum;
    }

    private static ulong Reports(EpochOutcome outcome, bool accepted)
    {
        var sum = 0UL;
        foreach (var line in outcome.Devices)
            foreach (var count in line.Verdicts)
                if (!accepted || count.Code == VerdictCode.Accepted) sum += count.Reports;
        return sum;
    }
}
