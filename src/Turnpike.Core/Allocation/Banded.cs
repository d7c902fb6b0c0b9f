namespace Turnpike.Core.Allocation;

/// <summary>
/// A pool that follows the dollar value of the service it rewards (Helium's HIP-149): a top-up, which burns must cover, lifts it toward a floor of 0.5 times
/// what customers paid, and a cap of 3 times stops subsidy beyond need. Paying at most a multiple of what was burned is also what makes wash demand a loss.
/// <code>
/// base    = (emission + min(burn, reemissionCap)) * share
/// topUp   = min( max(0, burn - reemissionCap), max(0, (target - base) / share) )
/// pool    = (emission + min(burn, reemissionCap) + topUp) * share
/// paid    = min(pool, cap),  overflow = pool - paid
/// target  = floorMultiple * value / floorPrice,  cap = capMultiple * value / capPrice
/// </code>
/// Every division rounds down, toward the protocol. An unusable price makes its side dormant; the base is paid all the same.
/// <para>Guarantees, each with a property test:</para>
/// <list type="number">
/// <item>Complete: paid + overflow = pool; base &lt;= pool.</item>
/// <item>Covered: the top-up never exceeds the burn beyond the re-emission cap.</item>
/// <item>Aimed: a topped-up pool never exceeds the target, and with burn to spare misses it by at most one base unit.</item>
/// <item>Capped: paid &lt;= cap.</item>
/// <item>Monotone: more service value or more burn never pays less; a higher price never pays more.</item>
/// <item>Unconditional base: without prices, paid = pool = base.</item>
/// </list>
/// </summary>
public static class Banded
{
    /// <summary>Sizes the pool.</summary>
    /// <exception cref="ArgumentException">The share is more than the whole.</exception>
    /// <exception cref="OverflowException">An amount needs more than 128 bits.</exception>
    public static Band Size(BandTerms terms)
    {
        if (terms.Share.CompareTo(Ratio.One) > 0) throw new ArgumentException($"A pool's share is at most the whole, not {terms.Share}.", nameof(terms));
        var minted = terms.Emission + Amount.Min(terms.SmoothedBurn, terms.ReemissionCap);
        var @base = terms.Share.FloorOf(minted);
        var target = Value(terms.FloorMultiple, terms.ServiceValue, terms.FloorPrice);
        var cap = Value(terms.CapMultiple, terms.ServiceValue, terms.CapPrice);
        var topUp = TopUp(terms, @base, target);
        var pool = terms.Share.FloorOf(minted + topUp);
        var paid = cap is { } most ? Amount.Min(pool, most) : pool;
        return new Band(@base, topUp, pool, target, cap, paid, pool - paid);
    }

    /// <summary>Sizes the pool and divides what is paid pro rata to units.</summary>
    /// <exception cref="ArgumentException">The share is more than the whole.</exception>
    /// <exception cref="OverflowException">An amount, or the sum of units, needs more than 128 bits.</exception>
    public static (Band Band, PoolAllocation Allocation) Allocate(BandTerms terms, ReadOnlySpan<UInt128> units)
    {
        var band = Size(terms);
        return (band, ProRata.Allocate(band.Paid, units));
    }

    private static Amount TopUp(BandTerms terms, Amount @base, Amount? target)
    {
        if (target is not { } aim || terms.Share == Ratio.Zero) return Amount.Zero;
        var covered = Amount.SubtractOrZero(terms.SmoothedBurn, terms.ReemissionCap);
        var missing = Amount.SubtractOrZero(aim, @base);
        // Compared by multiplication, since missing / share may need more than 128 bits; past this line it is below covered.
        return terms.Share.CeilingOf(covered.BaseUnits) <= missing.BaseUnits ? covered : new Amount(terms.Share.FloorWholeOf(missing.BaseUnits));
    }

    private static Amount? Value(Ratio multiple, Credits value, Price? price) =>
        price is { IsZero: false } usable ? multiple.FloorOf(usable.AmountFloor(value)) : null;
}
