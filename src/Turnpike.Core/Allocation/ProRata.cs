namespace Turnpike.Core.Allocation;

/// <summary>
/// Divides a pool in proportion to units: amount(i) = floor(pool * units(i) / sum of units).
/// <para>Guarantees, each with a property test:</para>
/// <list type="number">
/// <item>Complete: amounts + dust + unallocated = pool.</item>
/// <item>Little dust: fewer base units than contributions that have units; a contribution without units gets nothing.</item>
/// <item>Fair: equal units get equal amounts; more units never get less, neither beside another nor than before.</item>
/// <item>Blind to order: a permutation of the units permutes the amounts.</item>
/// <item>Blind to scale: all units multiplied by one number change nothing.</item>
/// <item>Proof against splitting: one contribution split into k parts gets no more, and at most k - 1 base units less.</item>
/// <item>A larger pool gives nobody less.</item>
/// </list>
/// </summary>
public static class ProRata
{
    /// <summary>Divides <paramref name="pool"/>.</summary>
    /// <exception cref="OverflowException">The units sum to more than 128 bits.</exception>
    public static PoolAllocation Allocate(Amount pool, ReadOnlySpan<UInt128> units)
    {
        var total = UInt128.Zero;
        foreach (var unit in units) total = checked(total + unit);
        var amounts = new Amount[units.Length];
        if (total == UInt128.Zero) return new PoolAllocation(amounts, Dust: Amount.Zero, Unallocated: pool);

        var paid = Amount.Zero;
        for (var i = 0; i < units.Length; i++)
        {
            amounts[i] = new Amount(MulDiv.Floor(pool.BaseUnits, units[i], total));
            paid += amounts[i];
        }
        return new PoolAllocation(amounts, Dust: pool - paid, Unallocated: Amount.Zero);
    }
}
