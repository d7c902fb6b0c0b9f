using Turnpike.Core;

namespace Turnpike.Simulation.Tests;

public class FleetTests
{
    [Fact]
    public void Cells_are_real_distinct_and_crowded_in_the_middle_of_cities()
    {
        var map = new CellMap(1_200, 10);
        Assert.Equal(1_200, map.Cells.Distinct().Count());
        Assert.All(map.Cells, cell => Assert.True(Core.Geography.H3Cell.IsValid(cell.Value) && cell.Resolution == 7));
        // The first of New York's cells holds its centre.
        Assert.Equal(Core.Geography.H3Cell.Containing(new Core.Geography.Position(407128000, -740060000), 7), map.Cells[0]);
        Assert.True(map.Choose(0.001) < map.Choose(0.5) && map.Choose(0.5) < map.Choose(0.999));
    }

    [Fact]
    public void Cell_beyond_its_density_shares_what_it_is_worth()
    {
        var map = new CellMap(16, 10);
        map.Add(3, 40);
        map.Add(4, 10);
        Assert.Equal((0.25, 1.0), (map.Factor(3), map.Factor(4)));
        Assert.Equal((40 * 0.25 + 10) / 50, map.MeanFactor(), 1e-12);
        map.SwitchOff(0.5);
        Assert.Equal(8, Enumerable.Range(0, 16).Count(cell => map.Factor(cell) == 0));
        map.SwitchOff(0);
        Assert.Equal(0.25, map.Factor(3));
    }

    [Fact]
    public void Hardware_comes_after_its_lead_time_and_later_in_a_shortage()
    {
        var fleet = Begun(lead: 3);
        for (var week = 1; week <= 3; week++) Pay(fleet, 100, 1);
        var before = fleet.Count.Sum();
        Pay(fleet, 100, 1);
        Assert.True(fleet.Count.Sum() > before * 1.005, "the first buyers run");

        var (short1, full) = (Begun(lead: 3), Begun(lead: 3));
        for (var week = 1; week <= 8; week++)
        {
            Pay(short1, 100, 0.2);
            Pay(full, 100, 1);
        }
        Assert.True(short1.Count.Sum() < full.Count.Sum());
    }

    [Fact]
    public void Nobody_joins_without_payback_and_few_leave_while_running_costs_are_met()
    {
        var fleet = Begun(lead: 0);
        for (var week = 0; week < 52; week++) Pay(fleet, 3, 1);
        // 0.49 % to 1.02 % a week for reasons of their own.
        Assert.InRange(fleet.Count.Sum() / 1_000, Math.Pow(1 - 0.0102, 52), Math.Pow(1 - 0.0049, 52));
    }

    [Fact]
    public void Debt_falls_by_what_is_earned_and_grows_by_what_is_bought()
    {
        var idle = Begun(lead: 0);
        Pay(idle, 1, 1);
        var earning = Begun(lead: 0);
        Pay(earning, 3, 1);
        Assert.True(earning.Debt < idle.Debt && earning.Debt > 0);
        var growing = Begun(lead: 0);
        for (var week = 0; week < 3; week++) Pay(growing, 40, 1);
        Assert.True(growing.Count.Sum() > 1_000 && growing.Debt > 0);
    }

    // So many dollars a device.
    private static void Pay(Fleet fleet, double usd, double arrivals)
    {
        fleet.Measure(1e6);
        fleet.Decide([.. fleet.Count.Select(count => new Amount((UInt128)(count * usd * 1e18)))], 1, 1, arrivals);
    }

    private static Fleet Begun(int lead)
    {
        var fleet = new Fleet(new OperatorTerms
        {
            Classes = [new OperatorClass { Name = "box", Initial = 1_000, CostUsd = 500, RunningUsdPerWeek = 1, RunningSpread = 0, HurdleWeeks = 50, LeadWeeks = lead, Capacity = 1 }],
            Cohorts = 20, Cells = 16, PerCell = 1e9, ExpectationWeeks = 2, JoinRate = 0.03, JoinCap = 0.15, ExitHazard = 0.0102, SettledHazard = 0.0049, SettleWeeks = 20, LossHazard = 0.01,
        });
        fleet.Begin(1);
        return fleet;
    }
}
