using System.Globalization;
using Turnpike.Core;
using Turnpike.Economics;

namespace Turnpike.Simulation;

/// <summary>
/// HNT issued per month by the rules alone: the schedule of HIP-20 by day, the re-emission of smoothed burns up to the cap, and from HIP-138 to August 2025 the treasury's
/// 12,236.28691983 a day. Nothing is fitted. Buckets of the file are the weeks that begin on a Monday of the month; the last one ends after 17 days.
/// </summary>
public static class IssuanceBacktest
{
    private const int LastBucketDays = 17;

    private static readonly Amount Treasury = Amount.ParseTokens("12236.28691983");
    private static readonly DateOnly TreasuryFrom = new(2025, 1, 29);
    private static readonly DateOnly TreasuryUntil = new(2025, 8, 1);

    private static readonly (DateOnly From, Amount PerDay)[] Schedule =
    [
        (new DateOnly(2025, 8, 1), Amount.ParseTokens("20547.94520548")), (new DateOnly(2024, 8, 1), Amount.ParseTokens("41095.89041096")),
        (new DateOnly(2023, 8, 3), Amount.ParseTokens("40983.60655738")), (DateOnly.MinValue, Amount.ParseTokens("82191.78082192")),
    ];

    /// <summary>The test is the last twelve months.</summary>
    public static Backtest Helium(string file)
    {
        var rows = File.ReadLines(file).Skip(1).Select(line => line.Split(',')).ToList();
        var actual = rows.Select(row => double.Parse(row[2], CultureInfo.InvariantCulture)).ToArray();
        var model = new double[rows.Count];
        var (rule, smoothed) = (new NetEmission(Amount.ParseTokens("1643.83561643"), 7), Amount.Zero);
        for (var i = 0; i < rows.Count; i++)
        {
            var days = DaysOf(rows[i][0], i == rows.Count - 1);
            var burn = new Amount((UInt128)(double.Parse(rows[i][1], CultureInfo.InvariantCulture) / days.Count * 1e18));
            var issued = Amount.Zero;
            foreach (var day in days)
            {
                (smoothed, var reemitted) = rule.Advance(smoothed, burn);
                issued += Schedule.First(step => step.From <= day).PerDay + reemitted;
                if (day >= TreasuryFrom && day < TreasuryUntil) issued += Treasury;
            }
            model[i] = (double)issued.BaseUnits / 1e18;
        }
        var from = rows.Count - 12;
        var walk = actual[(from - 1)..^1];
        return new Backtest("hnt-issued", "HNT issued per month, by the rules", "month", [.. rows.Select(row => row[0][..7])], actual, from,
            [new Forecast("Turnpike", model[from..]), new Forecast("random walk", walk), new Forecast("last training value", [.. Enumerable.Repeat(actual[from - 1], 12)])],
            "The rules are known, so this must be right, and where burns passed the cap it is, to the eleventh digit (a unit test). The rest of the error lies in the months before, in which other one-time payments were issued that the two rules do not know.");
    }

    private static List<DateOnly> DaysOf(string label, bool isLast)
    {
        var (year, month) = (int.Parse(label.AsSpan(0, 4), CultureInfo.InvariantCulture), int.Parse(label.AsSpan(5, 2), CultureInfo.InvariantCulture));
        var mondays = Enumerable.Range(1, DateTime.DaysInMonth(year, month)).Select(day => new DateOnly(year, month, day)).Where(day => day.DayOfWeek == DayOfWeek.Monday).ToList();
        return [.. Enumerable.Range(0, isLast ? LastBucketDays : mondays.Count * 7).Select(mondays[0].AddDays)];
    }
}
