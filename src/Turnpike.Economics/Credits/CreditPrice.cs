using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// The price at which tokens are burned for credits: the average less twice its confidence, so that a buyer gets fewer credits when the market is unsure and
/// nobody profits from a short spike. A stale or wide quote is refused: missing input stops the purchase, never the emission. The Credits contract does the same.
/// </summary>
public sealed class CreditPrice
{
    /// <summary>How many confidences below the average credits are sold (Helium's data-credits program uses two).</summary>
    public const uint Confidences = 2;

    /// <summary>The bounds of a network.</summary>
    /// <param name="maxAgeSeconds">Oldest usable quote.</param>
    /// <param name="maxConfidence">Widest usable confidence, as a fraction of the average.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative age.</exception>
    public CreditPrice(long maxAgeSeconds, Ratio maxConfidence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxAgeSeconds);
        MaxAgeSeconds = maxAgeSeconds;
        MaxConfidence = maxConfidence;
    }

    /// <summary>Oldest usable quote, seconds.</summary>
    public long MaxAgeSeconds { get; }

    /// <summary>Widest usable confidence, as a fraction of the average.</summary>
    public Ratio MaxConfidence { get; }

    /// <summary>The average less twice its confidence; zero when that is below zero. Also the side that values a reward band's floor.</summary>
    public static Price LowSide(PriceQuote quote)
    {
        var margin = checked(quote.Confidence.UsdE8 * Confidences);
        return new Price(quote.Ema.UsdE8 > margin ? quote.Ema.UsdE8 - margin : UInt128.Zero);
    }

    /// <summary>Judges a quote at a moment in unix seconds; <paramref name="price"/> is the buying price when it is usable, else zero.</summary>
    public PriceUse Judge(PriceQuote quote, long atUnixSeconds, out Price price)
    {
        price = default;
        if (atUnixSeconds - quote.ObservedAt > MaxAgeSeconds) return PriceUse.Stale;
        // confidence / ema > n / d, by multiplication.
        if (checked(quote.Confidence.UsdE8 * MaxConfidence.Denominator) > checked(quote.Ema.UsdE8 * MaxConfidence.Numerator)) return PriceUse.Wide;
        price = LowSide(quote);
        return price.IsZero ? PriceUse.Worthless : PriceUse.Usable;
    }

    /// <summary>Credits for a burn at a buying price, rounded down.</summary>
    public static Credits Buy(Amount burned, Price buyingPrice) => buyingPrice.CreditsFloor(burned);

    /// <summary>What must be burned to get the credits at a buying price, rounded up.</summary>
    public static Amount Cost(Credits credits, Price buyingPrice) => buyingPrice.AmountCeiling(credits);
}
