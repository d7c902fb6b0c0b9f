using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core.Allocation;

namespace Turnpike.Core.Tests.Allocation;

public class ProRataTests
{
    // Few distinct small values make equal contributions frequent; wide values meet the 256-bit path.
    private static readonly Gen<UInt128[]> Units = Gen.OneOf(
        Any.Bits(100).ArrayOf(),
        Gen.Choose(0, 5).Select(i => (UInt128)i).ArrayOf(),
        Any.Bits(40).ArrayOf());

    private static readonly Gen<(Amount Pool, UInt128[] Units)> Cases = from pool in Any.UInt128 from units in Units select (new Amount(pool), units);

    [Fact]
    public void Amounts_dust_and_unallocated_sum_to_the_pool() => Property.Holds(Cases, x =>
    {
        var result = ProRata.Allocate(x.Pool, x.Units);
        Assert.Equal(x.Pool, Amount.Sum([.. result.Amounts]) + result.Dust + result.Unallocated);
        Assert.Equal(x.Units.Any(unit => unit > 0) ? Amount.Zero : x.Pool, result.Unallocated);
    });

    [Fact]
    public void Dust_is_less_than_the_number_of_contributions_with_units() => Property.Holds(Cases, x =>
    {
        var result = ProRata.Allocate(x.Pool, x.Units);
        var contributors = x.Units.Count(unit => unit > 0);
        Assert.True(result.Dust.BaseUnits < (UInt128)Math.Max(1, contributors));
        for (var i = 0; i < x.Units.Length; i++) Assert.True(x.Units[i] > 0 || result.Amounts[i].IsZero);
    });

    [Fact]
    public void Equal_units_get_equal_amounts_and_more_never_less() => Property.Holds(Cases, x =>
    {
        var amounts = ProRata.Allocate(x.Pool, x.Units).Amounts;
        for (var i = 0; i < x.Units.Length; i++)
        {
            for (var j = 0; j < x.Units.Length; j++) Assert.True(x.Units[i] > x.Units[j] || amounts[i] <= amounts[j]);
        }
    });

    [Fact]
    public void Contributing_more_than_before_never_pays_less() => Property.Holds(
        from x in Cases
        where x.Units.Length > 0
        from i in Gen.Choose(0, x.Units.Length - 1)
        from more in Any.Bits(100)
        select (x.Pool, x.Units, i, more),
        x =>
        {
            var before = ProRata.Allocate(x.Pool, x.Units).Amounts[x.i];
            x.Units[x.i] += x.more;
            Assert.True(ProRata.Allocate(x.Pool, x.Units).Amounts[x.i] >= before);
        });

    [Fact]
    public void Order_of_contributions_does_not_matter() => Property.Holds(
        from x in Cases
        from order in Gen.Shuffle(Enumerable.Range(0, x.Units.Length).ToArray())
        select (x.Pool, x.Units, order),
        x =>
        {
            var amounts = ProRata.Allocate(x.Pool, x.Units).Amounts;
            var shuffled = ProRata.Allocate(x.Pool, x.order.Select(i => x.Units[i]).ToArray()).Amounts;
            Assert.Equal(x.order.Select(i => amounts[i]), shuffled);
        });

    [Fact]
    public void Scale_of_units_does_not_matter() => Property.Holds(
        from x in Cases
        from factor in Gen.Choose(1, 1_000_000)
        select (x.Pool, x.Units, factor),
        x => Assert.Equal(ProRata.Allocate(x.Pool, x.Units).Amounts, ProRata.Allocate(x.Pool, x.Units.Select(unit => unit * (UInt128)x.factor).ToArray()).Amounts));

    [Fact]
    public void Splitting_a_contribution_never_gains_and_loses_only_rounding() => Property.Holds(
        from x in Cases
        where x.Units.Length > 0
        from i in Gen.Choose(0, x.Units.Length - 1)
        from cuts in Gen.Choose(0, 1_000_000).ArrayOf()
        select (x.Pool, x.Units, i, cuts),
        x =>
        {
            var whole = ProRata.Allocate(x.Pool, x.Units).Amounts[x.i];
            var parts = Split(x.Units[x.i], x.cuts);
            var others = x.Units.Where((_, j) => j != x.i);
            var split = Amount.Sum(ProRata.Allocate(x.Pool, [.. parts, .. others]).Amounts.Take(parts.Count).ToArray());
            Assert.True(split <= whole);
            Assert.True((whole - split).BaseUnits <= (UInt128)(parts.Count - 1));
        });

    [Fact]
    public void Larger_pool_gives_nobody_less() => Property.Holds(
        from x in Cases
        from smaller in Gen.Choose(0, 1_000)
        select (x.Pool, x.Units, Ratio: new Ratio((ulong)smaller, 1_000)),
        x => Assert.All(
            ProRata.Allocate(x.Ratio.FloorOf(x.Pool), x.Units).Amounts.Zip(ProRata.Allocate(x.Pool, x.Units).Amounts),
            pair => Assert.True(pair.First <= pair.Second)));

    // The worked cases of helium/oracles' reward shares: 10 over three equal contributors leaves 1.
    [Fact]
    public void Ten_over_three_equals_leaves_one()
    {
        var result = ProRata.Allocate(new Amount(10), [7, 7, 7]);
        Assert.Equal([new Amount(3), new Amount(3), new Amount(3)], result.Amounts);
        Assert.Equal(new Amount(1), result.Dust);
    }

    [Fact]
    public void Pool_without_units_is_unallocated()
    {
        var result = ProRata.Allocate(new Amount(10), [0, 0]);
        Assert.Equal(new Amount(10), result.Unallocated);
        Assert.Equal(Amount.Zero, result.Dust);
        Assert.Equal([Amount.Zero, Amount.Zero], result.Amounts);
    }

    [Fact]
    public void Units_beyond_128_bits_overflow() => Assert.Throws<OverflowException>(() => ProRata.Allocate(new Amount(1), [UInt128.MaxValue, 1]));

    private static List<UInt128> Split(UInt128 units, int[] cuts)
    {
        var parts = new List<UInt128>();
        foreach (var cut in cuts)
        {
            var part = UInt128.Min(units, (UInt128)cut);
            parts.Add(part);
            units -= part;
        }
        parts.Add(units);
        return parts;
    }
}
