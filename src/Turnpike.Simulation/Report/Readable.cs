using System.Globalization;

namespace Turnpike.Simulation;

/// <summary>Numbers for people: three significant digits and a word of size.</summary>
internal static class Readable
{
    public static string Number(double value)
    {
        if (double.IsNaN(value)) return "–";
        var size = Math.Abs(value);
        return size switch
        {
            0 => "0",
            >= 1e15 => value.ToString("0.##e0", CultureInfo.InvariantCulture),
            >= 1e12 => Three(value / 1e12) + "T",
            >= 1e9 => Three(value / 1e9) + "B",
            >= 1e6 => Three(value / 1e6) + "M",
            >= 1e4 => Three(value / 1e3) + "k",
            _ => Three(value),
        };
    }

    public static string Dollars(double value) => value < 0 ? "-$" + Number(-value) : "$" + Number(value);

    public static string Text(double value) => double.IsNaN(value) ? "" : value.ToString("G9", CultureInfo.InvariantCulture);

    public static string Percent(double share) => double.IsNaN(share) ? "–" : (100 * share).ToString("0.#", CultureInfo.InvariantCulture) + "%";

    private static string Three(double value)
    {
        var size = Math.Abs(value);
        var digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size == 0 ? 0 : Math.Min(9, 2 - (int)Math.Floor(Math.Log10(size)));
        return value.ToString(digits <= 2 ? "#,0." + new string('#', digits) : "0." + new string('#', digits), CultureInfo.InvariantCulture);
    }
}
