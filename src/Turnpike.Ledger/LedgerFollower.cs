using Turnpike.Evm.Rpc;

namespace Turnpike.Ledger;

/// <summary>Keeps a <see cref="LedgerHistory"/> at the chain's head, through reorganisations; takes up where the history stands. One runs per history at a time.</summary>
public sealed class LedgerFollower(EthereumClient client, LedgerHistory history, ChainFollowerOptions options, TimeProvider? time = null)
{
    /// <summary>Told of each reorganisation with the number of blocks it took back; null for none.</summary>
    public Action<int>? OnReorganisation { get; init; }

    /// <summary>Follows until cancelled.</summary>
    /// <exception cref="ReorganisationTooDeepException">The chain changed deeper than is remembered: start again from the deployment block.</exception>
    public Task RunAsync(CancellationToken cancellation) => RunUntilAsync(ulong.MaxValue, cancellation);

    /// <summary>Follows until a block of at least this height is applied.</summary>
    /// <exception cref="ReorganisationTooDeepException">The chain changed deeper than is remembered.</exception>
    public async Task RunUntilAsync(ulong blockNumber, CancellationToken cancellation)
    {
        if (history.Block?.Number >= blockNumber) return;
        var filter = new LogFilter { Addresses = history.Deployment.Contracts };
        var follower = new ChainFollower(client, filter, options, time);
        var applied = history.RecentBlocks;
        var changes = applied.Count == 0 ? follower.FollowAsync(history.Deployment.FirstBlock, cancellation) : follower.FollowAsync(applied, cancellation);
        await foreach (var change in changes)
        {
            Apply(change);
            if (history.Block?.Number >= blockNumber) return;
        }
    }

    private void Apply(ChainEvent change)
    {
        if (change is BlockAdded added)
        {
            history.Applied.Add(added.Header.Point, added.Logs);
            history.Add(added.Header, added.Logs);
        }
        else if (change is BlocksRemoved removed)
        {
            history.RollBackTo(removed.CommonAncestor);
            history.Applied.RollBackTo(removed.CommonAncestor.Number);
            OnReorganisation?.Invoke(removed.NewestFirst.Count);
        }
    }
}
