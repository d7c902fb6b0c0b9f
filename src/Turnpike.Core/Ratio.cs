namespace Turnpike.Core;

/// <summary>An exact non-negative fraction, kept in lowest terms. The default value is zero.</summary>
public readonly record struct Ratio : IComparable<Ratio>
{
    // Stored less one so that default(Ratio) is 0/1 and never 0/0.
    private readonly ulong _denominatorLessOne;

    /// <summary>The fraction <paramref name="numerator"/> / <paramref name="denominator"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The denominator is zero.</exception>
    public Ratio(ulong numerator, ulong denominator)
    {
        ArgumentOutOfRangeException.ThrowIfZero(denominator);
        var divisor = GreatestCommonDivisor(numerator, denominator);
        Numerator = numerator / divisor;
        _denominatorLessOne = denominator / divisor - 1;
    }

    /// <summary>Nothing.</summary>
    public static Ratio Zero => default;

    /// <summary>The whole.</summary>
    public static Ratio One => new(1, 1);

    /// <summary>Above the line, in lowest terms.</summary>
    public ulong Numerator { get; }

    /// <summary>Below the line, in lowest terms; at least one.</summary>
    public ulong Denominator => _denominatorLessOne + 1;

    /// <summary>So many millionths, the unit of shares in blueprints.</summary>
    public static Ratio Millionths(ulong count) => new(count, 1_000_000);

    /// <summary>So many hundredths of a percent, the unit of bounds on chain.</summary>
    public static Ratio BasisPoints(ulong count) => new(count, 10_000);

    /// <summary>This fraction of <paramref name="value"/>, rounded down.</summary>
    /// <exception cref="OverflowException">The result needs more than 128 bits.</exception>
    public UInt128 FloorOf(UInt128 value) => MulDiv.Floor(value, Numerator, Denominator);

    /// <summary>This fraction of <paramref name="value"/>, rounded up.</summary>
    /// <exception cref="OverflowException">The result needs more than 128 bits.</exception>
    public UInt128 CeilingOf(UInt128 value) => MulDiv.Ceiling(value, Numerator, Denominator);

    /// <summary>This fraction of <paramref name="amount"/>, rounded down.</summary>
    /// <exception cref="OverflowException">The result needs more than 128 bits.</exception>
    public Amount FloorOf(Amount amount) => new(FloorOf(amount.BaseUnits));

    /// <summary>The largest whole of which this fraction is at most <paramref name="part"/>, as if divided by the fraction and rounded down.</summary>
    /// <exception cref="DivideByZeroException">The fraction is zero.</exception>
    /// <exception cref="OverflowException">The result needs more than 128 bits.</exception>
    public UInt128 FloorWholeOf(UInt128 part) => MulDiv.Floor(part, Denominator, Numerator);

    /// <inheritdoc/>
    public int CompareTo(Ratio other) => ((UInt128)Numerator * other.Denominator).CompareTo((UInt128)other.Numerator * Denominator);

    /// <summary>Such as "7/20".</summary>
    public override string ToString() => DecimalText.Format(Numerator) + "/" + DecimalText.Format(Denominator);

    private static ulong GreatestCommonDivisor(ulong a, ulong b)
    {
        while (b != 0) (a, b) = (b, a % b);
        return a;
    }
}
