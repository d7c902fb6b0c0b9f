using System.Globalization;

namespace Turnpike.Node.Settings;

/// <summary>Durations as blueprints write them: a whole number and ms, s, m, h or d.</summary>
public static class Duration
{
    private static readonly (string Unit, long Milliseconds)[] Units = [("ms", 1), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];

    /// <summary>Reads one, up to 366 days.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        foreach (var (unit, milliseconds) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            if (!long.TryParse(text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > 366L * 86_400_000 / milliseconds) return false;
            duration = TimeSpan.FromMilliseconds(count * milliseconds);
            return true;
        }
        return false;
    }

    /// <summary>In the largest unit that divides it.</summary>
    public static string Format(TimeSpan duration)
    {
        var total = (long)duration.TotalMilliseconds;
        var (unit, milliseconds) = total == 0 ? ("s", 1000) : Units.Where(unit => total % unit.Milliseconds == 0).MaxBy(unit => unit.Milliseconds);
        return FormattableString.Invariant($"{total / milliseconds}{unit}");
    }
}
