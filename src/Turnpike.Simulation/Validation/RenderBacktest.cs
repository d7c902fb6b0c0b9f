using System.Globalization;
using System.Text.Json;
using Turnpike.Core;
using Turnpike.Core.Allocation;

namespace Turnpike.Simulation;

/// <summary>
/// Render's operators: how many are paid each week, by the simulator's own <see cref="Fleet"/>. Two numbers are fitted, on epochs 2 to 52 only: what a node costs and how eager
/// people are to join. From epoch 52 on the fleet is alone with the pool and the price, which are given: this tests decisions, not prices.
/// </summary>
public static class RenderBacktest
{
    private const int First = 2, LastTraining = 52, Last = 97;
    private const double Decile = 1.2815515655446004;

    /// <summary>The weekly number of paid operators, 45 weeks ahead.</summary>
    public static Backtest Operators(string panelFile, string burnsFile)
    {
        var (counts, pools) = Panel(panelFile);
        var prices = Prices(burnsFile);
        var (cost, rate, best) = (0.0, 0.0, double.MaxValue);
        foreach (var costTried in new double[] { 8_000, 12_000, 18_000, 25_000, 35_000, 50_000, 70_000, 100_000 })
            foreach (var rateTried in new[] { 0.01, 0.02, 0.04, 0.07, 0.12 })
            {
                var (tried, _) = Live(costTried, rateTried, counts[First], pools, prices, LastTraining);
                var error = Enumerable.Range(First, LastTraining - First + 1).Sum(epoch => (tried[epoch] - counts[epoch]) * (tried[epoch] - counts[epoch]));
                if (error < best) (cost, rate, best) = (costTried, rateTried, error);
            }
        var from = LastTraining + 1;
        var (path, moved) = Live(cost, rate, counts[First], pools, prices, Last);
        // The fleet moves by expectations; real people are whole: as many more come or go as a Poisson count of moves allows. The test starts where the count stood.
        var shift = counts[LastTraining] / path[LastTraining];
        double[] ours = [.. Enumerable.Range(from, Last - from + 1).Select(epoch => path[epoch] * shift)];
        double[] width = [.. Enumerable.Range(from, Last - from + 1).Select(epoch => Decile * Math.Sqrt(moved[epoch] - moved[LastTraining]))];
        var actual = counts[First..(Last + 1)];
        var drift = PortableMath.Log(counts[LastTraining] / counts[First]) / (LastTraining - First);
        return new Backtest("render-operators", "Render operators paid per week, 45 weeks ahead", "epoch", [.. Enumerable.Range(First, Last - First + 1).Select(epoch => epoch.ToString(CultureInfo.InvariantCulture))], actual, from - First,
            [
                new Forecast("Turnpike", ours, [.. ours.Zip(width, (value, half) => value - half)], [.. ours.Zip(width, (value, half) => value + half)]),
                new Forecast("random walk with the training's drift", [.. Enumerable.Range(1, ours.Length).Select(step => counts[LastTraining] * PortableMath.Exp(drift * step))]),
                new Forecast("last training value", [.. Enumerable.Repeat(counts[LastTraining], ours.Length)]),
            ],
            string.Create(CultureInfo.InvariantCulture, $"Fitted on the training weeks: ${cost:0} a node, {rate * 100:0}% joiners a week per time the hurdle is beaten. The slow decline to epoch 78 is what the fleet expects. The jump after it, a new grant and the compute subnet, came from outside the rules and was not foreseen: it spoils correlation and coverage, and leaves the mean error only a little better than the baselines'."));
    }

    /// <summary>What operators are paid each week in all, by the rules.</summary>
    public static Backtest Payouts(string panelFile)
    {
        var (_, pools) = Panel(panelFile);
        var rules = Enumerable.Range(First, Last - First + 1).Select(epoch => epoch < 25 ? 43_758.0 : 15_000.0).ToArray();
        var from = 25 - First;
        var actual = pools[First..(Last + 1)];
        return new Backtest("render-payouts", "RENDER paid for work per week, by the rules", "epoch", [.. Enumerable.Range(First, Last - First + 1).Select(epoch => epoch.ToString(CultureInfo.InvariantCulture))], actual, from,
            [new Forecast("Turnpike", rules[from..]), new Forecast("random walk", actual[(from - 1)..^1]), new Forecast("last training value", [.. Enumerable.Repeat(actual[from - 1], actual.Length - from)])],
            "RNP-013 says 15,000 a week and 15,000 it is; the weeks that miss it are payments that slipped into the next week.");
    }

    private static (double[] Path, double[] Moved) Live(double cost, double rate, double initial, double[] pools, double[] prices, int last)
    {
        var fleet = new Fleet(new OperatorTerms
        {
            Classes = [new OperatorClass { Name = "node", Initial = initial, CostUsd = cost, RunningUsdPerWeek = 40, RunningSpread = 0.6, HurdleWeeks = 52, LeadWeeks = 2, Capacity = 1 }],
            Cohorts = 100, Cells = 1, PerCell = 1e9, ExpectationWeeks = 6, JoinRate = rate, JoinCap = 0.06, ExitHazard = 0.0102, SettledHazard = 0.0049, SettleWeeks = 20, LossHazard = 0.02,
        });
        fleet.Begin(1);
        var (path, moved) = (new double[last + 1], new double[last + 1]);
        path[First] = initial;
        for (var epoch = First; epoch < last; epoch++)
        {
            fleet.Measure(1e6);
            var before = fleet.Count.ToArray();
            var pool = ProRata.Allocate(new Amount((UInt128)(pools[epoch] * 1e18)), fleet.Units);
            fleet.Decide(pool.Amounts, prices[epoch], 1, 1);
            path[epoch + 1] = fleet.Count.Sum();
            moved[epoch + 1] = moved[epoch] + before.Sum() * 0.006 + Math.Max(0, path[epoch + 1] - before.Sum());
        }
        return (path, moved);
    }

    private static (double[] Counts, double[] Pools) Panel(string file)
    {
        var (seen, pools) = (new HashSet<string>[Last + 1], new double[Last + 1]);
        foreach (var row in File.ReadLines(file).Skip(1).Select(line => line.Split(',')))
        {
            var epoch = int.Parse(row[1], CultureInfo.InvariantCulture);
            (seen[epoch] ??= new HashSet<string>(StringComparer.Ordinal)).Add(row[0]);
            pools[epoch] += double.Parse(row[3], CultureInfo.InvariantCulture);
        }
        return ([.. seen.Select(operators => (double)(operators?.Count ?? 0))], pools);
    }

    private static double[] Prices(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        var prices = new double[Last + 1];
        foreach (var epoch in document.RootElement.GetProperty("data").EnumerateArray())
            prices[epoch.GetProperty("id").GetInt32()] = epoch.GetProperty("burnedRenderUSDCAmt").GetDouble() / Math.Max(1e-9, epoch.GetProperty("burnedRender").GetDouble());
        return prices;
    }
}
