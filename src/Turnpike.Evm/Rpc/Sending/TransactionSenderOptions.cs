namespace Turnpike.Evm.Rpc;

/// <summary>How an account's transactions are sent and watched.</summary>
public sealed class TransactionSenderOptions
{
    /// <summary>Blocks, the transaction's own included, that make an outcome final. Default 12. A reorganisation deeper than this is not noticed.</summary>
    public int Confirmations { get; init; } = 12;

    /// <summary>Pause between looks at the chain. Default 3 s.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Waiting time after which fees are raised, or a foreign nonce gap is filled. Default 90 s.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Most transactions unconfirmed at once; further intents wait. Default 16, go-ethereum's allowance of pending transactions per account.</summary>
    public int MaxInFlight { get; init; } = 16;

    /// <summary>Percent added to a gas estimate. Default 20: state may change between estimate and execution.</summary>
    public int GasMarginPercent { get; init; } = 20;

    /// <summary>Told of everything an operator should know; must be quick and not throw. Null for none.</summary>
    public Action<SenderAlert>? OnAlert { get; init; }

    /// <summary>Told of every confirmed end by the intent's id; must be quick and not throw. Null for none.</summary>
    public Action<string, TransactionOutcome>? OnOutcome { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Confirmations, 1, nameof(Confirmations));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(PollInterval, TimeSpan.Zero, nameof(PollInterval));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StuckAfter, TimeSpan.Zero, nameof(StuckAfter));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxInFlight, 1, nameof(MaxInFlight));
        ArgumentOutOfRangeException.ThrowIfNegative(GasMarginPercent, nameof(GasMarginPercent));
    }
}
