using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// The equation of exchange (Fisher): what customers spend in a time is the liquid supply at its price, times how often it turns. p = D * h / S with h the time a token is held.
/// Rounded down; without a liquid supply there is no price.
/// </summary>
/// <param name="HoldingEpochs">Epochs from buying a token to spending it.</param>
public readonly record struct QuantityTheory(Ratio HoldingEpochs)
{
    /// <summary>The price at which demand of an epoch holds the supply; zero when nothing is liquid.</summary>
    /// <exception cref="OverflowException">More than 128 bits.</exception>
    public Price Of(Credits demandPerEpoch, Amount liquid)
    {
        if (liquid.IsZero) return default;
        // One credit is 1,000 price units.
        var held = HoldingEpochs.FloorOf(checked(demandPerEpoch.Count * 1_000));
        return new Price(MulDiv.Floor(held, Amount.PerToken, liquid.BaseUnits));
    }
}
