namespace Turnpike.Core.Rules;

/// <summary>How many reports of a device got a verdict.</summary>
public readonly record struct VerdictCount(VerdictCode Code, ulong Reports);

/// <summary>Units that a device delivered to a customer, before the customer's balance and cap are applied.</summary>
public readonly record struct Sale(Address Customer, UInt128 Credits);

/// <summary>What a shard's evidence says of one device.</summary>
public sealed record DeviceTally
{
    /// <summary>The device.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>Reports by verdict, sorted by code.</summary>
    public required IReadOnlyList<VerdictCount> Verdicts { get; init; }

    /// <summary>Sorted by customer, one entry each.</summary>
    public required IReadOnlyList<Sale> Sales { get; init; }
}

/// <summary>The verdicts of one shard. Shards hold disjoint devices, so partial outcomes merge by concatenation.</summary>
public sealed record PartialOutcome
{
    /// <summary>One entry a device, sorted by device.</summary>
    public required IReadOnlyList<DeviceTally> Devices { get; init; }

    /// <summary>Keys seen in two places, of the signers that fall to the shard.</summary>
    public required IReadOnlyList<CloneFault> Clones { get; init; }

    /// <summary>Sequences met in this epoch, each with the first identity ever settled for it.</summary>
    public required IReadOnlyList<SeenSequence> Seen { get; init; }

    /// <summary>The pack's own state of these devices: binary lines in the pack's own order.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Pack { get; init; }
}
