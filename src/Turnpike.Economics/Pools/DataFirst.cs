using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// Helium Mobile's division between delivered data and coverage. HIP-53 kept a part of the pool for coverage come what may; HIP-147 pays data first, up to its dollar
/// value, and coverage gets what is left.
/// </summary>
/// <param name="CoverageReserved">Part of the pool that data cannot touch; nothing since HIP-147.</param>
public readonly record struct DataFirst(Ratio CoverageReserved)
{
    /// <summary>HIP-147.</summary>
    public static DataFirst Hip147 => new(Ratio.Zero);

    /// <summary>HIP-53 within the 60 % that data and coverage share: 20 of 60.</summary>
    public static DataFirst Hip53 => new(new Ratio(1, 3));

    /// <summary>Divides a pool; the parts sum to it. Without a price data is worth nothing and coverage takes the pool.</summary>
    public (Amount Data, Amount Coverage) Divide(Amount pool, Credits dataValue, Price price)
    {
        var open = pool - CoverageReserved.FloorOf(pool);
        var data = price.AmountUpTo(open, dataValue);
        return (data, pool - data);
    }
}
