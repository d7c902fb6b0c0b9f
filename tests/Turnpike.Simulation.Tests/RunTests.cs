using Turnpike.Core;
using Turnpike.Core.Allocation;
using Turnpike.Economics;

namespace Turnpike.Simulation.Tests;

public class RunTests
{
    public static TheoryData<string> Names => Economies.Names;

    [Theory, MemberData(nameof(Names))]
    public void Every_economy_lives_three_years_and_its_books_hold(string name)
    {
        var (economy, blueprint) = Economies.Small(name);
        var run = new SimulationRun(economy, blueprint, 156);
        run.Execute(1);
        Assert.All(run.Series[(int)Metric.Price], price => Assert.InRange(price, 1e-8, 1e6));
        Assert.All(run.Series[(int)Metric.Operators], devices => Assert.InRange(devices, 0, 1e9));
        Assert.All(Enumerable.Range(0, run.Samples), sample => Assert.True(run.Series[(int)Metric.Revenue][sample] <= run.Series[(int)Metric.Demand][sample] + economy.Attackers.Where(attacker => attacker.Kind == AttackKind.SelfDealing).Sum(attacker => attacker.Size) + 1e-6));
        // What was minted less what was burned is what the supply grew by; the last record may cover fewer weeks.
        var grown = run.Series[(int)Metric.Supply][^1] - (double)economy.Token.Supply.BaseUnits / 1e18;
        var flows = Enumerable.Range(0, run.Samples).Sum(sample => (run.Series[(int)Metric.Minted][sample] - run.Series[(int)Metric.Burned][sample]) * Math.Min(Metrics.Stride, 156 - sample * Metrics.Stride));
        Assert.Equal(flows, grown, Math.Abs(flows) * 1e-6 + 1);
    }

    [Fact]
    public void Seed_decides_everything_and_nothing_else_does()
    {
        var (economy, blueprint) = Economies.Small("render");
        var run = new SimulationRun(economy, blueprint, 52);
        var (first, other) = (run.Execute(1), run.Execute(2));
        Assert.NotEqual(first, other);
        // The same instance after another life, and a new one.
        Assert.Equal(first, run.Execute(1));
        Assert.Equal(other, new SimulationRun(economy, blueprint, 52).Execute(2));
    }

    [Fact]
    public void Result_does_not_depend_on_threads()
    {
        var (economy, blueprint) = Economies.Small("akash");
        var (alone, crew) = (MonteCarlo.Run(economy, blueprint, 52, 24, workers: 1), MonteCarlo.Run(economy, blueprint, 52, 24, workers: 4));
        Assert.Equal(alone.Hash, crew.Hash);
        foreach (var (left, right) in alone.Bands.SelectMany(band => band).Zip(crew.Bands.SelectMany(band => band)))
            Assert.Equal((left.Count, left.Quantile(0.05), left.Quantile(0.5), left.Quantile(0.95)), (right.Count, right.Quantile(0.05), right.Quantile(0.5), right.Quantile(0.95)));
        Assert.NotEqual(alone.Hash, MonteCarlo.Run(economy, blueprint, 52, 25, workers: 2).Hash);
    }

    [Fact]
    public void Memory_does_not_grow_with_the_number_of_runs()
    {
        var (economy, blueprint) = Economies.Small("hivemapper");
        MonteCarlo.Run(economy, blueprint, 52, 4, workers: 1);
        var (few, many) = (Kept(20), Kept(200));
        Assert.True(many < few * 1.5 + 1_000_000, $"{few} bytes after 20 runs, {many} after 200.");

        long Kept(int seeds)
        {
            var result = MonteCarlo.Run(economy, blueprint, 52, seeds, workers: 1);
            var bytes = GC.GetTotalMemory(forceFullCollection: true);
            GC.KeepAlive(result);
            return bytes;
        }
    }

    [Fact]
    public void Cancelled_simulation_stops()
    {
        var (economy, blueprint) = Economies.Small("akash");
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => MonteCarlo.Run(economy, blueprint, 52, 8, cancellation: stop.Token));
    }

    [Fact]
    public void Price_crash_is_a_fall_to_a_tenth_in_its_week()
    {
        var (calm, shocked) = (Median("dimo", null), Median("dimo", "price-crash"));
        Assert.Equal(calm[..6], shocked[..6]);
        Assert.InRange(shocked[6] / calm[6], 0.05, 0.25);

        static double[] Median(string name, string? scenario)
        {
            var (economy, blueprint) = Economies.Small(name, scenario);
            return [.. MonteCarlo.Run(economy, blueprint, 52, 40).Bands[(int)Metric.Price].Select(sketch => sketch.Quantile(0.5))];
        }
    }

    [Fact]
    public void Region_switched_off_earns_nothing_and_comes_back()
    {
        var (economy, blueprint) = Economies.Small("hivemapper", "region-off");
        var run = new SimulationRun(economy with { Attackers = [] }, blueprint, 104);
        run.Execute(3);
        var utilisation = run.Series[(int)Metric.Utilisation];
        Assert.True(utilisation[9] > utilisation[6] * 1.1, $"{utilisation[6]} before, {utilisation[9]} while it is off");
    }

    [Fact]
    public void New_rules_hold_from_their_week_on()
    {
        var (economy, _) = Economies.Small("render");
        var doubled = economy with { Rules = [economy.Rules[0], economy.Rules[0] with { FromWeek = 27, AvailabilityPerEpoch = Amount.FromTokens(100_000) }] };
        var run = new SimulationRun(doubled, null, 52);
        run.Execute(1);
        var minted = run.Series[(int)Metric.Minted];
        Assert.Equal(17_884.615, minted[5], 0.01);
        Assert.Equal(115_000, minted[12], 0.01);
    }

    // The calibration of the Render panel: a cut of the pool to a third stops joining and hardly hastens leaving.
    [Fact]
    public void Cut_of_the_pool_stops_joins_and_leaves_exits_as_they_were()
    {
        var (economy, _) = Economies.Small("render");
        var calm = economy with { Attackers = [], Market = economy.Market with { Policy = PricePolicy.Exogenous, Volatility = 0 }, Operators = economy.Operators with { Classes = [.. economy.Operators.Classes.Select(hardware => hardware with { RunningUsdPerWeek = 10, CostUsd = 4_000 })] } };
        var cut = calm with { Emission = new EmissionSchedule([new EmissionStep(new EpochNumber(1), Amount.FromTokens(43_758)), new EmissionStep(new EpochNumber(25), Amount.FromTokens(5_000))]) };
        var run = new SimulationRun(cut, null, 76);
        run.Execute(1);
        var devices = run.Series[(int)Metric.Operators];
        Assert.True(devices[5] > devices[0] * 1.2, "they join while it pays");
        var weekly = 1 - Math.Pow(devices[18] / devices[10], 1 / 32.0);
        Assert.InRange(weekly, 0.004, 0.013);
    }

    [Fact]
    public void Quantity_theory_price_is_where_demand_holds_the_supply()
    {
        var (economy, _) = Economies.Small("dimo");
        var steady = economy with { Attackers = [], Rules = [economy.Rules[0] with { BurnShare = Ratio.Zero }], Market = economy.Market with { Policy = PricePolicy.Quantity, Volatility = 0, HoldingDays = 70 }, Customers = economy.Customers with { Volatility = 0, GrowthPerYear = 0, Elasticity = 0, UsdPerUnit = 1_000 } };
        var run = new SimulationRun(steady, null, 104);
        run.Execute(1);
        var liquid = run.Series[(int)Metric.Supply][^1] * economy.Token.LiquidShare;
        Assert.Equal(run.Series[(int)Metric.Revenue][^1] * 10 / liquid, run.Series[(int)Metric.Price][^1], run.Series[(int)Metric.Price][^1] * 0.02);
    }

    [Fact]
    public void Sensitivity_finds_what_a_result_depends_on()
    {
        var (economy, _) = Economies.Small("render");
        var effects = Morris.Measure(economy with { Attackers = [] }, null, 26, [Metric.Revenue, Metric.Supply], paths: 2, seeds: 2);
        Assert.Equal(Morris.Names.Order(StringComparer.Ordinal), effects[Metric.Revenue].Select(effect => effect.Factor).Order(StringComparer.Ordinal));
        Assert.Equal("demand", effects[Metric.Revenue][0].Factor);
        Assert.True(effects[Metric.Revenue].Single(effect => effect.Factor == "price volatility").Effect < effects[Metric.Revenue][0].Effect / 5);
    }

    [Fact]
    public void Simulated_band_is_the_band_of_the_library()
    {
        var (economy, _) = Economies.Small("helium-mobile");
        var rules = (PoolRules)WeeklyRules.Create(economy, economy.Rules[0], null);
        var facts = new WeekFacts(1, 7, Price.Parse("0.27"), Credits.FromUsd(63_700), economy.Token.Supply);
        UInt128[] units = [3, 1, 4, 1, 5];
        var burned = facts.Price.AmountFloor(facts.Revenue);
        var (smoothed, pool) = (Amount.Zero, Amount.Zero);
        for (var day = 1UL; day <= 7; day++)
        {
            (smoothed, _) = new NetEmission(economy.Rules[0].ReemissionCap, 7).Advance(smoothed, new Amount(burned.BaseUnits / 7));
            pool += Banded.Size(new BandTerms
            {
                Emission = economy.Emission.At(new EpochNumber(day)), SmoothedBurn = smoothed, ReemissionCap = economy.Rules[0].ReemissionCap, Share = economy.Rules[0].PoolShare,
                ServiceValue = new Credits(facts.Revenue.Count / 7), FloorPrice = facts.Price, CapPrice = facts.Price,
            }).Paid;
        }
        Assert.Equal(ProRata.Allocate(pool, units).Amounts, rules.Settle(facts, units).Amounts);
    }
}
