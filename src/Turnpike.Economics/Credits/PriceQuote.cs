using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>A state of the price feed: moving average, its confidence (a moving average of absolute deviation) and when it was observed.</summary>
/// <param name="Ema">Moving average.</param>
/// <param name="Confidence">Half-width around it.</param>
/// <param name="ObservedAt">Unix seconds of the observation.</param>
public readonly record struct PriceQuote(Price Ema, Price Confidence, long ObservedAt);

/// <summary>Whether a quote may be used.</summary>
public enum PriceUse
{
    /// <summary>It may.</summary>
    Usable = 0,

    /// <summary>Observed too long ago.</summary>
    Stale = 1,

    /// <summary>The confidence is too wide against the average.</summary>
    Wide = 2,

    /// <summary>The conservative side is not above zero.</summary>
    Worthless = 3,
}
