namespace Turnpike.Core;

/// <summary>A quantity of the network's token, in base units (10^-18 token). Arithmetic is checked: it never wraps and never goes below zero.</summary>
/// <param name="BaseUnits">Base units.</param>
public readonly record struct Amount(UInt128 BaseUnits) : IComparable<Amount>
{
    /// <summary>Decimals of the token.</summary>
    public const int Decimals = 18;

    /// <summary>Nothing.</summary>
    public static Amount Zero => default;

    /// <summary>Base units of one token, 10^18.</summary>
    public static UInt128 PerToken => 1_000_000_000_000_000_000UL;

    /// <summary>Whether it is nothing.</summary>
    public bool IsZero => BaseUnits == UInt128.Zero;

    /// <summary>So many whole tokens.</summary>
    public static Amount FromTokens(ulong tokens) => new(tokens * PerToken);

    /// <summary>The smaller of two.</summary>
    public static Amount Min(Amount left, Amount right) => left <= right ? left : right;

    /// <summary>The larger of two.</summary>
    public static Amount Max(Amount left, Amount right) => left >= right ? left : right;

    /// <summary>What is left of <paramref name="left"/> after taking <paramref name="right"/>, or nothing.</summary>
    public static Amount SubtractOrZero(Amount left, Amount right) => left > right ? left - right : Zero;

    /// <summary>The sum of all.</summary>
    /// <exception cref="OverflowException">More than 128 bits.</exception>
    public static Amount Sum(ReadOnlySpan<Amount> amounts)
    {
        var sum = Zero;
        foreach (var amount in amounts) sum += amount;
        return sum;
    }

    /// <summary>Reads base units as files write them: decimal digits without leading zeros.</summary>
    /// <exception cref="FormatException">Anything else, or more than 128 bits.</exception>
    public static Amount Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var value) ? value : throw new FormatException($"'{Hex.Shorten(text)}' is not a number of base units: digits without leading zeros, below 2^128.");

    /// <summary>Reads base units as files write them; false for anything but decimal digits without leading zeros.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Amount value)
    {
        var ok = DecimalText.TryParse(text, out var units);
        value = new Amount(units);
        return ok;
    }

    /// <summary>Reads whole tokens with up to 18 decimals, such as "82191.78082192".</summary>
    /// <exception cref="FormatException">Anything else, or more than 128 bits of base units.</exception>
    public static Amount ParseTokens(ReadOnlySpan<char> text) =>
        TryParseTokens(text, out var value) ? value : throw new FormatException($"'{Hex.Shorten(text)}' is not a number of tokens: digits, and at most 18 more after a point.");

    /// <summary>Reads whole tokens with up to 18 decimals; false for anything else.</summary>
    public static bool TryParseTokens(ReadOnlySpan<char> text, out Amount value)
    {
        var ok = DecimalText.TryParsePoint(text, Decimals, out var units);
        value = new Amount(units);
        return ok;
    }

    /// <inheritdoc/>
    public int CompareTo(Amount other) => BaseUnits.CompareTo(other.BaseUnits);

    /// <summary>Base units in decimal digits.</summary>
    public override string ToString() => DecimalText.Format(BaseUnits);

    /// <summary>Whole tokens for people: exact, shortest, up to 18 decimals after a point.</summary>
    public string ToTokenString() => DecimalText.FormatPoint(BaseUnits, Decimals);

    /// <summary>Checked sum.</summary>
    public static Amount operator +(Amount left, Amount right) => new(checked(left.BaseUnits + right.BaseUnits));

    /// <summary>Checked difference: below zero throws.</summary>
    public static Amount operator -(Amount left, Amount right) => new(checked(left.BaseUnits - right.BaseUnits));

    /// <summary>Whether it is less.</summary>
    public static bool operator <(Amount left, Amount right) => left.BaseUnits < right.BaseUnits;

    /// <summary>Whether it is more.</summary>
    public static bool operator >(Amount left, Amount right) => left.BaseUnits > right.BaseUnits;

    /// <summary>Whether it is not more.</summary>
    public static bool operator <=(Amount left, Amount right) => left.BaseUnits <= right.BaseUnits;

    /// <summary>Whether it is not less.</summary>
    public static bool operator >=(Amount left, Amount right) => left.BaseUnits >= right.BaseUnits;
}
