namespace Turnpike.Node.Oracle.Rounds;

/// <summary>
/// How long oracles wait for each other. All of it follows from the chain's block time: what one oracle does is known to the others when it is in a block, not before. Waiting too short costs gas (two submit
/// the same report) or marks a slow oracle as late; waiting too long costs time when one is dead. Neither costs a result.
/// </summary>
public sealed record OracleTiming
{
    /// <summary>Seconds between blocks. Default 12, as on Ethereum.</summary>
    public TimeSpan BlockTime { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>How long an oracle is given to get a transaction into a block before the next in turn sends the same: three blocks.</summary>
    public TimeSpan Turn => 3 * BlockTime;

    /// <summary>How long the last f oracles are waited for when all others have committed: one block.</summary>
    public TimeSpan Patience => BlockTime;

    /// <summary>How long is waited before f + 1 commitments must do, and before late ones count: four blocks.</summary>
    public TimeSpan LongPatience => 4 * BlockTime;

    /// <summary>Pause between two looks at what is due: a tenth of a block.</summary>
    public TimeSpan Pause => BlockTime / 10;

    /// <summary>Timing of a network's chain.</summary>
    public static OracleTiming For(ulong chainId) => chainId == Local.LocalChainOptions.ChainId ? new OracleTiming { BlockTime = TimeSpan.FromSeconds(1) } : new OracleTiming();

    internal void Validate() => ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(BlockTime, TimeSpan.Zero, nameof(BlockTime));
}
