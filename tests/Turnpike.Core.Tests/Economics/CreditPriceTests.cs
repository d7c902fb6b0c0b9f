using FsCheck.Fluent;
using Turnpike.Economics;

namespace Turnpike.Core.Tests.Economics;

public class CreditPriceTests
{
    private static readonly CreditPrice Bounds = new(600, Ratio.BasisPoints(500));

    [Theory]
    [InlineData("2", "0.05", 600, PriceUse.Usable, "1.9")]
    [InlineData("2", "0.1", 0, PriceUse.Usable, "1.8")]
    [InlineData("2", "0.10000001", 0, PriceUse.Wide, "0")]
    [InlineData("2", "0.05", 601, PriceUse.Stale, "0")]
    [InlineData("0", "0", 0, PriceUse.Worthless, "0")]
    public void Quote_is_judged_by_age_then_width_then_worth(string ema, string confidence, long age, PriceUse use, string price)
    {
        var quote = new PriceQuote(Price.Parse(ema), Price.Parse(confidence), ObservedAt: 1_785_931_200);
        Assert.Equal(use, Bounds.Judge(quote, quote.ObservedAt + age, out var actual));
        Assert.Equal(price, actual.ToString());
    }

    [Fact]
    public void Low_side_is_two_confidences_below_and_never_below_zero() => Property.Holds(Any.Bits(60).Two(), x =>
    {
        var low = CreditPrice.LowSide(new PriceQuote(new Price(x.Item1), new Price(x.Item2), 0));
        Assert.Equal(x.Item1 > 2 * x.Item2 ? x.Item1 - 2 * x.Item2 : 0, low.UsdE8);
    });

    [Fact]
    public void Quote_wider_than_its_average_is_worthless_where_width_is_not_bounded() =>
        Assert.Equal(PriceUse.Worthless, new CreditPrice(0, new Ratio(10, 1)).Judge(new PriceQuote(new Price(2), new Price(1), 0), 0, out _));

    [Fact]
    public void Burning_the_cost_buys_the_credits_and_one_base_unit_less_never_more() => Property.Holds(Any.Bits(50).Two(), x =>
    {
        var price = new Price(x.Item1 + 1);
        var credits = new Credits(x.Item2 + 1);
        var cost = CreditPrice.Cost(credits, price);
        Assert.True(CreditPrice.Buy(cost, price) >= credits);
        Assert.True(CreditPrice.Buy(cost - new Amount(1), price) < credits);
    });

    [Fact]
    public void Negative_age_limit_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new CreditPrice(-1, Ratio.One));
}
