using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core.Allocation;

namespace Turnpike.Core.Tests.Allocation;

public class BandedTests
{
    // Sizes of real networks and far beyond, with shares from a millionth to the whole.
    private static readonly Gen<BandTerms> Terms =
        from emission in Any.Bits(90)
        from burn in Any.Bits(90)
        from cap in Any.Bits(90)
        from share in Gen.OneOf(Gen.Choose(0, 1_000_000), Gen.Constant(1_000_000), Gen.Choose(0, 10))
        from value in Any.Bits(52)
        from price in Any.Bits(40)
        from discount in Gen.Choose(0, 100)
        select new BandTerms
        {
            Emission = new Amount(emission),
            SmoothedBurn = new Amount(burn),
            ReemissionCap = new Amount(cap),
            Share = Ratio.Millionths((ulong)share),
            ServiceValue = new Credits(value),
            FloorPrice = new Price(price * (UInt128)discount / 100 + 1),
            CapPrice = new Price(price + 1),
        };

    // HIP-149 at its approval: mobile share 0.89 * 0.70, emission and cap per day of 2025-26, $9,100 of traffic a day, burn to spare.
    private static readonly BandTerms Helium = new()
    {
        Emission = Amount.ParseTokens("20547.94520548"),
        SmoothedBurn = Amount.ParseTokens("30000"),
        ReemissionCap = Amount.ParseTokens("1643.83561642"),
        Share = new Ratio(623, 1_000),
        ServiceValue = Credits.FromUsd(9_100),
        FloorPrice = null,
        CapPrice = null,
    };

    [Fact]
    public void Base_of_HIP_149_is_13825_a_day() => Assert.StartsWith("13825.", Banded.Size(Helium).Base.ToTokenString());

    [Theory]
    [InlineData("0.328", true)]
    [InlineData("0.329", true)]
    [InlineData("0.330", false)]
    public void Floor_of_HIP_149_binds_below_33_cents(string price, bool binds)
    {
        var band = Banded.Size(Helium with { FloorPrice = Price.Parse(price) });
        Assert.Equal(binds, !band.TopUp.IsZero);
        Assert.Equal(binds, band.Pool > band.Base);
    }

    [Theory]
    [InlineData("1.97", false)]
    [InlineData("1.974", false)]
    [InlineData("1.975", true)]
    public void Cap_of_HIP_149_binds_above_197_cents(string price, bool binds) =>
        Assert.Equal(binds, !Banded.Size(Helium with { CapPrice = Price.Parse(price) }).Overflow.IsZero);

    [Fact]
    public void Pool_is_paid_or_overflows_and_holds_the_base() => Property.Holds(Terms, terms =>
    {
        var band = Banded.Size(terms);
        Assert.Equal(band.Pool, band.Paid + band.Overflow);
        Assert.True(band.Base <= band.Pool);
    });

    [Fact]
    public void Top_up_is_covered_by_burn_beyond_the_cap() => Property.Holds(Terms, terms =>
        Assert.True(Banded.Size(terms).TopUp <= Amount.SubtractOrZero(terms.SmoothedBurn, terms.ReemissionCap)));

    [Fact]
    public void Topped_up_pool_reaches_the_target_or_spends_all_burn_and_never_passes_it() => Property.Holds(Terms, terms =>
    {
        var band = Banded.Size(terms);
        if (band.TopUp.IsZero) return;
        Assert.True(band.Pool <= band.Target);
        if (band.TopUp < Amount.SubtractOrZero(terms.SmoothedBurn, terms.ReemissionCap)) Assert.True(band.Pool + new Amount(1) >= band.Target);
    }, cases: 5_000);

    [Fact]
    public void Paid_never_exceeds_the_cap() => Property.Holds(Terms, terms =>
    {
        var band = Banded.Size(terms);
        Assert.True(band.Paid <= band.Cap);
    });

    [Fact]
    public void More_service_value_never_pays_less() => Property.Holds(
        from terms in Terms from more in Any.Bits(52) select (terms, more),
        x => Assert.True(Banded.Size(x.terms with { ServiceValue = x.terms.ServiceValue + new Credits(x.more) }).Paid >= Banded.Size(x.terms).Paid));

    [Fact]
    public void More_burn_never_pays_less() => Property.Holds(
        from terms in Terms from more in Any.Bits(90) select (terms, more),
        x => Assert.True(Banded.Size(x.terms with { SmoothedBurn = x.terms.SmoothedBurn + new Amount(x.more) }).Paid >= Banded.Size(x.terms).Paid));

    [Fact]
    public void Higher_prices_never_pay_more() => Property.Holds(
        from terms in Terms from floor in Any.Bits(40) from cap in Any.Bits(40) select (terms, floor, cap),
        x => Assert.True(
            Banded.Size(x.terms with { FloorPrice = new Price(x.terms.FloorPrice!.Value.UsdE8 + x.floor), CapPrice = new Price(x.terms.CapPrice!.Value.UsdE8 + x.cap) }).Paid
            <= Banded.Size(x.terms).Paid));

    [Fact]
    public void Without_prices_the_base_is_paid_whole() => Property.Holds(Terms, terms =>
    {
        foreach (var none in new Price?[] { null, new Price(0) })
        {
            var band = Banded.Size(terms with { FloorPrice = none, CapPrice = none });
            Assert.Equal(band.Base, band.Paid);
            Assert.Equal(Amount.Zero, band.TopUp + band.Overflow);
        }
    });

    [Fact]
    public void Allocation_divides_exactly_what_is_paid() => Property.Holds(
        from terms in Terms from units in Any.Bits(60).ArrayOf() select (terms, units),
        x =>
        {
            var (band, allocation) = Banded.Allocate(x.terms, x.units);
            Assert.Equal(band.Paid, Amount.Sum([.. allocation.Amounts]) + allocation.Dust + allocation.Unallocated);
        });

    [Fact]
    public void Share_above_the_whole_is_refused() => Assert.Throws<ArgumentException>(() => Banded.Size(Helium with { Share = new Ratio(3, 2) }));
}
