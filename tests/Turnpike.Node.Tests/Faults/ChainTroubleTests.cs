using Turnpike.Evm.Rpc;
using Turnpike.Node.Oracle;
using Turnpike.Node.Tests.Oracles;

namespace Turnpike.Node.Tests.Faults;

/// <summary>What a real chain does to a running network: an empty purse, a price that nobody knows, a fee spike. Reorganisations are in the schedule of faults.</summary>
public sealed class ChainTroubleTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Base_issuance_goes_on_without_a_price_while_one_oracle_has_no_gas_money_and_gas_is_dear()
    {
        await using var network = await OracleNetwork.StartAsync(new OracleNetworkOptions
        {
            Roles = roles => roles with { Price = _ => throw new HttpRequestException("the exchange is down") },
        });
        var poor = network.Members[1];
        await network.ChainAsync("anvil_setBalance", poor.Oracle.Address.ToString(), "0x0");
        await network.BeginAsync(1);
        Assert.Equal(4, await network.ReportAsync());
        var round = network.Node.History.Read(state => state.LastPrice.Round);

        // Epoch 1 is the poor oracle's turn: another submits in its stead, and it has signed all the same.
        var first = await network.SettledAsync(1);
        Assert.True(first.Report.Mint > 0);
        await network.UntilAsync(() => poor.Get<OracleWork>().Latest?.Computed.Report.Epoch == 1, "the poor oracle to sign");
        Assert.Equal(0, await network.Node.Chain.BalanceAsync(poor.Oracle.Address, BlockReference.Latest, Stop));
        var funds = poor.Get<AccountSender>().Funds!;
        Assert.True(funds.IsLow);
        Assert.Contains("send it at least", funds.ToString(), StringComparison.Ordinal);

        await SpikeAsync(network, blocks: 12);
        Assert.True((await network.SettledAsync(2)).Report.Mint > 0);
        Assert.Equal(round, network.Node.History.Read(state => state.LastPrice.Round));
        await network.ChainAsync("anvil_setBalance", poor.Oracle.Address.ToString(), "0x3635c9adc5dea00000");
        await network.UntilAsync(() => poor.Get<AccountSender>().Funds is { IsLow: false }, "the poor oracle to see its money");
    }

    // Above every account's cap, block after block: nothing is sent, nobody is drained.
    private static async Task SpikeAsync(OracleNetwork network, int blocks)
    {
        var until = network.Node.History.Block!.Number + (ulong)blocks;
        var closed = network.Node.History.Read(state => state.LastClosedEpoch);
        while (network.Node.History.Block!.Number < until)
        {
            await network.ChainAsync("anvil_setNextBlockBaseFeePerGas", "0xe8d4a51000"); // 1,000 gwei
            var at = network.Node.History.Block!.Number;
            await network.UntilAsync(() => network.Node.History.Block!.Number > at, "the next block");
        }
        Assert.InRange(network.Node.History.Read(state => state.LastClosedEpoch), closed, closed + 1);
    }
}
