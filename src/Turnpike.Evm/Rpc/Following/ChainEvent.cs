using Turnpike.Evm.Abi;

namespace Turnpike.Evm.Rpc;

/// <summary>One step of a followed chain, to be applied in order.</summary>
public abstract record ChainEvent
{
    private protected ChainEvent()
    {
    }
}

/// <summary>The next block: its parent is the block added before, or the common ancestor of the removal before.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Logs">The wanted logs it holds, in order.</param>
public sealed record BlockAdded(BlockHeader Header, IReadOnlyList<LogEntry> Logs) : ChainEvent;

/// <summary>A reorganisation: everything above the common ancestor is undone.</summary>
/// <param name="NewestFirst">The blocks undone, in the order to undo them.</param>
/// <param name="CommonAncestor">The newest known block that is still canonical.</param>
public sealed record BlocksRemoved(IReadOnlyList<RemovedBlock> NewestFirst, BlockPoint CommonAncestor) : ChainEvent;

/// <summary>A block that was told before and is canonical no more.</summary>
/// <param name="Point">Which.</param>
/// <param name="Logs">Its logs as told; null when it was only known as a point to resume from.</param>
public readonly record struct RemovedBlock(BlockPoint Point, IReadOnlyList<LogEntry>? Logs);

/// <summary>The chain was reorganised below everything that is remembered: resume from an older point, or rebuild from the start.</summary>
public sealed class ReorganisationTooDeepException : Exception
{
    internal ReorganisationTooDeepException(BlockPoint oldestKnown)
        : base($"Block {oldestKnown} is no longer canonical and nothing older is remembered. Resume from an older point, or rebuild from the first block; check that the endpoint serves the right chain.") => OldestKnown = oldestKnown;

    /// <summary>The oldest block remembered, itself abandoned.</summary>
    public BlockPoint OldestKnown { get; }
}
