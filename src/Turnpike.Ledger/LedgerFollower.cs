using Turnpike.Evm.Rpc;

namespace Turnpike.Ledger;

/// <summary>Keeps a <see cref="LedgerHistory"/> at the chain's head, through reorganisations. One runs per process.</summary>
public sealed class LedgerFollower(EthereumClient client, LedgerHistory history, ChainFollowerOptions options, TimeProvider? time = null)
{
    /// <summary>Follows until cancelled.</summary>
    /// <exception cref="ReorganisationTooDeepException">The chain changed deeper than is remembered: start again from the deployment block.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var filter = new LogFilter { Addresses = history.Deployment.Contracts };
        var follower = new ChainFollower(client, filter, options, time);
        await foreach (var change in follower.FollowAsync(history.Deployment.FirstBlock, cancellation))
        {
            switch (change)
            {
                case BlockAdded added:
                    history.Add(added.Header, added.Logs);
                    break;
                case BlocksRemoved removed:
                    var ancestor = await client.BlockAsync(BlockReference.At(removed.CommonAncestor.Number), cancellation);
                    if (ancestor is null || ancestor.Hash != removed.CommonAncestor.Hash) throw new InvalidOperationException("The chain changed again while it was rolled back; following starts anew.");
                    history.RollBackTo(ancestor);
                    break;
            }
        }
    }
}
