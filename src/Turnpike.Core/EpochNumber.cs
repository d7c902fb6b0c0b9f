namespace Turnpike.Core;

/// <summary>The number of an epoch; the first is 1. The default value, 0, stands for "before the first" and is nobody's epoch.</summary>
public readonly record struct EpochNumber : IComparable<EpochNumber>
{
    /// <summary>An epoch's number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Zero.</exception>
    public EpochNumber(ulong value)
    {
        ArgumentOutOfRangeException.ThrowIfZero(value);
        Value = value;
    }

    /// <summary>The first epoch, 1.</summary>
    public static EpochNumber First => new(1);

    /// <summary>The number.</summary>
    public ulong Value { get; }

    /// <summary>Whether it is the default: no epoch.</summary>
    public bool IsNone => Value == 0;

    /// <summary>The one after.</summary>
    public EpochNumber Next => new(checked(Value + 1));

    /// <summary>The one before; none before the first.</summary>
    /// <exception cref="InvalidOperationException">It is no epoch already.</exception>
    public EpochNumber Previous => Value switch
    {
        0 => throw new InvalidOperationException("Nothing precedes the time before the first epoch."),
        1 => default,
        _ => new EpochNumber(Value - 1),
    };

    /// <summary>Reads decimal digits without leading zeros; false for anything else and for zero.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out EpochNumber epoch)
    {
        var ok = DecimalText.TryParse(text, out var number) && number <= ulong.MaxValue && number != UInt128.Zero;
        epoch = ok ? new EpochNumber((ulong)number) : default;
        return ok;
    }

    /// <inheritdoc/>
    public int CompareTo(EpochNumber other) => Value.CompareTo(other.Value);

    /// <summary>Decimal digits.</summary>
    public override string ToString() => DecimalText.Format(Value);

    /// <summary>Whether it is earlier.</summary>
    public static bool operator <(EpochNumber left, EpochNumber right) => left.Value < right.Value;

    /// <summary>Whether it is later.</summary>
    public static bool operator >(EpochNumber left, EpochNumber right) => left.Value > right.Value;

    /// <summary>Whether it is not later.</summary>
    public static bool operator <=(EpochNumber left, EpochNumber right) => left.Value <= right.Value;

    /// <summary>Whether it is not earlier.</summary>
    public static bool operator >=(EpochNumber left, EpochNumber right) => left.Value >= right.Value;
}
