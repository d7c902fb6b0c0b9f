using System.Globalization;
using Turnpike.Blueprints.Schema;

namespace Turnpike.Blueprints;

/// <summary>Values the way blueprints write them, exactly: what it writes is read back as the same value.</summary>
public static class Notation
{
    /// <summary>Base units (10^-18 token) as tokens without trailing zeros.</summary>
    public static string Tokens(UInt128 baseUnits) => Fixed(baseUnits, 18);

    /// <summary>Units of 10^-8 dollar as dollars without trailing zeros.</summary>
    public static string Dollars(UInt128 units) => Fixed(units, 8);

    /// <summary>Parts per million as a percentage.</summary>
    public static string Percent(uint partsPerMillion) => Fixed(partsPerMillion, 4) + "%";

    /// <summary>The largest unit that divides the duration, such as 24h as 1d.</summary>
    public static string Duration(TimeSpan duration) => ScalarTypes.Spell(duration);

    /// <summary>Reads a duration in whole seconds, such as 7d; on false <paramref name="expected"/> says what would be right.</summary>
    public static bool TryReadDuration(string text, TimeSpan minimum, TimeSpan maximum, out TimeSpan duration, out string expected)
    {
        ArgumentNullException.ThrowIfNull(text);
        var type = ScalarTypes.Duration(minimum, maximum);
        expected = type.Expected;
        return type.Parse(text, out duration) == Reading.Right;
    }

    private static string Fixed(UInt128 units, int decimals)
    {
        var digits = units.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var fraction = digits[^decimals..].TrimEnd('0');
        return fraction.Length == 0 ? digits[..^decimals] : $"{digits[..^decimals]}.{fraction}";
    }
}
