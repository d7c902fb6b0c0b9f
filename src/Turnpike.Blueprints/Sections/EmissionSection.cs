using Turnpike.Blueprints.Schema;

namespace Turnpike.Blueprints;

/// <summary>From an epoch on, what each epoch may mint.</summary>
/// <param name="FromEpoch">First epoch of the step, from 1.</param>
/// <param name="PerEpoch">Base units (10^-18 token) an epoch.</param>
public readonly record struct EmissionStep(ulong FromEpoch, UInt128 PerEpoch);

/// <summary>What epochs mint: the schedule, and what of the customers' burns is minted again.</summary>
public sealed record EmissionSection
{
    /// <summary>Ascending by epoch; nothing is minted before the first, the last holds for ever. Halvings are written out here.</summary>
    public required IReadOnlyList<EmissionStep> Steps { get; init; }

    /// <summary>Most that one epoch mints again of burned tokens, in base units (HIP-20 calls it net emissions).</summary>
    public required UInt128 ReemissionCap { get; init; }

    /// <summary>k in smoothed' = ((k - 1) smoothed + burned) / k.</summary>
    public required uint SmoothingEpochs { get; init; }
}

internal static class EmissionKeys
{
    private const int MostSteps = 64;
    private const ulong LastEpoch = 1_000_000_000_000;

    internal static readonly ScalarKey<ulong> FromEpoch = new("from_epoch", ScalarTypes.Integer(1, LastEpoch), "First epoch of the step; later steps begin later.");
    internal static readonly ScalarKey<UInt128> PerEpoch = new("per_epoch", AmountTypes.Tokens, "Tokens an epoch, until the next step.");
    internal static readonly ListKey Steps = new(new("steps", "The schedule, step by step. Give either this or `halving`.", [FromEpoch, PerEpoch]), 1, MostSteps) { Required = false };

    internal static readonly ScalarKey<UInt128> FirstPerEpoch = new("first_per_epoch", AmountTypes.PositiveTokens, "Tokens an epoch, from epoch 1 to the first halving.");
    internal static readonly ScalarKey<ulong> IntervalEpochs = new("interval_epochs", ScalarTypes.Integer(1, LastEpoch / MostSteps), "Epochs from one halving to the next.");
    internal static readonly ScalarKey<ulong> Halvings = new("halvings", ScalarTypes.Integer(1, MostSteps - 1), "How often the amount is halved, rounding down; after the last it stays.");
    internal static readonly GroupKey Halving = new(new("halving", "The schedule as regular halvings. Give either this or `steps`.", [FirstPerEpoch, IntervalEpochs, Halvings])) { Required = false };

    internal static readonly ScalarKey<UInt128> Cap = new("cap_per_epoch", AmountTypes.Tokens, "Most that an epoch mints again of the tokens that customers burned; 0 turns it off.");
    internal static readonly ScalarKey<ulong> Smoothing = new("smoothing_epochs", ScalarTypes.Integer(1, 365), "k of the moving average ((k - 1) x average + burned) / k whose value is minted again, up to the cap.");
    internal static readonly GroupKey Reemission = new(new("reemission", "What of the burned tokens is minted again.", [Cap, Smoothing]));

    internal static readonly GroupKey Section = new(new("emission", "What epochs mint.", [Steps, Halving, Reemission]));

    internal static EmissionSection? Read(SectionReader? section)
    {
        if (section is null) return null;
        var steps = section.Has(Steps) ? ReadSteps(section) : ReadHalving(section);
        if (section.Has(Steps) == section.Has(Halving))
            section.Problems.Add(BlueprintFault.Inconsistent, section.Node, section.Has(Steps) ? "there are both steps and halving" : "there are neither steps nor halving", "give one of the two");
        var reemission = section.Group(Reemission);
        return new EmissionSection
        {
            Steps = steps,
            ReemissionCap = reemission?.Read(Cap).Value ?? 0,
            SmoothingEpochs = (uint)(reemission?.Read(Smoothing).Value ?? 0),
        };
    }

    private static List<EmissionStep> ReadSteps(SectionReader section)
    {
        var steps = new List<EmissionStep>();
        var (last, faultless) = (0UL, true);
        foreach (var item in section.List(Steps) ?? [])
        {
            var from = item.Read(FromEpoch);
            var amount = item.Read(PerEpoch);
            faultless &= from.Given && amount.Given;
            if (from.Given && from.Value <= last)
                item.Problems.Add(BlueprintFault.Inconsistent, from.Node, $"epoch {from.Value} does not come after epoch {last}, where the step before begins", "sort the steps by epoch, each epoch once");
            if (from.Given) last = from.Value;
            steps.Add(new EmissionStep(from.Value, amount.Value));
        }
        if (faultless && steps.Count > 0 && steps.All(step => step.PerEpoch == 0))
            section.Problems.Add(BlueprintFault.Inconsistent, section.Node, "no step mints anything", "let at least one step mint more than 0");
        return steps;
    }

    private static List<EmissionStep> ReadHalving(SectionReader section)
    {
        if (section.Group(Halving) is not { } halving) return [];
        var (first, interval, count) = (halving.Read(FirstPerEpoch), halving.Read(IntervalEpochs), halving.Read(Halvings));
        if (!first.Given || !interval.Given || !count.Given) return [];
        return [.. Enumerable.Range(0, (int)count.Value + 1).Select(index => new EmissionStep(1 + (ulong)index * interval.Value, first.Value >> index))];
    }
}
