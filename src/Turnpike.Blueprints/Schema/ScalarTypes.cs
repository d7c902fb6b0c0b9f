using System.Globalization;
using System.Text;

namespace Turnpike.Blueprints.Schema;

/// <summary>The types of values that blueprints are written in. None goes through floating point, none depends on a culture.</summary>
internal static class ScalarTypes
{
    private static readonly (string Unit, long Milliseconds)[] Units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    /// <summary>A lowercase word of letters, digits and single hyphens, beginning with a letter.</summary>
    internal static ScalarType<string> Slug { get; } = new("a name of 2 to 32 lowercase letters, digits and single hyphens that begins with a letter, such as helium-iot", ParseSlug);

    internal static ScalarType<string> Symbol { get; } = new("a symbol of 2 to 11 capital letters and digits, such as HNT", (string text, out string value) =>
    {
        value = text;
        if (text.Any(letter => letter is not (>= 'A' and <= 'Z' or >= '0' and <= '9'))) return Reading.WrongType;
        return text.Length is >= 2 and <= 11 ? Reading.Right : Reading.OutOfRange;
    });

    internal static ScalarType<DateTimeOffset?> Start { get; } = new("launch, or a UTC time in whole seconds such as 2025-08-01T00:00:00Z", (string text, out DateTimeOffset? value) =>
    {
        value = null;
        if (text == "launch") return Reading.Right;
        if (!DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return Reading.WrongType;
        value = time;
        return time.Year >= 2015 ? Reading.Right : Reading.OutOfRange; // No EVM chain is older.
    });

    internal static ScalarType<Uri> Url { get; } = new("an http or https address such as https://oracle-1.example.org", (string text, out Uri value) =>
    {
        var known = Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0;
        value = uri!;
        return !known ? Reading.WrongType : text.Length <= 200 ? Reading.Right : Reading.OutOfRange;
    });

    internal static ScalarType<string> Text(int maximumLength) => new($"one line of 1 to {maximumLength} characters", (string text, out string value) =>
    {
        value = text.TrimEnd('\n');
        if (value.Any(char.IsControl)) return Reading.WrongType;
        return value.Length > 0 && value.Length <= maximumLength ? Reading.Right : Reading.OutOfRange;
    });

    /// <summary>A name that the token contract signs under (EIP-712): it has room for 31 bytes of UTF-8.</summary>
    internal static ScalarType<string> ShortText { get; } = new("one line of 1 to 31 bytes, so of up to 31 letters without accents", (string text, out string value) =>
    {
        var reading = Text(31).Parse(text, out value);
        return reading == Reading.Right && Encoding.UTF8.GetByteCount(value) > 31 ? Reading.OutOfRange : reading;
    });

    internal static ScalarType<ulong> Integer(ulong minimum, ulong maximum) => new($"a whole number from {Digits(minimum)} to {Digits(maximum)}", (string text, out ulong value) =>
    {
        value = 0;
        if (!IsDigits(text)) return Reading.WrongType;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= minimum && value <= maximum ? Reading.Right : Reading.OutOfRange;
    });

    /// <summary>An exact decimal number as an integer of 10^-<paramref name="decimals"/>; bounds are in those units.</summary>
    internal static ScalarType<UInt128> FixedPoint(int decimals, UInt128 minimum, UInt128 maximum, string expected) => new(expected, (string text, out UInt128 value) =>
    {
        value = 0;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? "" : text[(point + 1)..];
        if (!IsDigits(whole) || (point >= 0 && !IsDigits(fraction)) || fraction.Length > decimals) return Reading.WrongType;
        return UInt128.TryParse(whole + fraction.PadRight(decimals, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= minimum && value <= maximum
            ? Reading.Right
            : Reading.OutOfRange;
    });

    /// <summary>A percentage with up to four decimals, in parts per million.</summary>
    internal static ScalarType<ulong> Percent { get; } = new("a percentage above 0% up to 100%, with up to four decimals, such as 12.5%", (string text, out ulong value) =>
    {
        value = 0;
        if (!text.EndsWith('%')) return Reading.WrongType;
        var reading = FixedPoint(4, 1, 1_000_000, "").Parse(text[..^1].TrimEnd(' '), out var ppm);
        value = (ulong)ppm;
        return reading;
    });

    /// <summary>A duration in whole milliseconds; whole seconds where the chain keeps it.</summary>
    internal static ScalarType<TimeSpan> Duration(TimeSpan minimum, TimeSpan maximum, bool wholeSeconds = true) =>
        new($"a duration from {Spell(minimum)} to {Spell(maximum)}, a whole number and one of {(wholeSeconds ? "s, m, h, d" : "ms, s, m, h, d")}, such as 24h", (string text, out TimeSpan value) =>
        {
            value = default;
            var digits = text.TakeWhile(char.IsAsciiDigit).Count();
            var unit = Array.FindIndex(Units, candidate => candidate.Unit == text[digits..]);
            if (digits == 0 || unit < (wholeSeconds ? 1 : 0)) return Reading.WrongType;
            if (!long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                || count > (long)maximum.TotalMilliseconds / Units[unit].Milliseconds) return Reading.OutOfRange;
            value = new TimeSpan(count * Units[unit].Milliseconds * TimeSpan.TicksPerMillisecond);
            return value >= minimum ? Reading.Right : Reading.OutOfRange;
        });

    internal static ScalarType<string> Choice(params string[] words) => new(words.Length == 1 ? words[0] : $"one of {string.Join(", ", words)}", (string text, out string value) =>
    {
        value = text;
        return words.Contains(text, StringComparer.Ordinal) ? Reading.Right : Reading.OutOfRange;
    });

    /// <summary>The shortest exact spelling of a duration, as blueprints write it.</summary>
    internal static string Spell(TimeSpan duration)
    {
        var milliseconds = duration.Ticks / TimeSpan.TicksPerMillisecond;
        var (unit, size) = Units.Last(candidate => milliseconds % candidate.Milliseconds == 0 && (milliseconds > 0 || candidate.Unit == "s"));
        return Digits((ulong)(milliseconds / size)) + unit;
    }

    private static Reading ParseSlug(string text, out string value)
    {
        value = text;
        if (text.Length == 0 || text[0] is < 'a' or > 'z' || text[^1] == '-' || text.Contains("--", StringComparison.Ordinal)
            || text.Any(letter => letter is not (>= 'a' and <= 'z' or >= '0' and <= '9' or '-'))) return Reading.WrongType;
        return text.Length is >= 2 and <= 32 ? Reading.Right : Reading.OutOfRange;
    }

    private static bool IsDigits(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private static string Digits(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
