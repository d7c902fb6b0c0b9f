using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// Inflation that chases a bonding goal (Cosmos SDK x/mint, Akash): in a year it moves by at most <see cref="MaxChangePpm"/> times how far the bonded share is from the
/// goal, inside a band. Rates are millionths a year.
/// </summary>
/// <param name="MinPpm">Bottom of the band.</param>
/// <param name="MaxPpm">Top of the band.</param>
/// <param name="GoalBondedPpm">The goal, above zero; 670,000 at Cosmos.</param>
/// <param name="MaxChangePpm">Most change in a year.</param>
public sealed record StakingInflation(long MinPpm, long MaxPpm, long GoalBondedPpm, long MaxChangePpm)
{
    private const long Million = 1_000_000;

    /// <summary>The rate after one of <paramref name="epochsPerYear"/> epochs; the change is rounded toward zero.</summary>
    public long Next(long ratePpm, long bondedPpm, long epochsPerYear)
    {
        // (1 - bonded / goal) * maxChange / epochs
        var change = (Int128)(GoalBondedPpm - bondedPpm) * MaxChangePpm / ((Int128)GoalBondedPpm * epochsPerYear);
        return Math.Clamp(ratePpm + (long)change, MinPpm, MaxPpm);
    }

    /// <summary>What one epoch mints, rounded down.</summary>
    public static Amount Provision(Amount supply, long ratePpm, long epochsPerYear) =>
        new(MulDiv.Floor(supply.BaseUnits, (ulong)ratePpm, (UInt128)Million * (ulong)epochsPerYear));
}
