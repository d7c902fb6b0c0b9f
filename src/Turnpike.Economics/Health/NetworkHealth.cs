using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// A network's vital signs over a period, from settled or from simulated epochs by the same code. Shares are millionths, rounded down; a figure whose base is nothing is
/// null rather than zero.
/// </summary>
public sealed record NetworkHealth
{
    private const ulong Million = 1_000_000;

    /// <summary>Share of contributors' pay that customers did not cover: 1 - revenue / rewards, 0 when they covered it all. Null without a price or rewards.</summary>
    public required uint? SubsidyPpm { get; init; }

    /// <summary>Burned over minted; above 1,000,000 the supply shrinks.</summary>
    public required ulong? BurnToMintPpm { get; init; }

    /// <summary>Share of revenue whose payer does not earn from it himself.</summary>
    public required uint? OrganicPpm { get; init; }

    /// <summary>Dollars of reward for each dollar of revenue, in millionths: above 1,000,000 a buyer who is also the seller profits from wash demand.</summary>
    public required ulong? RewardPerRevenuePpm { get; init; }

    /// <summary>Net growth of the supply a year at the period's pace; below zero it shrinks.</summary>
    public required long? DilutionPpmPerYear { get; init; }

    /// <summary>Among operators, by tokens earned.</summary>
    public required Concentration Operators { get; init; }

    /// <summary>Among payers, by credits charged.</summary>
    public required Concentration Payers { get; init; }

    /// <summary>Among holders, by tokens; what the list leaves of the supply counts as held by many.</summary>
    public required Concentration Holders { get; init; }

    /// <summary>A line a hardware class; empty without a price.</summary>
    public required IReadOnlyList<Payback> Payback { get; init; }

    /// <summary>Epochs that the treasury lasts at its pace; null when it spends nothing.</summary>
    public required ulong? RunwayEpochs { get; init; }

    /// <summary>Measures a period.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No epochs.</exception>
    public static NetworkHealth Of(HealthFacts facts)
    {
        ArgumentOutOfRangeException.ThrowIfZero(facts.Epochs);
        var rewards = facts.Price is { IsZero: false } price ? price.CreditsFloor(facts.Rewards) : Credits.Zero;
        return new NetworkHealth
        {
            SubsidyPpm = rewards.Count == 0 ? null : (uint)Share(UInt128.Max(rewards.Count, facts.Revenue.Count) - facts.Revenue.Count, rewards.Count)!,
            BurnToMintPpm = Share(facts.Burned.BaseUnits, facts.Minted.BaseUnits),
            OrganicPpm = (uint?)Share(facts.Revenue.Count - UInt128.Min(facts.SelfDealt.Count, facts.Revenue.Count), facts.Revenue.Count),
            RewardPerRevenuePpm = facts.Price is null or { IsZero: true } ? null : Share(rewards.Count, facts.Revenue.Count),
            DilutionPpmPerYear = Dilution(facts),
            Operators = Concentration.Of(facts.Operators),
            Payers = Concentration.Of(facts.Payers),
            Holders = Concentration.Of(facts.Holders, facts.Supply.BaseUnits),
            Payback = facts.Price is { IsZero: false } usable ? [.. facts.Hardware.Select(hardware => Economics.Payback.Of(hardware, facts.Epochs, usable))] : [],
            RunwayEpochs = facts.SpendingPerEpoch.Count == 0 ? null : (ulong)UInt128.Min(facts.Treasury.Count / facts.SpendingPerEpoch.Count, ulong.MaxValue),
        };
    }

    private static ulong? Share(UInt128 part, UInt128 whole) =>
        whole == UInt128.Zero ? null : (ulong)MulDiv.FloorUpTo(ulong.MaxValue, part, Million, whole);

    private static long? Dilution(HealthFacts facts)
    {
        var before = facts.Supply + facts.Burned;
        if (before <= facts.Minted) return null;
        before -= facts.Minted;
        var (grown, isGrowth) = facts.Minted >= facts.Burned ? (facts.Minted - facts.Burned, true) : (facts.Burned - facts.Minted, false);
        var perPeriod = MulDiv.FloorUpTo(long.MaxValue, grown.BaseUnits, Million, before.BaseUnits);
        var perYear = (long)MulDiv.FloorUpTo(long.MaxValue, perPeriod, facts.EpochsPerYear, facts.Epochs);
        return isGrowth ? perYear : -perYear;
    }
}
