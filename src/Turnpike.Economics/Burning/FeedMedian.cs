using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// One price from several averages (AEP-76): the median, without those that stray from it by more than 1.5 %; no price while what is left is wider than 3 % or too few.
/// The median of an even number is the lower middle, so that it is always an observed price.
/// </summary>
public static class FeedMedian
{
    /// <summary>The median; false when there is none to trust.</summary>
    /// <param name="prices">The feeds' time-weighted averages.</param>
    /// <param name="outlierBps">Farthest from the median that still counts.</param>
    /// <param name="haltBps">Widest spread, (max - min) / min, of those that count.</param>
    /// <param name="minimum">Fewest that must count, at least one.</param>
    /// <param name="median">The price, else zero.</param>
    public static bool TryOf(IReadOnlyCollection<Price> prices, uint outlierBps, uint haltBps, int minimum, out Price median)
    {
        median = default;
        var sorted = prices.Where(price => !price.IsZero).Order().ToList();
        if (sorted.Count == 0) return false;
        var middle = sorted[(sorted.Count - 1) / 2].UsdE8;
        var kept = sorted.Where(price => Distance(price.UsdE8, middle) <= Ratio.BasisPoints(outlierBps).FloorOf(middle)).ToList();
        if (kept.Count < minimum || kept[^1].UsdE8 - kept[0].UsdE8 > Ratio.BasisPoints(haltBps).FloorOf(kept[0].UsdE8)) return false;
        median = kept[(kept.Count - 1) / 2];
        return true;
    }

    private static UInt128 Distance(UInt128 a, UInt128 b) => a > b ? a - b : b - a;
}
