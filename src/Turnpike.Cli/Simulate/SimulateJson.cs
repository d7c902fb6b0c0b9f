using Turnpike.Simulation;

namespace Turnpike.Cli.Simulate;

/// <summary>A result for programs: quantiles at the end, attackers, hash.</summary>
internal static class SimulateJson
{
    public static object View(string name, MonteCarloResult result, string report) => new
    {
        name, economy = result.Economy.Name, result.Weeks, result.Seeds, result.Hash, seconds = Math.Round(result.Elapsed.TotalSeconds, 3), operatorWeeks = result.Updates, report,
        end = Enum.GetValues<Metric>().ToDictionary(metric => char.ToLowerInvariant(metric.ToString()[0]) + metric.ToString()[1..], metric => Band(result.Bands[(int)metric][^1])),
        attackers = result.Economy.Attackers.Select((attacker, i) => new
        {
            attacker.Name, kind = attacker.Kind.ToString(), profitUsd = Band(result.Bands[Metrics.Count + i][^1]), chanceOfProfit = Finite(result.Bands[Metrics.Count + i][^1].ShareAboveZero),
        }),
        findings = Findings.Of(result).Select(finding => new { finding.Mood, finding.Text }),
    };

    private static object Band(QuantileSketch sketch) => new { p5 = Finite(sketch.Quantile(0.05)), p50 = Finite(sketch.Quantile(0.5)), p95 = Finite(sketch.Quantile(0.95)) };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
