namespace Turnpike.Core;

/// <summary>
/// US dollars for one whole token, in units of 10^-8 dollar as Chainlink feeds have it. Converts between credits and tokens; each conversion names its rounding,
/// because who gains by rounding is a rule: what a customer must burn is rounded up, what he is given for a burn is rounded down.
/// </summary>
/// <param name="UsdE8">Hundred-millionths of a dollar.</param>
public readonly record struct Price(UInt128 UsdE8) : IComparable<Price>
{
    /// <summary>Decimals of the dollar value.</summary>
    public const int Decimals = 8;

    // One credit is 10^-5 dollar = 1000 price units, and a token has 10^18 base units: base units = credits * 10^21 / price.
    private static readonly UInt128 Scale = 1_000 * Amount.PerToken;

    /// <summary>Whether there is no usable price.</summary>
    public bool IsZero => UsdE8 == UInt128.Zero;

    /// <summary>Tokens worth the credits, rounded down to a base unit.</summary>
    /// <exception cref="DivideByZeroException">The price is zero.</exception>
    /// <exception cref="OverflowException">More than 128 bits.</exception>
    public Amount AmountFloor(Credits credits) => new(MulDiv.Floor(credits.Count, Scale, UsdE8));

    /// <summary>Tokens worth the credits, rounded down to a base unit, or <paramref name="limit"/> if that is less; without a price credits are worth nothing. Never throws.</summary>
    public Amount AmountUpTo(Amount limit, Credits credits) => IsZero ? Amount.Zero : new(MulDiv.FloorUpTo(limit.BaseUnits, credits.Count, Scale, UsdE8));

    /// <summary>Tokens worth the credits, rounded up to a base unit.</summary>
    /// <exception cref="DivideByZeroException">The price is zero.</exception>
    /// <exception cref="OverflowException">More than 128 bits.</exception>
    public Amount AmountCeiling(Credits credits) => new(MulDiv.Ceiling(credits.Count, Scale, UsdE8));

    /// <summary>Credits worth the tokens, rounded down to a credit.</summary>
    /// <exception cref="OverflowException">More than 128 bits.</exception>
    public Credits CreditsFloor(Amount amount) => new(MulDiv.Floor(amount.BaseUnits, UsdE8, Scale));

    /// <summary>Credits worth the tokens, rounded up to a credit.</summary>
    /// <exception cref="OverflowException">More than 128 bits.</exception>
    public Credits CreditsCeiling(Amount amount) => new(MulDiv.Ceiling(amount.BaseUnits, UsdE8, Scale));

    /// <summary>Reads dollars with up to 8 decimals, such as "0.0359".</summary>
    /// <exception cref="FormatException">Anything else, or more than 128 bits.</exception>
    public static Price Parse(ReadOnlySpan<char> text) =>
        DecimalText.TryParsePoint(text, Decimals, out var units) ? new Price(units) : throw new FormatException($"'{Hex.Shorten(text)}' is not a price: dollars, and at most 8 digits after a point.");

    /// <inheritdoc/>
    public int CompareTo(Price other) => UsdE8.CompareTo(other.UsdE8);

    /// <summary>Dollars: exact, shortest, up to 8 decimals after a point.</summary>
    public override string ToString() => DecimalText.FormatPoint(UsdE8, Decimals);

    /// <summary>Whether it is less.</summary>
    public static bool operator <(Price left, Price right) => left.UsdE8 < right.UsdE8;

    /// <summary>Whether it is more.</summary>
    public static bool operator >(Price left, Price right) => left.UsdE8 > right.UsdE8;

    /// <summary>Whether it is not more.</summary>
    public static bool operator <=(Price left, Price right) => left.UsdE8 <= right.UsdE8;

    /// <summary>Whether it is not less.</summary>
    public static bool operator >=(Price left, Price right) => left.UsdE8 >= right.UsdE8;
}
