using Turnpike.Networks.Wireless.Rules.Usage2026;
using Turnpike.Tests;

namespace Turnpike.Blueprints.Tests;

public class DesignWarningTests
{
    private static readonly Blueprint Sound = BlueprintReader.Read(Path.Combine(SharedData.RepositoryRoot, "blueprints", "helium-iot.yaml"), [Usage2026Description.Pack]).Blueprint!;

    public static TheoryData<string, Func<Blueprint, Blueprint>> Breaches => new()
    {
        { "dilution", blueprint => blueprint with { Token = blueprint.Token with { Genesis = [blueprint.Token.Genesis[0] with { Amount = blueprint.Token.Genesis[0].Amount / 20 }] } } },
        { "no-cap", blueprint => blueprint with { Emission = blueprint.Emission with { Steps = [blueprint.Emission.Steps[0]] } } },
        { "reemission-above-emission", blueprint => blueprint with { Emission = blueprint.Emission with { ReemissionCap = blueprint.Emission.Steps[0].PerEpoch + 1 } } },
        { "contributors-share", blueprint => blueprint with { Pools = [blueprint.Pools[0] with { SharePpm = 200_000 }, blueprint.Pools[1] with { SharePpm = 670_000 }, blueprint.Pools[2], blueprint.Pools[3]] } },
        { "free-identities", blueprint => blueprint with { Credits = blueprint.Credits with { OnboardingFee = 0 } } },
        { "wash-demand", blueprint => blueprint with { Credits = blueprint.Credits with { MaxConfidenceBps = 2_500 } } },
        { "quorum", blueprint => blueprint with { Oracles = blueprint.Oracles with { Faulty = 0 } } },
        { "breaker-shorter-than-dispute", blueprint => blueprint with { Distributor = blueprint.Distributor with { BreakerWindow = TimeSpan.FromHours(1) } } },
        { "short-dispute", blueprint => blueprint with { Epoch = blueprint.Epoch with { ActivationDelay = TimeSpan.FromMinutes(1) } } },
        { "pause-shorter-than-dispute", blueprint => blueprint with { Guardian = blueprint.Guardian with { PauseMax = TimeSpan.FromHours(1) } } },
    };

    [Fact]
    public void Shipped_network_breaks_no_law() => Assert.Empty(DesignWarnings.Of(Sound));

    [Theory, MemberData(nameof(Breaches))]
    public void Broken_law_is_named_with_what_to_do(string law, Func<Blueprint, Blueprint> breach)
    {
        var warning = Assert.Single(DesignWarnings.Of(breach(Sound)));
        Assert.Equal(law, warning.Law);
        Assert.Matches("^[A-Z].{20,}\\.$", warning.Text);
    }
}
