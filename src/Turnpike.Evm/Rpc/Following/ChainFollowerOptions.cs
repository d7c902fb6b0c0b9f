namespace Turnpike.Evm.Rpc;

/// <summary>How far behind the head a follower stays.</summary>
public enum FollowTo
{
    /// <summary>Blocks the beacon chain has finalized: never reorganised in normal times.</summary>
    Finalized,

    /// <summary>Blocks the endpoint holds safe.</summary>
    Safe,

    /// <summary>The latest block less <see cref="ChainFollowerOptions.Confirmations"/>.</summary>
    Latest,
}

/// <summary>How a chain is followed.</summary>
public sealed class ChainFollowerOptions
{
    /// <summary>Default finalized.</summary>
    public FollowTo To { get; init; } = FollowTo.Finalized;

    /// <summary>Blocks that must lie above a told block, for <see cref="FollowTo.Latest"/> only. Default 0: the head itself is told, and removed again by every reorganisation.</summary>
    public ulong Confirmations { get; init; }

    /// <summary>Pause when there is nothing new. Default 2 s.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest pause while the endpoint fails; it doubles from the poll interval. Default 1 min.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Blocks remembered with their logs, so the deepest reorganisation that can be undone. Default 128.</summary>
    public int Memory { get; init; } = 128;

    /// <summary>Most blocks read in one step. Default 100.</summary>
    public int MaxBlocksPerStep { get; init; } = 100;

    /// <summary>
    /// Within this distance of the target, logs are asked by block hash (exact, one query a block); further back by range (one query a step). Default 64. A lagging server behind a load balancer answers
    /// a range it does not have with no logs, but a hash it does not have with an error.
    /// </summary>
    public ulong ByHashDistance { get; init; } = 64;

    /// <summary>Called with each failure that is waited out, so that an operator sees a follower that stands still; null for none.</summary>
    public Action<RpcException>? OnTrouble { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(PollInterval, TimeSpan.Zero, nameof(PollInterval));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDelay, PollInterval, nameof(MaxDelay));
        ArgumentOutOfRangeException.ThrowIfLessThan(Memory, 1, nameof(Memory));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBlocksPerStep, 1, nameof(MaxBlocksPerStep));
    }
}
