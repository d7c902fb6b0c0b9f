using Turnpike.Blueprints;
using Turnpike.Core;

namespace Turnpike.Simulation.Tests;

public class WarningTests
{
    public static TheoryData<string> Names => Economies.Names;

    // Real networks do break laws: DIMO's schedule is inside its cap, Render pays a fixed pool whatever is burned.
    [Theory]
    [InlineData("akash", new string[0])]
    [InlineData("dimo", new string[0])]
    [InlineData("filecoin", new string[0])]
    [InlineData("helium-iot", new string[0])]
    public void Networks_without_a_broken_law_have_no_warning(string name, string[] laws)
    {
        var (economy, blueprint) = Economies.Small(name);
        Assert.Equal(laws, EconomyWarnings.Of(economy, blueprint).Select(warning => warning.Law));
    }

    [Fact]
    public void Pool_that_pays_more_than_is_burned_makes_wash_demand_profitable()
    {
        var (economy, _) = Economies.Small("render");
        var poor = economy with { Customers = economy.Customers with { DemandUsdPerWeek = 5_000 } };
        var warning = EconomyWarnings.Of(poor, null).Single(warning => warning.Law == "wash-demand");
        // 17,884.6 RENDER at $2.49 over $6,000 of revenue, of which $1,000 are the buyer's own.
        Assert.Contains("earns him 7.42 at the start", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Schedule_beyond_the_cap_is_named()
    {
        var (economy, _) = Economies.Small("dimo");
        var capped = economy with { Token = economy.Token with { LifetimeCap = Amount.FromTokens(1_000_000) } };
        Assert.Contains(EconomyWarnings.Of(capped, null), warning => warning.Law == "emission-beyond-cap");
    }

    [Fact]
    public void One_signature_and_free_identities_are_named()
    {
        var (economy, _) = Economies.Small("akash");
        var naive = economy with { Rules = [economy.Rules[0] with { FaultyOracles = 0 }], Attackers = [new AttackerTerms("Ghosts", AttackKind.Sybil, 10, 1, 0, 0, 0, 0)] };
        Assert.Equal(["quorum", "free-identities"], EconomyWarnings.Of(naive, null).Select(warning => warning.Law));
    }

    [Theory]
    [InlineData("3d", "7d", true)]
    [InlineData("7d", "7d", false)]
    public void Bond_that_thaws_sooner_than_a_dispute_ends_is_warned_of_and_is_not_lost(string thaw, string dispute, bool isWarned)
    {
        Assert.True(Notation.TryReadDuration(thaw, TimeSpan.Zero, TimeSpan.FromDays(99), out var thaws, out _) & Notation.TryReadDuration(dispute, TimeSpan.Zero, TimeSpan.FromDays(99), out var disputed, out _));
        var economy = Economies.Small("helium-mobile").Economy;
        economy = economy with { Rules = [economy.Rules[0] with { BondThaw = thaws, Dispute = disputed, FaultyOracles = 2 }], Attackers = [new AttackerTerms("Liars", AttackKind.OracleMinority, 2, 1, 1, 0, 0, 1_000)] };
        Assert.Equal(isWarned, EconomyWarnings.Of(economy, null).Any(warning => warning.Law == "thaw-shorter-than-dispute"));
        var run = new SimulationRun(economy, null, 8);
        run.Execute(1);
        Assert.Equal(isWarned ? 0 : -1_000, run.Series[Metrics.Count][^1]);
    }
}
