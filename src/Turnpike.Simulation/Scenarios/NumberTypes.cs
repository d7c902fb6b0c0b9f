using System.Globalization;
using Turnpike.Blueprints.Schema;

namespace Turnpike.Simulation;

/// <summary>Numbers of a scenario. Behaviour is measured, not exact, so here and nowhere in the rules they are binary floats.</summary>
internal static class NumberTypes
{
    internal static ScalarType<double> Number(double minimum, double maximum) => new(
        string.Create(CultureInfo.InvariantCulture, $"a number from {(decimal)minimum:0.######} to {(decimal)maximum:0.######}"),
        (string text, out double value) => Read(text, 1, minimum, maximum, out value));

    internal static ScalarType<double> Percent(double minimum, double maximum) => new(
        string.Create(CultureInfo.InvariantCulture, $"a percentage from {minimum:0.####}% to {maximum:0.####}%, such as {Math.Clamp(12.5, minimum, maximum):0.####}%"),
        (string text, out double value) =>
        {
            value = 0;
            return text.EndsWith('%') ? Read(text[..^1].TrimEnd(' '), 0.01, minimum / 100, maximum / 100, out value) : Reading.WrongType;
        });

    internal static ScalarType<int> Weeks(int minimum, int maximum) => new(
        string.Create(CultureInfo.InvariantCulture, $"a whole number of weeks from {minimum} to {maximum}"),
        (string text, out int value) =>
        {
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)) return Reading.WrongType;
            return value >= minimum && value <= maximum ? Reading.Right : Reading.OutOfRange;
        });

    private static Reading Read(string text, double unit, double minimum, double maximum, out double value)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (!double.TryParse(text, Style, CultureInfo.InvariantCulture, out value) || !double.IsFinite(value)) return Reading.WrongType;
        value *= unit;
        return value >= minimum && value <= maximum ? Reading.Right : Reading.OutOfRange;
    }
}
