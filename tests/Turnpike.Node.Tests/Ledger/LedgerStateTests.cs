using System.Numerics;
using Turnpike.Blueprints;
using Turnpike.Core;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;
using CreditsContract = Turnpike.Ledger.Contracts.Credits;

namespace Turnpike.Node.Tests.Ledger;

/// <summary>The state folded from logs against what the contracts answer, in the course of random lives.</summary>
public sealed class LedgerStateTests
{
    private const int Steps = 320;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Folded_state_equals_the_contracts_throughout_a_life(int seed)
    {
        await using var network = await TestNetwork.DeployAsync(Blueprint());
        var life = new NetworkLife(network, seed);
        await life.BeginAsync();
        var history = await network.FollowAsync();
        for (var step = 1; step <= Steps; step++)
        {
            await life.StepAsync();
            if (step % 40 > 0) continue;
            await network.FollowAsync(history);
            await EqualsContractsAsync(network, life, history.StateAt(history.Block!.Number));
        }

        Assert.Empty(life.Missing);
        Assert.Contains(history.StateAt(ulong.MaxValue).Reports, report => report.Stage == ReportStage.Vetoed);
        var final = history.Read(state => state.Clock.TryAt(life.Now * 1000, out var epoch) && Enumerable.Range(1, (int)epoch.Value).Any(e => state.CommitsOf(new EpochNumber((ulong)e)).Any(commit => commit.Epoch != (ulong)e)));
        Assert.True(final, "No evidence rolled forward in this life.");
    }

    [Fact]
    public async Task Configuration_is_read_from_the_constructors_logs()
    {
        await using var network = await TestNetwork.DeployAsync(Blueprint());
        var state = (await network.FollowAsync()).StateAt(ulong.MaxValue);

        Assert.Equal((DevelopmentChain.Genesis + 100, 100L), (state.Clock.StartUnixSeconds, state.Clock.LengthSeconds));
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(20), (UInt128)50_000), (state.Grace, state.ActivationDelay, state.OnboardingFee));
        Assert.Equal(network.Members.Gateways.Select(gateway => (gateway.Account, gateway.Url.ToString())), state.Gateways.Select(gateway => (gateway.Key, gateway.Value)));
        Assert.Equal(network.Members.Oracles.Select(oracle => oracle.Url.ToString()), state.OraclesAt(new EpochNumber(1)).Endpoints);
        Assert.Equal(2, state.OraclesAt(new EpochNumber(1)).Quorum);
        Assert.Equal(1ul, state.LastPrice.Round);
        Assert.Null(state.Active);
    }

    internal static Blueprint Blueprint() => TestNetwork.HeliumLocal(blueprint => blueprint with
    {
        Epoch = blueprint.Epoch with { Length = TimeSpan.FromSeconds(100), Grace = TimeSpan.FromSeconds(30), ActivationDelay = TimeSpan.FromSeconds(20), EmptyAfter = TimeSpan.FromSeconds(40) },
        Emission = blueprint.Emission with { Steps = [new EmissionStep(1, 1_000_000), new EmissionStep(3, 2_000_000_000_000_000_000), new EmissionStep(9, 7_000_000)], SmoothingEpochs = 3 },
        Credits = blueprint.Credits with { MaxPriceAge = TimeSpan.FromHours(1) },
        Distributor = blueprint.Distributor with { BreakerWindow = TimeSpan.FromSeconds(60) },
    });

    private static async Task EqualsContractsAsync(TestNetwork network, NetworkLife life, LedgerState state)
    {
        await EqualsRegistryAsync(network, life, state);
        await EqualsCreditsAsync(network, life, state);
        await EqualsSettlementAsync(network, life, state);
        await EqualsScheduleAsync(network, life, state);
    }

    private static async Task EqualsRegistryAsync(TestNetwork network, NetworkLife life, LedgerState state)
    {
        var registry = network.Deployment.Registry;
        Assert.Equal(life.Devices.Select(id => id.ToString()).Order(), state.Devices.Keys.Select(id => id.ToString()).Order());
        foreach (var (id, device) in state.Devices)
        {
            var record = await network.AskAsync(registry, new DeviceRegistry.DeviceCall(id.Value));
            Assert.Equal((record.H3, record.Kind, record.KeyType, record.Trust, record.Status), (device.Cell, device.Kind, device.KeyType, device.Trust, device.Status));
            Assert.Equal(await network.AskAsync(registry, new DeviceRegistry.OwnerOfCall(NetworkLife.TokenIdOf(id))), device.Owner);
            Assert.Equal(await network.AskAsync(registry, new DeviceRegistry.PayoutOfCall(id.Value)), device.Payout);
            Assert.Equal(device.Payout.IsZero ? device.Owner : device.Payout, state.Snapshot().Devices[id].Beneficiary);
            Assert.Equal(device.Trust == 3, !device.Maker.IsZero);
            Assert.Equal(id.Value, Keccak256.Hash(device.Key.Span));
        }
    }

    private static async Task EqualsCreditsAsync(TestNetwork network, NetworkLife life, LedgerState state)
    {
        var credits = network.Deployment.Credits;
        foreach (var person in life.People)
        {
            var (left, drawn) = (await network.AskAsync(credits, new CreditsContract.DepositOfCall(person)), await network.AskAsync(credits, new CreditsContract.DrawnOfCall(person)));
            Assert.Equal(drawn, state.Drawn.GetValueOrDefault(person));
            Assert.Equal(left + drawn, state.Deposits.GetValueOrDefault(person));
            Assert.Equal(await network.AskAsync(network.Deployment.Distributor, new RewardDistributor.ClaimedCall(person)), state.Claimed.GetValueOrDefault(person));
        }
        var price = await network.AskAsync(network.Deployment.PriceFeed, new PriceFeed.LatestCall());
        Assert.Equal((price.Round, price.Price, price.Ema, price.Confidence, price.Timestamp),
            (state.LastPrice.Round, (BigInteger)state.LastPrice.Spot.UsdE8, (BigInteger)state.LastPrice.Average.UsdE8, (BigInteger)state.LastPrice.Confidence.UsdE8, state.LastPrice.Timestamp));
    }

    private static async Task EqualsSettlementAsync(TestNetwork network, NetworkLife life, LedgerState state)
    {
        var settlement = network.Deployment.Settlement;
        var pending = await network.AskAsync(settlement, new EpochSettlement.PendingCall());
        Assert.Equal((pending.Epoch, pending.ReportHash), (state.Pending?.Report.Epoch ?? 0, state.Pending?.Hash ?? Bytes32.Zero));
        Assert.Equal(pending.Attempt, state.Pending?.Report.Attempt ?? 0);
        Assert.Equal(await network.AskAsync(settlement, new EpochSettlement.LastSettledEpochCall()), state.LastClosedEpoch);
        Assert.Equal(await network.AskAsync(settlement, new EpochSettlement.LastReportHashCall()), state.Active?.Hash ?? Bytes32.Zero);
        Assert.Equal(await network.AskAsync(settlement, new EpochSettlement.CumulativeRewardsCall()), state.Active?.Report.CumulativeRewards ?? 0);
        Assert.Equal(await network.AskAsync(settlement, new EpochSettlement.CumulativeRewardsCall()), state.Minted.Values.Aggregate(UInt128.Zero, (sum, amount) => sum + amount));
        Assert.Equal(await network.AskAsync(network.Deployment.Credits, new CreditsContract.ChargesRootCall()), state.Active?.Report.ChargesRoot ?? Bytes32.Zero);
        Assert.Equal(Enumerable.Range(1, (int)state.LastClosedEpoch).Select(epoch => (ulong)epoch), state.Minted.Keys.Order());
        foreach (var report in state.Reports) Assert.Equal(report.Hash, new SigningDomain(network.Deployment.ChainId, settlement).Report(report.Report));
        foreach (var gateway in life.Gateways) Assert.Equal(await network.AskAsync(settlement, new EpochSettlement.IsGatewayCall(gateway)), state.Gateways.ContainsKey(gateway));
    }

    private static async Task EqualsScheduleAsync(TestNetwork network, NetworkLife life, LedgerState state)
    {
        var (settlement, emissions) = (network.Deployment.Settlement, network.Deployment.Emissions);
        var now = state.Clock.At(life.Now * 1000).Value;
        for (var epoch = 1ul; epoch <= now + 8; epoch++)
        {
            var number = new EpochNumber(epoch);
            var oracles = await network.AskAsync(settlement, new EpochSettlement.OraclesAtCall(epoch));
            var folded = state.OraclesAt(number);
            Assert.Equal((oracles.ConfigDigest, oracles.F), (folded.ConfigDigest, folded.Faulty));
            Assert.Equal(oracles.Oracles, folded.Oracles);
            Assert.Equal(await network.AskAsync(settlement, new EpochSettlement.RulesAtCall(epoch)), state.RulesAt(number));
            Assert.Equal(await network.AskAsync(settlement, new EpochSettlement.EvidenceRootCall(epoch)), state.EvidenceRootOf(number));
            Assert.Equal(await network.AskAsync(network.Deployment.Credits, new CreditsContract.BurnedInCall(epoch)), state.Burned.GetValueOrDefault(epoch));
        }
        var next = new EpochNumber(state.LastClosedEpoch + 1);
        Assert.Equal(await network.AskAsync(emissions, new Emissions.AllowanceCall(next.Value)), state.AllowanceOf(next).BaseUnits);
    }
}
