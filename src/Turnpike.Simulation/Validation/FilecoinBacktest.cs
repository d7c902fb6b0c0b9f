using System.Numerics;
using System.Text.Json;
using Turnpike.Core;
using Turnpike.Economics;

namespace Turnpike.Simulation;

/// <summary>A replay of Filecoin's minting from its real power.</summary>
/// <param name="Days">Days replayed.</param>
/// <param name="Minted">Ours, FIL minted since launch, a value a day.</param>
/// <param name="Reference">The reference simulation's.</param>
/// <param name="Daily">Ours, FIL a day.</param>
/// <param name="ReferenceDaily">The reference's.</param>
public sealed record FilecoinReplay(int Days, double[] Minted, double[] Reference, double[] Daily, double[] ReferenceDaily)
{
    /// <summary>Largest relative difference of the minted supply on any day.</summary>
    public double WorstRelativeError => Enumerable.Range(0, Days).Max(day => Math.Abs(Minted[day] / Reference[day] - 1));
}

/// <summary>Filecoin's minted supply from 2022-10 to 2025-09 out of the real raw power, by <see cref="StorageRules"/>, against the reference simulator mechafil.</summary>
public static class FilecoinBacktest
{
    private const double Exbibyte = 1_152_921_504_606_846_976;
    private const int FirstDay = 725;

    /// <summary>Replays the history.</summary>
    /// <param name="historyFile">Daily power.</param>
    /// <param name="referenceFile">The reference simulation.</param>
    public static FilecoinReplay Replay(string historyFile, string referenceFile)
    {
        using var history = JsonDocument.Parse(File.ReadAllBytes(historyFile));
        using var reference = JsonDocument.Parse(File.ReadAllBytes(referenceFile));
        var (data, output) = (history.RootElement.GetProperty("offline_data"), reference.RootElement.GetProperty("simulation_output"));
        var power = Series(data, "historical_raw_power_eib");
        var (minted, daily) = (Series(output, "cum_network_reward"), Series(output, "day_network_reward"));
        var realized = Series(output, "cum_capped_power_EIB")[0];

        var rules = new StorageRules(new RulesTerms
        {
            FromWeek = 1, Kind = RuleKind.StorageBaseline, PoolShare = Ratio.One, ReemissionCap = Amount.Zero, SmoothingEpochs = 1, BurnShare = Ratio.Zero, RemintShare = Ratio.Zero, FloorMultiple = Ratio.Zero,
            CapMultiple = Ratio.One, AvailabilityPerEpoch = Amount.Zero, StakingInflation = 0, FaultyOracles = 0, Oracles = 1,
            Storage = new StorageTerms(FirstDay, 0, data.GetProperty("init_baseline_eib").GetDouble(), 1),
        });
        rules.Realize((BigInteger)(realized * Exbibyte) * FilecoinMinting.EpochsPerDay);
        var days = power.Length - 1;
        var (ours, oursDaily) = (new double[days], new double[days]);
        for (var day = 0; day < days; day++)
        {
            oursDaily[day] = (double)rules.AdvanceDay((UInt128)(power[day + 1] * Exbibyte)).BaseUnits / 1e18;
            ours[day] = (double)rules.Minted.BaseUnits / 1e18;
        }
        return new FilecoinReplay(days, ours, minted[1..(days + 1)], oursDaily, daily[1..(days + 1)]);
    }

    /// <summary>The daily minting as a back-test, by month; the test is the last year.</summary>
    public static Backtest Monthly(string historyFile, string referenceFile)
    {
        var replay = Replay(historyFile, referenceFile);
        const int Month = 30;
        var months = replay.Days / Month;
        double[] Sum(double[] daily) => [.. Enumerable.Range(0, months).Select(month => daily.Skip(month * Month).Take(Month).Sum())];
        var (actual, ours) = (Sum(replay.ReferenceDaily), Sum(replay.Daily));
        var from = months - 12;
        var labels = Enumerable.Range(0, months).Select(month => new DateOnly(2022, 10, 11).AddDays(month * Month).ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        return new Backtest("fil-minted", "FIL minted per 30 days, from the real raw power", "month", labels, actual, from,
            [new Forecast("Turnpike", ours[from..]), new Forecast("random walk", actual[(from - 1)..^1]), new Forecast("last training value", [.. Enumerable.Repeat(actual[from - 1], 12)])],
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Minting is a function of power, so the error is arithmetic: the minted supply differs from the reference's by at most {replay.WorstRelativeError:0.0e0} of itself on any of {replay.Days} days."));
    }

    private static double[] Series(JsonElement parent, string name) => [.. parent.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
}
