using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;

namespace Turnpike.Node;

/// <summary>Follows the chain for as long as the node runs. A reorganisation deeper than is remembered stops the host: it must read the logs anew.</summary>
internal sealed partial class LedgerService(NodeContext node, TimeSpan pollInterval, ILogger<LedgerService> logger) : BackgroundService
{
    /// <summary>Waits until the ledger has reached the block that is the head now.</summary>
    /// <exception cref="RpcException">An endpoint is of another chain; nothing was read from it.</exception>
    public static async Task CatchUpAsync(NodeContext node, CancellationToken cancellation)
    {
        if (node.Chain.Rpc is JsonRpcEndpoints endpoints) await endpoints.RequireChainAsync(cancellation);
        var head = await HeadAsync(node, cancellation);
        await new LedgerFollower(node.Chain, node.History, new ChainFollowerOptions { To = FollowTo.Latest }, node.Time).RunUntilAsync(head, cancellation);
    }

    // A node that starts while its chain is out of reach waits for it, as it does when that happens later.
    private static async Task<ulong> HeadAsync(NodeContext node, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await node.Chain.BlockNumberAsync(cancellation);
            }
            catch (RpcException trouble) when (trouble.IsTransient)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), node.Time, cancellation);
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var options = new ChainFollowerOptions { To = FollowTo.Latest, PollInterval = pollInterval, OnTrouble = trouble => LogTrouble(trouble.Message) };
        return new LedgerFollower(node.Chain, node.History, options, node.Time) { OnReorganisation = node.Meters.Chain.NoteReorganisation }.RunAsync(stoppingToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The chain cannot be read: {Problem}")]
    private partial void LogTrouble(string problem);
}
