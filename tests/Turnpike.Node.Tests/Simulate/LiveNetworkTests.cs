using Turnpike.Cli.Simulate;
using Turnpike.Core;
using Turnpike.Node.Tests.Ledger;

namespace Turnpike.Node.Tests.Simulate;

public sealed class LiveNetworkTests
{
    [Fact]
    public async Task State_of_a_live_network_is_read_from_its_chain()
    {
        await using var network = await TestNetwork.DeployAsync(TestNetwork.HeliumLocal());
        var state = (await network.FollowAsync()).StateAt(ulong.MaxValue);
        var live = LiveNetwork.Of(state);
        Assert.Equal(new Amount((UInt128)await network.Chain.Client.CallAsync(state.Deployment.Token, new Turnpike.Ledger.Contracts.NetworkToken.TotalSupplyCall(), Evm.Rpc.BlockReference.Latest, TestContext.Current.CancellationToken)), live.Supply);
        Assert.Equal(Price.Parse("1.6"), live.Price);
        Assert.Equal(TimeSpan.FromSeconds(10), live.EpochLength);
        Assert.Equal((0UL, 0, Amount.Zero), (live.LastEpoch, live.Devices, live.BurnedPerEpoch));
        Assert.Equal(Amount.ParseTokens("2.378234398782407407"), live.Schedule.At(EpochNumber.First));
    }
}
