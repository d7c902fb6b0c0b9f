using Turnpike.Networks.Wireless;

namespace Turnpike.Simulation.Tests;

public class EconomyReaderTests
{
    public static TheoryData<string> Names => Economies.Names;

    public static TheoryData<string> Scenarios => Economies.Scenarios;

    [Theory, MemberData(nameof(Names))]
    public void Shipped_economy_is_right_and_named_like_its_file(string name) => Assert.Equal(name, Economies.Read(name).Economy.Name);

    [Fact]
    public void Seven_networks_are_there_out_of_the_box() =>
        Assert.Equal(["akash", "dimo", "filecoin", "helium-iot", "helium-mobile", "hivemapper", "render"], Names.Select(row => row.Data));

    [Theory, MemberData(nameof(Scenarios))]
    public void Shipped_scenario_fits_every_economy(string scenario) => Assert.All(Names, name => Economies.Read(name.Data, scenario));

    // File, line, key and the accepted range: to the letter.
    [Theory]
    [InlineData("    cost_usd: 14000", "    cost_usd: -14000", "akash.yaml:33:17: operators.classes[0].cost_usd: '-14000' is not allowed; write a number from 0 to 1000000000.")]
    [InlineData("  sold_share: 90%", "  sold_share: 190%", "akash.yaml:55:15: market.sold_share: '190%' is not allowed; write a percentage from 0% to 100%, such as 12.5%.")]
    [InlineData("  sold_share: 90%", "  sold_share: most", "akash.yaml:55:15: market.sold_share: 'most' cannot be read; write a percentage from 0% to 100%, such as 12.5%.")]
    [InlineData("  usd_per_unit: 20 ", "  usd_per_unti: 20 ", "akash.yaml:48:3: customers.usd_per_unti: there is no key 'usd_per_unti'; perhaps 'usd_per_unit' is meant.")]
    [InlineData("    lead_weeks: 6", "    lead_weeks: 60", "akash.yaml:36:19: operators.classes[0].lead_weeks: '60' is not allowed; write a whole number of weeks from 0 to 52.")]
    [InlineData("  kind: remint-vault", "  kind: remint", "akash.yaml:22:9: rules.kind: 'remint' is not allowed; write one of usage-pack, band, remint-vault, work-pool, storage-baseline, remint-share, level-shares.")]
    [InlineData("  faulty_oracles: 2", "  faulty_oracles: 3", "akash.yaml:25:19: rules.faulty_oracles: 7 oracles cannot bear 3 that lie; write at least 10 oracles, or a smaller faulty_oracles.")]
    [InlineData("  epoch: 7d", "  epoch: 5d", "akash.yaml:17:10: emission.epoch: neither is the week a whole number of epochs nor the epoch one of weeks; write a divisor of 7d, or 7d, 14d, 21d or 28d.")]
    [InlineData("  symbol: AKT\n", "", "akash.yaml:10:3: token.symbol: the key is missing; add it: a symbol of 2 to 11 capital letters and digits, such as HNT.")]
    public void Fault_names_file_line_key_and_range(string piece, string replacement, string problem) =>
        Assert.Contains(problem, Economies.ProblemsOf(piece, replacement));

    [Fact]
    public void Every_fault_of_a_file_is_reported_at_once()
    {
        var problems = Economies.ProblemsOf("  depth_usd: 4000000 ", "  depth_usd: 0\n  holding_days: never\n  drift: 1% #");
        Assert.Equal(3, problems.Length);
    }

    [Fact]
    public void Fault_in_a_scenario_names_the_scenario()
    {
        var reading = Laid("scenario:\n  name: Bad\nevents:\n  - { week: 0, kind: price, size: -190% }\nmarkets:\n  depth_usd: 1\n");
        Assert.Null(reading.Economy);
        Assert.Equal(
            ["bad.yaml:4:13: events[0].week: '0' is not allowed; write a whole number of weeks from 1 to 5200.",
             "bad.yaml:4:35: events[0].size: '-190%' is not allowed; write a percentage from -100% to 10000%, such as 12.5%.",
             "bad.yaml:5:1: markets: there is no key 'markets'; perhaps 'market' is meant."],
            reading.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void Scenario_changes_what_it_writes_and_nothing_else()
    {
        var (economy, changed) = (Economies.Read("akash").Economy, Laid("scenario:\n  name: Half the staking\nrules:\n  staking_inflation: 3%\n").Economy!);
        Assert.Equal(0.03, changed.Rules[0].StakingInflation);
        Assert.Equal(economy.Rules[0] with { StakingInflation = 0.03 }, changed.Rules[0]);
        Assert.Equal(economy.Customers, changed.Customers);
        Assert.NotEqual(economy.SourceHash, changed.SourceHash);
    }

    [Fact]
    public void Missing_file_is_a_problem_and_no_exception() =>
        Assert.Equal("nowhere.yaml: the file cannot be opened; check the path.", Assert.Single(EconomyReader.Read("nowhere.yaml", null, WirelessModule.Packs).Problems).ToString());

    private static EconomyReading Laid(string scenario) => EconomyReader.Parse(File.ReadAllText(Path.Combine(Economies.Folder, "akash.yaml")), "akash.yaml", scenario, "bad.yaml", WirelessModule.Packs, name => name);
}
