namespace Turnpike.Bench.Faults;

/// <summary>How large the network under faults is and for how long it is troubled.</summary>
internal sealed record FaultOptions
{
    /// <summary>Fixes the schedule and every choice about a message. The same seed gives the same schedule.</summary>
    public required int Seed { get; init; }

    /// <summary>Oracles; fewer than a third of them are faulty at any moment.</summary>
    public int Oracles { get; init; } = 7;

    /// <summary>Gateways; a device submits to two of them.</summary>
    public int Gateways { get; init; } = 3;

    /// <summary>Epochs under faults. Devices report in each; two more follow in which all recover.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Devices.</summary>
    public int Devices { get; init; } = 6;

    /// <summary>Reports of a device in an epoch.</summary>
    public int Reports { get; init; } = 3;

    /// <summary>Seconds of an epoch.</summary>
    public int EpochSeconds { get; init; } = 16;

    /// <summary>Seconds after its end in which evidence may be committed.</summary>
    public int GraceSeconds { get; init; } = 8;

    /// <summary>Slots of the development chain's epoch: a block is final when two such epochs lie above it.</summary>
    public int FinalitySlots { get; init; } = 3;

    /// <summary>Where the run keeps everything; null for a new folder of its own that is deleted when all went well.</summary>
    public string? Folder { get; init; }

    /// <summary>Whether nodes are killed at the stages of each epoch (<see cref="StageKills"/>) in place of the seeded schedule.</summary>
    public bool KillsAtStages { get; init; }

    /// <summary>Kills below which killing at stages goes on after the epochs, for three times as long at most.</summary>
    public int LeastKills { get; init; }

    /// <summary>f: at most so many oracles are faulty at the same time.</summary>
    public int Faulty => (Oracles - 1) / 3;

    /// <summary>Deepest reorganisation: what is final never changes, as on a real chain.</summary>
    public int DeepestReorganisation => Math.Min(12, 2 * FinalitySlots);

    /// <summary>Milliseconds of an epoch.</summary>
    public int EpochMilliseconds => EpochSeconds * 1000;
}
