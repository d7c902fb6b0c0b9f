namespace Turnpike.Core;

/// <summary>Prepaid service credits: one is $0.00001, made only by burning tokens, spent by charges. Arithmetic is checked.</summary>
/// <param name="Count">How many.</param>
public readonly record struct Credits(UInt128 Count) : IComparable<Credits>
{
    /// <summary>Credits in one US dollar.</summary>
    public const uint PerUsd = 100_000;

    /// <summary>None.</summary>
    public static Credits Zero => default;

    /// <summary>So many whole dollars' worth.</summary>
    public static Credits FromUsd(ulong dollars) => new((UInt128)dollars * PerUsd);

    /// <summary>Reads decimal digits without leading zeros.</summary>
    /// <exception cref="FormatException">Anything else, or more than 128 bits.</exception>
    public static Credits Parse(ReadOnlySpan<char> text) =>
        DecimalText.TryParse(text, out var count) ? new Credits(count) : throw new FormatException($"'{Hex.Shorten(text)}' is not a number of credits: digits without leading zeros, below 2^128.");

    /// <inheritdoc/>
    public int CompareTo(Credits other) => Count.CompareTo(other.Count);

    /// <summary>Decimal digits.</summary>
    public override string ToString() => DecimalText.Format(Count);

    /// <summary>Dollars for people: exact, shortest, up to 5 decimals after a point.</summary>
    public string ToUsdString() => DecimalText.FormatPoint(Count, 5);

    /// <summary>Checked sum.</summary>
    public static Credits operator +(Credits left, Credits right) => new(checked(left.Count + right.Count));

    /// <summary>Checked difference: below zero throws.</summary>
    public static Credits operator -(Credits left, Credits right) => new(checked(left.Count - right.Count));

    /// <summary>Whether it is less.</summary>
    public static bool operator <(Credits left, Credits right) => left.Count < right.Count;

    /// <summary>Whether it is more.</summary>
    public static bool operator >(Credits left, Credits right) => left.Count > right.Count;

    /// <summary>Whether it is not more.</summary>
    public static bool operator <=(Credits left, Credits right) => left.Count <= right.Count;

    /// <summary>Whether it is not less.</summary>
    public static bool operator >=(Credits left, Credits right) => left.Count >= right.Count;
}
