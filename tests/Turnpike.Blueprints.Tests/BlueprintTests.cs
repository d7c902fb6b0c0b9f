using System.Text;
using Turnpike.Core;

namespace Turnpike.Blueprints.Tests;

public class BlueprintTests
{
    private const ulong Token = 1_000_000_000_000_000_000;

    private static readonly Address Made = Address.Parse("0x00000000000000000000000000000000000000ff");

    [Fact]
    public void Right_blueprint_is_read_exactly()
    {
        var network = Sample.Blueprint(Sample.Yaml);

        Assert.Equal("parcels-1", network.Network.Pack);
        Assert.Equal([new GenesisAllocation(new("holder"), (UInt128)1000 * Token + Token / 2)], network.Token.Genesis);
        Assert.Equal([new EmissionStep(1, (UInt128)100 * Token), new EmissionStep(11, (UInt128)50 * Token + Token / 4)], network.Emission.Steps);
        Assert.Equal(((UInt128)8 * Token, 7u), (network.Emission.ReemissionCap, network.Emission.SmoothingEpochs));
        Assert.Equal((UInt128)25_000_000, network.Price.InitialUsd);
        Assert.Equal((TimeSpan.FromHours(24), TimeSpan.FromMinutes(30), null), (network.Epoch.Length, network.Epoch.Grace, network.Epoch.Start));
        Assert.Equal((4u, 1u), (network.Oracles.Count, network.Oracles.Faulty));
        Assert.Equal([625_000u, 375_000u], network.Pools.Select(pool => pool.SharePpm));
        Assert.Equal((7ul, 1_500ul, "strict"), (network.Parameters.Integer("weight"), network.Parameters.Milliseconds("window"), network.Parameters.Text("mode")));
        Assert.Equal(["admin"], network.GeneratedAccounts);
    }

    [Fact]
    public void Local_section_lies_over_the_rest_and_leaves_the_published_network_alone()
    {
        var reading = Sample.Read(Sample.Yaml);

        Assert.Equal((TimeSpan.FromHours(24), TimeSpan.FromSeconds(10)), (reading.Blueprint!.Epoch.Length, reading.Local!.Epoch.Length));
        Assert.Equal(TimeSpan.FromDays(7), reading.Local.Epoch.EmptyAfter);
        Assert.Equal(["admin", "holder"], reading.Local.GeneratedAccounts);
    }

    [Fact]
    public void Blueprint_without_a_local_section_is_its_own_local_network()
    {
        var reading = Sample.Read(Sample.Yaml[..Sample.Yaml.IndexOf("local:", StringComparison.Ordinal)]);

        Assert.NotNull(reading.Blueprint);
        Assert.Same(reading.Blueprint, reading.Local);
    }

    [Fact]
    public void Halvings_are_written_out_as_steps_that_round_down()
    {
        var steps = "  steps:\n    - { from_epoch: 1, per_epoch: 100 }\n    - { from_epoch: 11, per_epoch: 50.25 }\n";
        var network = Sample.Blueprint(Sample.With(steps, "  halving: { first_per_epoch: 0.000000000000000007, interval_epochs: 10, halvings: 2 }\n"));

        Assert.Equal([new EmissionStep(1, 7), new EmissionStep(11, 3), new EmissionStep(21, 1)], network.Emission.Steps);
    }

    [Fact]
    public void Start_in_utc_is_read() =>
        Assert.Equal(1_754_006_400, Sample.Blueprint(Sample.With("  length: 24h\n", "  length: 24h\n  start: 2025-08-01T00:00:00Z\n")).Epoch.Start!.Value.ToUnixTimeSeconds());

    [Fact]
    public void Members_as_many_as_the_count_are_read()
    {
        var network = Sample.Blueprint(Sample.With("gateways:\n  count: 1\n", "gateways:\n  count: 1\n  members: [{ account: holder, url: https://gw.example:8443/x }]\n"));

        Assert.Equal([new NodeMember(new("holder"), new Uri("https://gw.example:8443/x"))], network.Gateways.Members);
    }

    [Fact]
    public void Canonical_parameters_are_these_bytes() => Assert.Equal(
        "turnpike-parameters 1\npack parcels-1\nmodule parcels\n"
        + "pool work 625000 pro-rata - 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed\n"
        + "pool fund 375000 account 0x00000000000000000000000000000000000000fe -\n"
        + "parameter mode strict\nparameter weight 7\nparameter window 1500\n",
        Encoding.ASCII.GetString(Sample.Blueprint(Sample.Yaml).CanonicalParameters()));

    [Theory]
    [InlineData("share: 62.5%", "share_ppm: 625000")]
    [InlineData("  weight: 7\n  mode: strict\n", "  mode: 'strict'\n  window: 1500ms\n  weight: 7\n")]
    [InlineData("title: Test network", "title: Another title")]
    [InlineData("leftovers: holder", "leftovers: '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed'")]
    [InlineData("onboarding_fee: 50000", "onboarding_fee: 1")]
    public void Canonical_parameters_do_not_depend_on_layout_or_on_what_rules_do_not_read(string piece, string replacement) =>
        Assert.Equal(Sample.Blueprint(Sample.Yaml).CanonicalParameters(), Sample.Blueprint(Sample.With(piece, replacement)).CanonicalParameters());

    [Theory]
    [InlineData("weight: 7", "weight: 8")]
    [InlineData("leftovers: holder", "leftovers: guardian")]
    [InlineData("    leftovers: holder\n", "")]
    [InlineData("shape: pro-rata", "shape: banded")]
    [InlineData("- name: work", "- name: labour")]
    public void Canonical_parameters_change_with_the_rules(string piece, string replacement) =>
        Assert.NotEqual(Sample.Blueprint(Sample.Yaml).CanonicalParameters(), Sample.Blueprint(Sample.With(piece, replacement)).CanonicalParameters());

    [Fact]
    public void Generated_account_must_be_made_before_it_can_be_hashed()
    {
        var local = Sample.Read(Sample.Yaml).Local!;

        var refusal = Assert.Throws<InvalidOperationException>(local.CanonicalParameters);
        Assert.Equal("The account 'holder' has no address yet; generate a key for it first.", refusal.Message);
        var made = local.WithAccounts(new Dictionary<string, Address> { ["holder"] = Made, ["guardian"] = Made });
        Assert.Contains($"- {Made}\n", Encoding.ASCII.GetString(made.CanonicalParameters()), StringComparison.Ordinal);
        Assert.Equal("0x00000000000000000000000000000000000000aa", made.AddressOf(Blueprint.GuardianAccount).ToString());
    }
}
