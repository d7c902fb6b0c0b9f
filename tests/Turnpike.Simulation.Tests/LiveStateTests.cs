using Turnpike.Core;
using Turnpike.Economics;

namespace Turnpike.Simulation.Tests;

public class LiveStateTests
{
    private static readonly EmissionSchedule Schedule = new([new EmissionStep(new EpochNumber(1), Amount.FromTokens(70)), new EmissionStep(new EpochNumber(10), Amount.FromTokens(35)), new EmissionStep(new EpochNumber(20), Amount.Zero)]);

    [Theory]
    [InlineData(0, "70 from 1, 35 from 10, 0 from 20")]
    [InlineData(4, "70 from 1, 35 from 6, 0 from 16")]
    [InlineData(9, "35 from 1, 0 from 11")]
    [InlineData(30, "0 from 1")]
    public void Schedule_goes_on_where_the_network_is(ulong last, string steps)
    {
        var begun = Live(last, TimeSpan.FromDays(1)).Begin(Economies.Small("render").Economy);
        Assert.Equal(steps, string.Join(", ", begun.Emission.Steps.Select(step => $"{step.PerEpoch.ToTokenString()} from {step.FromEpoch.Value}")));
    }

    [Fact]
    public void Simulation_begins_with_the_networks_supply_price_devices_and_demand()
    {
        var begun = Live(5, TimeSpan.FromDays(1)).Begin(Economies.Small("render").Economy);
        Assert.Equal((Amount.FromTokens(1_000), Price.Parse("2")), (begun.Token.Supply, begun.Token.Price));
        Assert.Equal(60, begun.Operators.Classes.Sum(hardware => hardware.Initial), 1e-9);
        Assert.Equal(2 * 3 * 7, begun.Customers.DemandUsdPerWeek, 1e-9);
        var run = new SimulationRun(begun, null, 8);
        run.Execute(1);
        Assert.InRange(run.Series[(int)Metric.Operators][0], 50, 70);
    }

    [Fact]
    public void Epoch_that_fits_no_week_is_refused() =>
        Assert.Throws<ArgumentException>(() => Live(1, TimeSpan.FromDays(5)).Begin(Economies.Small("render").Economy));

    private static LiveState Live(ulong last, TimeSpan epoch) => new(Amount.FromTokens(1_000), Price.Parse("2"), Schedule, epoch, last, 60, Amount.FromTokens(3));
}
