namespace Turnpike.Core.Rules;

/// <summary>An account's total so far: rewards in token base units, or charges in credits.</summary>
public readonly record struct AccountTotal(Address Account, UInt128 Cumulative);

/// <summary>A (boot, sequence) that a device used, and what it signed there.</summary>
public readonly record struct SeenSequence(DeviceId Device, ulong Boot, ulong Sequence, Bytes32 Identity, ulong Epoch)
{
    /// <summary>By device, boot, sequence.</summary>
    public static int CompareByUse(SeenSequence left, SeenSequence right)
    {
        var order = left.Device.CompareTo(right.Device);
        if (order == 0) order = left.Boot.CompareTo(right.Boot);
        return order != 0 ? order : left.Sequence.CompareTo(right.Sequence);
    }
}

/// <summary>
/// All that an epoch leaves to the next one. It is published like the outcome, and its hash is in the outcome's header, so an auditor may begin at any epoch.
/// </summary>
public sealed record CarryOver
{
    /// <summary>Cumulative rewards, sorted by account.</summary>
    public required IReadOnlyList<AccountTotal> Rewards { get; init; }

    /// <summary>Cumulative charges, sorted by customer.</summary>
    public required IReadOnlyList<AccountTotal> Charges { get; init; }

    /// <summary>The last order of each customer and service, expired ones too, sorted by customer and service.</summary>
    public required IReadOnlyList<ServiceOrder> Orders { get; init; }

    /// <summary>Sequences of this epoch and the one before it, each once, sorted by device, boot, sequence: evidence signed or received earlier is refused, so no more is needed.</summary>
    public required IReadOnlyList<SeenSequence> Seen { get; init; }

    /// <summary>The pack's own state: binary lines in the pack's own order.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Pack { get; init; }

    /// <summary>What the first epoch starts from.</summary>
    public static CarryOver Empty { get; } = new() { Rewards = [], Charges = [], Orders = [], Seen = [], Pack = [] };
}
