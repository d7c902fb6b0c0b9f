using Turnpike.Blueprints;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger.Contracts;
using Turnpike.Node.Tests.Ledger;

namespace Turnpike.Node.Tests.Deploy;

/// <summary>What the blueprint reader accepts, the contracts must: the blueprints at both ends of every range are deployed.</summary>
public sealed class BlueprintBoundsTests
{
    private static readonly Uri LongUrl = new("https://" + new string('u', 191) + "/");

    [Fact]
    public Task Smallest_blueprint_deploys() => DeploysAsync(TestNetwork.HeliumLocal(blueprint => blueprint with
    {
        Token = blueprint.Token with { Name = "N", Symbol = "NN", Genesis = [blueprint.Token.Genesis[0] with { Amount = 1 }] },
        Emission = new EmissionSection { Steps = [new EmissionStep(1, 1)], ReemissionCap = 0, SmoothingEpochs = 1 },
        Credits = new CreditsSection { OnboardingFee = 0, LocationFee = 0, MaxPriceAge = TimeSpan.FromSeconds(1), MaxConfidenceBps = 1 },
        Price = new PriceSection { InitialUsd = 1, MaxStepBps = 1 },
        Epoch = new EpochSection { Start = DateTimeOffset.UnixEpoch.AddYears(45), Length = TimeSpan.FromSeconds(2), Grace = TimeSpan.FromSeconds(1), ActivationDelay = TimeSpan.FromSeconds(1), EmptyAfter = TimeSpan.FromSeconds(2) },
        Oracles = blueprint.Oracles with { Count = 1, Faulty = 0 },
        Gateways = blueprint.Gateways with { Count = 1 },
        Distributor = new DistributorSection { BreakerWindow = TimeSpan.FromSeconds(1), BreakerMultiple = 1 },
        Guardian = new GuardianSection { VetoMax = 0, VetoWindowEpochs = 1, PauseMax = TimeSpan.FromSeconds(1) },
    }));

    [Fact]
    public Task Largest_blueprint_deploys() => DeploysAsync(TestNetwork.HeliumLocal(blueprint => blueprint with
    {
        Token = blueprint.Token with { Name = new string('N', 31), Symbol = "NNNNNNNNNNN", Genesis = [.. Enumerable.Range(1, 100).Select(i => new GenesisAllocation(new AccountReference(TestNetwork.KeyOf(1000 + i).Address.ToString()), MostTokens))] },
        Emission = new EmissionSection { Steps = [.. Enumerable.Range(0, 64).Select(i => new EmissionStep(1_000_000_000_000 - 64 + (ulong)i, MostTokens - (ulong)i))], ReemissionCap = MostTokens, SmoothingEpochs = 365 },
        Credits = new CreditsSection { OnboardingFee = 1_000_000_000_000, LocationFee = 1_000_000_000_000, MaxPriceAge = TimeSpan.FromDays(7), MaxConfidenceBps = 4_000 },
        Price = new PriceSection { InitialUsd = 100_000_000_000_000, MaxStepBps = 5_000 },
        Epoch = new EpochSection { Start = null, Length = TimeSpan.FromDays(31), Grace = TimeSpan.FromDays(31) - TimeSpan.FromSeconds(1), ActivationDelay = TimeSpan.FromDays(31), EmptyAfter = TimeSpan.FromDays(366) },
        Oracles = blueprint.Oracles with { Count = 32, Faulty = 10 },
        Gateways = blueprint.Gateways with { Count = 32 },
        Distributor = new DistributorSection { BreakerWindow = TimeSpan.FromDays(30), BreakerMultiple = 20 },
        Guardian = new GuardianSection { VetoMax = 100, VetoWindowEpochs = 10_000, PauseMax = TimeSpan.FromDays(30) },
    }), LongUrl);

    private static UInt128 MostTokens => (UInt128)1_000_000_000_000 * 1_000_000_000_000_000_000;

    private static async Task DeploysAsync(Blueprint blueprint, Uri? url = null)
    {
        await using var network = await TestNetwork.DeployAsync(blueprint, url);

        foreach (var contract in network.Deployment.Contracts) Assert.NotEmpty(await network.Chain.Client.CodeAsync(contract, BlockReference.Latest, TestContext.Current.CancellationToken));
        Assert.Equal(blueprint.Price.MaxStepBps, await network.AskAsync(network.Deployment.PriceFeed, new PriceFeed.MaxStepBpsCall()));
        Assert.Equal((ushort)blueprint.Guardian.VetoWindowEpochs, await network.AskAsync(network.Deployment.Settlement, new EpochSettlement.VetoWindowCall()));
        Assert.Equal((uint)blueprint.Distributor.BreakerWindow.TotalSeconds, await network.AskAsync(network.Deployment.Distributor, new RewardDistributor.WindowCall()));
    }
}
