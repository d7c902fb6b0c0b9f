using Turnpike.Core;
using Turnpike.Core.Canonical;
using Turnpike.Core.Merkle;
using Turnpike.Core.Rules;

namespace Turnpike.Node.Epochs;

/// <summary>Everything that is written of a settled epoch but the outcome's head, which names some of it by hash. Stems and trees are written on all cores.</summary>
internal sealed class EpochFiles
{
    /// <summary>The outcome's shards without its head.</summary>
    public required IReadOnlyList<Shard> Outcome { get; init; }

    public required ShardSet Carry { get; init; }

    public required Bytes32 PreviousCarryRoot { get; init; }

    public required RewardTree Rewards { get; init; }

    public required RewardTree Charges { get; init; }

    public static EpochFiles Write(CarryOver previous, EpochOutcome outcome, IReadOnlyList<(ushort Code, string Name, ulong Count)> refusals)
    {
        var sections = OutcomeDocument.Sections(outcome, refusals);
        var carried = CarryDocument.Sections(outcome.Carry);
        var shards = new IReadOnlyList<Shard>[sections.Count + carried.Count];
        RewardTree? rewards = null, charges = null;
        var previousRoot = Bytes32.Zero;
        var work = new List<Action> { () => rewards = OutcomeDocument.RewardTree(outcome), () => charges = OutcomeDocument.ChargeTree(outcome), () => previousRoot = CarryDocument.Write(previous).Root };
        work.AddRange(sections.Concat(carried).Select((section, i) => (Action)(() => shards[i] = section())));
        Cores.For(work.Count, i => work[i]());
        return new EpochFiles
        {
            Outcome = shards.Take(sections.Count).SelectMany(section => section).ToList(),
            Carry = new ShardSet(shards.Skip(sections.Count).SelectMany(section => section)),
            PreviousCarryRoot = previousRoot,
            Rewards = rewards!,
            Charges = charges!,
        };
    }
}
