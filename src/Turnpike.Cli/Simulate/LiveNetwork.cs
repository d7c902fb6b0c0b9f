using Turnpike.Core;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Node.Deploy;
using Turnpike.Simulation;

namespace Turnpike.Cli.Simulate;

/// <summary>Reads where a live network stands from its chain's logs: no node and no archive is asked.</summary>
internal static class LiveNetwork
{
    private const int RecentEpochs = 30;

    /// <summary>Follows the chain behind an endpoint to its head.</summary>
    public static async Task<LiveState> ReadAsync(HttpClient http, Uri rpc, NetworkFolder folder, CancellationToken cancellation)
    {
        var client = new EthereumClient(new JsonRpcClient(http, rpc));
        var deployment = folder.Read().Deployment;
        if (await client.ChainIdAsync(cancellation) != deployment.ChainId) throw new CommandException($"{rpc} is another chain than {deployment.ChainId}, on which the network of {folder.Root} is.");
        var history = new LedgerHistory(deployment);
        var head = await client.BlockNumberAsync(cancellation);
        await new LedgerFollower(client, history, new ChainFollowerOptions { To = FollowTo.Latest }).RunUntilAsync(head, cancellation);
        return history.Read(Of);
    }

    /// <summary>The same from a state at hand.</summary>
    public static LiveState Of(LedgerState state)
    {
        var last = state.LastClosedEpoch;
        var epochs = Math.Min(last, RecentEpochs);
        var burned = Amount.Zero;
        for (var epoch = last - epochs + 1; epoch <= last; epoch++) burned += new Amount(state.Burned.GetValueOrDefault(epoch));
        return new LiveState(
            new Amount(state.Supply), state.LastPrice.Average, state.Schedule ?? throw new CommandException("The network's Emissions contract has no schedule."), TimeSpan.FromSeconds(state.Clock.LengthSeconds), last,
            state.Devices.Values.Count(device => device.Status == 0), epochs == 0 ? Amount.Zero : new Amount(burned.BaseUnits / epochs));
    }
}
