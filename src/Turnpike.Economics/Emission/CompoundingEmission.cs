using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// An emission that shrinks by one factor in every epoch: io.net's hourly disinflation, 8 % of 500 million in the first year's pace, times
/// (1 - 0.0000138869523959793) each hour. Every epoch is rounded down from the one before it, so the chain of epochs is the definition.
/// </summary>
public sealed class CompoundingEmission
{
    /// <summary>A rule that emits <paramref name="first"/> in its first epoch and ends after <paramref name="epochs"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A factor above one.</exception>
    public CompoundingEmission(Amount first, Ratio factor, ulong epochs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(factor.CompareTo(Ratio.One), 0, nameof(factor));
        (First, Factor, Epochs) = (first, factor, epochs);
    }

    /// <summary>Emission of epoch 1.</summary>
    public Amount First { get; }

    /// <summary>From one epoch to the next.</summary>
    public Ratio Factor { get; }

    /// <summary>Epochs that emit.</summary>
    public ulong Epochs { get; }

    /// <summary>io.net: 175,319 hours.</summary>
    public static CompoundingEmission IoNet { get; } = new(
        new Amount(Amount.FromTokens(40_000_000).BaseUnits / 8_760), new Ratio(9_999_861_130_476_040_207, 10_000_000_000_000_000_000), 175_319);

    /// <summary>What follows an epoch that emitted so much.</summary>
    public Amount Next(Amount previous) => Factor.FloorOf(previous);

    /// <summary>The sum of epochs <paramref name="from"/> to <paramref name="through"/>, walking from the first; what lies beyond the end adds nothing.</summary>
    public Amount Total(ulong from, ulong through)
    {
        var (total, emission) = (Amount.Zero, First);
        for (var epoch = 1UL; epoch <= Math.Min(through, Epochs); epoch++)
        {
            if (epoch >= from) total += emission;
            emission = Next(emission);
        }
        return total;
    }
}
