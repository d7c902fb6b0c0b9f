using System.Numerics;
using Turnpike.Blueprints;
using Turnpike.Core;
using Turnpike.Ledger.Contracts;
using CreditsContract = Turnpike.Ledger.Contracts.Credits;

namespace Turnpike.Node.Tests.Ledger;

/// <summary>Net re-emission, smoothed over random burns: what a node computes from logs against the Emissions contract, epoch by epoch.</summary>
public sealed class EmissionAllowanceTests
{
    private const int Epochs = 40;

    [Theory]
    [InlineData(1, 1u)]
    [InlineData(2, 2u)]
    [InlineData(3, 7u)]
    [InlineData(4, 365u)]
    public async Task Allowance_equals_the_contracts_over_random_burns(int seed, uint smoothing)
    {
        var random = new Random(seed);
        await using var network = await TestNetwork.DeployAsync(Blueprint(random, smoothing));
        var (at, holder) = (network.Deployment, network.Blueprint.AddressOf(new AccountReference("holders")));
        foreach (var account in new[] { holder, network.Admin }) await network.Chain.FundAsync(account);
        await network.Chain.SendAsync(holder, at.Token, new NetworkToken.ApproveCall(at.Credits, BigInteger.Pow(2, 256) - 1));
        var (capped, uncapped) = (0, 0);
        for (var epoch = 1ul; epoch <= Epochs; epoch++)
        {
            await BurnAsync(network, holder, random, epoch);
            await network.Chain.MineAtAsync(DevelopmentChain.Genesis + 100 + (long)epoch * 100 + 2);

            var state = (await network.FollowAsync()).StateAt(ulong.MaxValue);
            var allowance = state.AllowanceOf(new EpochNumber(epoch));
            Assert.Equal(await network.AskAsync(at.Emissions, new Emissions.AllowanceCall(epoch)), allowance.BaseUnits);
            if ((allowance - state.Schedule!.At(new EpochNumber(epoch))).BaseUnits == network.Blueprint.Emission.ReemissionCap) capped++;
            else uncapped++;
            await network.Chain.SendAsync(network.Admin, at.Settlement, new EpochSettlement.DeclareEmptyCall(epoch));
        }

        Assert.True(uncapped > 0, "The cap hid every epoch.");
        Assert.True(capped > 0 || smoothing == 365, "No epoch met the cap.");
    }

    // Of one burn, of many, of none; each of any magnitude.
    private static async Task BurnAsync(TestNetwork network, Address holder, Random random, ulong epoch)
    {
        for (var i = random.Next(4); i > 0; i--)
        {
            await network.Chain.SetNextTimestampAsync(DevelopmentChain.Genesis + (long)epoch * 100 + 10 * (6 - i));
            await network.Chain.SendAsync(holder, network.Deployment.Credits, new CreditsContract.BuyCall(holder, random.NextInt64(1, 1000) * BigInteger.Pow(10, random.Next(14, 22)) + random.NextInt64(), 1));
        }
    }

    private static Blueprint Blueprint(Random random, uint smoothing) => TestNetwork.HeliumLocal(blueprint => blueprint with
    {
        Epoch = blueprint.Epoch with { Length = TimeSpan.FromSeconds(100), Grace = TimeSpan.FromSeconds(1), ActivationDelay = TimeSpan.FromSeconds(1), EmptyAfter = TimeSpan.FromSeconds(2) },
        Emission = new EmissionSection
        {
            Steps = [.. Enumerable.Range(0, 6).Select(i => new EmissionStep(1 + (ulong)(7 * i), (UInt128)random.NextInt64()))],
            ReemissionCap = (UInt128)BigInteger.Pow(10, 22),
            SmoothingEpochs = smoothing,
        },
        Credits = blueprint.Credits with { MaxPriceAge = TimeSpan.FromDays(7) },
    });
}
