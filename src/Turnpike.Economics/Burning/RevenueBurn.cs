using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// A share of dollar revenue buys tokens at the market and burns them; the rest is someone's income. GEODNET: 80 %. Render: 95 % burned, 5 % fee (RNP-006). DIMO's pool: 60 %.
/// </summary>
/// <param name="Share">Share that buys and burns.</param>
public readonly record struct RevenueBurn(Ratio Share)
{
    /// <summary>GEODNET's buy-back.</summary>
    public static RevenueBurn Geodnet { get; } = new(new Ratio(4, 5));

    /// <summary>Render's burn after the 5 % fee.</summary>
    public static RevenueBurn Render { get; } = new(new Ratio(19, 20));

    /// <summary>Divides revenue: the fee is rounded up, so the burn never takes a credit that is not its own.</summary>
    public (Credits Burned, Credits Kept) Split(Credits revenue)
    {
        var burned = new Credits(Share.FloorOf(revenue.Count));
        return (burned, revenue - burned);
    }

    /// <summary>Tokens that the burning share buys, rounded down.</summary>
    public Amount Tokens(Credits revenue, Price price) => price.AmountFloor(Split(revenue).Burned);
}
