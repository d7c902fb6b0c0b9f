using System.Globalization;

namespace Turnpike.Core;

/// <summary>Canonical decimal text of non-negative integers, with or without a decimal point. One text a value: no sign, no leading zero, no exponent, no blank.</summary>
internal static class DecimalText
{
    /// <summary>Digits of the largest UInt128.</summary>
    public const int MaxDigits = 39;

    public static string Format(UInt128 value) => value.ToString("D", CultureInfo.InvariantCulture);

    public static bool TryParse(ReadOnlySpan<char> text, out UInt128 value)
    {
        value = default;
        if (text.IsEmpty || text.Length > MaxDigits || (text[0] == '0' && text.Length > 1)) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c)) return false;
        }
        return UInt128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The shortest exact text of value / 10^decimals: "1.5", "0.000000000000000001", "7".</summary>
    public static string FormatPoint(UInt128 value, int decimals)
    {
        var digits = Format(value).PadLeft(decimals + 1, '0');
        var fraction = digits[^decimals..].TrimEnd('0');
        var whole = digits[..^decimals];
        return fraction.Length == 0 ? whole : whole + "." + fraction;
    }

    /// <summary>Reads "12", "12.5": at most <paramref name="decimals"/> digits after the point, at least one on each side of it. Trailing zeros are allowed.</summary>
    public static bool TryParsePoint(ReadOnlySpan<char> text, int decimals, out UInt128 value)
    {
        value = default;
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? [] : text[(point + 1)..];
        if (point >= 0 && (fraction.IsEmpty || fraction.Length > decimals)) return false;
        if (whole.IsEmpty || whole.Length + decimals > 2 * MaxDigits || (whole[0] == '0' && whole.Length > 1)) return false;
        Span<char> digits = stackalloc char[whole.Length + decimals];
        digits.Fill('0');
        whole.CopyTo(digits);
        fraction.CopyTo(digits[whole.Length..]);
        var significant = digits.TrimStart('0');
        return TryParse(significant.IsEmpty ? "0" : significant, out value);
    }
}
