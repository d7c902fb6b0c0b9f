namespace Turnpike.Core.Rules;

/// <summary>Everything besides evidence that an epoch's outcome depends on. Nothing else may be read: no clock, no chain, no file.</summary>
public sealed record EpochInputs
{
    /// <summary>The epoch.</summary>
    public required EpochNumber Epoch { get; init; }

    /// <summary>First millisecond of the epoch, unix.</summary>
    public required long StartsAt { get; init; }

    /// <summary>First millisecond of the first epoch that nothing settled yet: <see cref="StartsAt"/>, or earlier when the epochs before this one were declared empty and their evidence rolled forward. What is fresh counts from here.</summary>
    public required long OpenSince { get; init; }

    /// <summary>First millisecond after the epoch, unix.</summary>
    public required long EndsAt { get; init; }

    /// <summary>What may be minted: schedule plus net re-emission.</summary>
    public required Amount Emission { get; init; }

    /// <summary>USD per whole token at the snapshot (the feed's moving average).</summary>
    public required Price Price { get; init; }

    /// <summary>The snapshot block's prevRandao, mixed with its hash: entropy that nobody knew while the epoch ran.</summary>
    public required Bytes32 Entropy { get; init; }

    /// <summary>Devices and deposits at the snapshot.</summary>
    public required RegistrySnapshot Registry { get; init; }

    /// <summary>The customers' last orders, those received in this epoch included.</summary>
    public required OrderBook Orders { get; init; }

    /// <summary>What the previous epoch left.</summary>
    public required CarryOver Carry { get; init; }
}
