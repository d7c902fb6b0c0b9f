using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// An automated market of the token against dollar credits: tokens * credits never falls. Buying raises the price and selling lowers it by as much as the pool is shallow,
/// which is what a thin market does to a network. Fees stay in the pool; all roundings are in its favour. Not safe for several threads.
/// </summary>
public sealed class ConstantProductPool
{
    private const uint Whole = 10_000;

    private readonly uint _feeBps;

    /// <summary>A pool of so much on each side.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An empty side, or a fee of the whole.</exception>
    public ConstantProductPool(Amount tokens, Credits credits, uint feeBps)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(tokens, Amount.Zero);
        ArgumentOutOfRangeException.ThrowIfEqual(credits, Core.Credits.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(feeBps, Whole);
        (Tokens, Credits, _feeBps) = (tokens, credits, feeBps);
    }

    /// <summary>The token side.</summary>
    public Amount Tokens { get; private set; }

    /// <summary>The dollar side.</summary>
    public Credits Credits { get; private set; }

    /// <summary>What the next token costs, rounded down.</summary>
    public Price Price => new(MulDiv.Floor(Credits.Count, 1_000 * Amount.PerToken, Tokens.BaseUnits));

    /// <summary>Pays dollars in and takes tokens out.</summary>
    public Amount Buy(Credits paid)
    {
        var effective = MulDiv.Floor(paid.Count, Whole - _feeBps, Whole);
        var bought = new Amount(MulDiv.Floor(Tokens.BaseUnits, effective, checked(Credits.Count + effective)));
        Tokens -= bought;
        Credits += paid;
        return bought;
    }

    /// <summary>Pays tokens in and takes dollars out.</summary>
    public Credits Sell(Amount sold)
    {
        var effective = MulDiv.Floor(sold.BaseUnits, Whole - _feeBps, Whole);
        var got = new Credits(MulDiv.Floor(Credits.Count, effective, checked(Tokens.BaseUnits + effective)));
        Credits -= got;
        Tokens += sold;
        return got;
    }
}
