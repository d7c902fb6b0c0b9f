namespace Turnpike.Simulation.Tests;

public class AttackerTests
{
    [Theory]
    [InlineData("render", 0)]
    [InlineData("dimo", 1)]
    public void Keys_without_devices_earn_where_presence_is_paid_and_nothing_where_work_is(string name, int sign)
    {
        var profit = ProfitOf(name, new AttackerTerms("Ghosts", AttackKind.Sybil, 500, 2, 0, 0, 0, 0));
        Assert.Equal(sign, Math.Sign(profit));
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Oracles_gain_only_when_they_are_a_quorum(double oracles, bool gains)
    {
        var profit = ProfitOf("akash", new AttackerTerms("Liars", AttackKind.OracleMinority, oracles, 2, 0, 10, 0, 0));
        Assert.Equal(gains, profit > 0);
        if (!gains) Assert.Equal(-10, profit, 1e-9);
    }

    // What Render pays for work does not depend on what is burned: with little demand a buyer of his own work earns more than he burns. Akash pays what customers paid.
    [Theory]
    [InlineData("render", true)]
    [InlineData("akash", false)]
    public void Buying_from_himself_pays_where_the_pool_is_not_bound_to_burns(string name, bool pays) =>
        Assert.Equal(pays, ProfitOf(name, new AttackerTerms("Self", AttackKind.SelfDealing, 1_000, 2, 0, 0, 0, 0), economy => economy with { Customers = economy.Customers with { DemandUsdPerWeek = 3_000, Volatility = 0 } }) > 0);

    [Fact]
    public void Who_is_found_stops_and_loses_bond_and_unvested_pay()
    {
        var free = ProfitOf("dimo", new AttackerTerms("Ghosts", AttackKind.Sybil, 500, 2, 0, 0, 0, 0));
        var caught = ProfitOf("dimo", new AttackerTerms("Ghosts", AttackKind.Sybil, 500, 2, 1, 0, 0, 700));
        Assert.True(free > 0);
        // Found in the first week: the week's pay had not vested.
        Assert.Equal(-700, caught, 1e-6);
    }

    [Fact]
    public void Claimed_place_gains_what_crowding_takes_from_the_honest()
    {
        var spoof = new AttackerTerms("Elsewhere", AttackKind.LocationSpoof, 50, 2, 0, 0, 0, 0);
        Assert.True(ProfitOf("hivemapper", spoof) > 0);
        Assert.Equal(0, ProfitOf("hivemapper", spoof, economy => economy with { Operators = economy.Operators with { PerCell = 1e9 } }), 1e-6);
    }

    private static double ProfitOf(string name, AttackerTerms attacker, Func<Economy, Economy>? change = null)
    {
        var (economy, blueprint) = Economies.Small(name);
        economy = (change ?? (unchanged => unchanged))(economy with { Attackers = [attacker], Market = economy.Market with { Volatility = 0.01 } });
        var run = new SimulationRun(economy, blueprint, 26);
        run.Execute(5);
        return run.Series[Metrics.Count][^1];
    }
}
