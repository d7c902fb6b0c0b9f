using Turnpike.Blueprints;

namespace Turnpike.Simulation;

/// <summary>How much one assumption matters for one result.</summary>
/// <param name="Factor">The assumption.</param>
/// <param name="Effect">Mean of the absolute elementary effects: percent change of the result over the assumption's whole range; points for the subsidy, which may be nothing.</param>
/// <param name="Interaction">Their deviation: large where the effect depends on the other assumptions.</param>
public sealed record Sensitivity(string Factor, double Effect, double Interaction);

/// <summary>
/// Morris' method of elementary effects (Technometrics 33, 1991): random paths through a grid on which one assumption at a time moves. Each assumption ranges from half to
/// twice of what the scenario says; the result is the median over a few common seeds.
/// </summary>
public static class Morris
{
    private const int Levels = 4;

    private static readonly (string Name, Func<Economy, double, Economy> Apply)[] Factors =
    [
        ("demand", (economy, x) => economy with { Customers = economy.Customers with { DemandUsdPerWeek = economy.Customers.DemandUsdPerWeek * x } }),
        ("demand growth", (economy, x) => economy with { Customers = economy.Customers with { GrowthPerYear = economy.Customers.GrowthPerYear * x } }),
        ("demand volatility", (economy, x) => economy with { Customers = economy.Customers with { Volatility = economy.Customers.Volatility * x } }),
        ("price volatility", (economy, x) => economy with { Market = economy.Market with { Volatility = economy.Market.Volatility * x } }),
        ("market depth", (economy, x) => economy with { Market = economy.Market with { DepthUsd = economy.Market.DepthUsd * x } }),
        ("share sold at once", (economy, x) => economy with { Market = economy.Market with { SoldShare = Math.Min(1, economy.Market.SoldShare * x) } }),
        ("hardware cost", (economy, x) => economy with { Operators = economy.Operators with { Classes = [.. economy.Operators.Classes.Select(hardware => hardware with { CostUsd = hardware.CostUsd * x })] } }),
        ("running cost", (economy, x) => economy with { Operators = economy.Operators with { Classes = [.. economy.Operators.Classes.Select(hardware => hardware with { RunningUsdPerWeek = hardware.RunningUsdPerWeek * x })] } }),
        ("join rate", (economy, x) => economy with { Operators = economy.Operators with { JoinRate = economy.Operators.JoinRate * x } }),
        ("exit hazard", (economy, x) => economy with { Operators = economy.Operators with { ExitHazard = Math.Min(1, economy.Operators.ExitHazard * x), SettledHazard = Math.Min(1, economy.Operators.SettledHazard * x), LossHazard = Math.Min(1, economy.Operators.LossHazard * x) } }),
    ];

    /// <summary>Names of the assumptions.</summary>
    public static IReadOnlyList<string> Names => [.. Factors.Select(factor => factor.Name)];

    /// <summary>Effects on each result, largest first.</summary>
    public static IReadOnlyDictionary<Metric, IReadOnlyList<Sensitivity>> Measure(Economy economy, Blueprint? blueprint, int weeks, IReadOnlyList<Metric> results, int paths = 6, int seeds = 6, ulong seed = 1, CancellationToken cancellation = default)
    {
        var random = new Philox(seed, 9);
        var effects = results.ToDictionary(metric => metric, _ => Factors.Select(_ => new List<double>()).ToArray());
        for (var path = 0; path < paths; path++)
        {
            var point = Factors.Select(_ => (int)(random.NextUnit() * (Levels / 2))).ToArray();
            var order = Enumerable.Range(0, Factors.Length).ToArray();
            for (var i = order.Length - 1; i > 0; i--)
            {
                var j = (int)(random.NextUnit() * (i + 1));
                (order[i], order[j]) = (order[j], order[i]);
            }
            var before = Evaluate(economy, blueprint, weeks, point, results, seeds, cancellation);
            foreach (var factor in order)
            {
                // Half of the grid up, which every start of the lower half can do.
                point[factor] += Levels / 2;
                var after = Evaluate(economy, blueprint, weeks, point, results, seeds, cancellation);
                foreach (var metric in results)
                {
                    var scale = metric == Metric.Subsidy ? 100 : Math.Max(Math.Abs(before[metric]), 1e-9);
                    effects[metric][factor].Add(100 * (after[metric] - before[metric]) / scale * (Levels - 1) / (Levels / 2));
                }
                before = after;
            }
        }
        return results.ToDictionary(metric => metric, metric => (IReadOnlyList<Sensitivity>)[.. Factors.Select((factor, i) => Summarise(factor.Name, effects[metric][i])).OrderByDescending(effect => effect.Effect).ThenBy(effect => effect.Factor, StringComparer.Ordinal)]);
    }

    private static Dictionary<Metric, double> Evaluate(Economy economy, Blueprint? blueprint, int weeks, int[] point, IReadOnlyList<Metric> results, int seeds, CancellationToken cancellation)
    {
        // Level 0 is half, the highest twice, evenly in the logarithm.
        for (var i = 0; i < Factors.Length; i++) economy = Factors[i].Apply(economy, PortableMath.Pow(2, 2.0 * point[i] / (Levels - 1) - 1));
        var run = MonteCarlo.Run(economy, blueprint, weeks, seeds, cancellation: cancellation);
        return results.ToDictionary(metric => metric, metric => run.Bands[(int)metric][^1] is { Count: > 0 } sketch ? sketch.Quantile(0.5) : 0);
    }

    private static Sensitivity Summarise(string name, List<double> effects)
    {
        var mean = effects.Average();
        return new Sensitivity(name, effects.Average(Math.Abs), Math.Sqrt(effects.Sum(effect => (effect - mean) * (effect - mean)) / effects.Count));
    }
}
