namespace Turnpike.Evidence;

/// <summary>What a record of the log holds. Numbers are stored: stable, never reused.</summary>
public enum RecordType : byte
{
    /// <summary>An admitted piece, byte for byte as received.</summary>
    Evidence = 1,

    /// <summary>A refusal: code and identity, see <see cref="RefusalBody"/>.</summary>
    Refusal = 2,

    /// <summary>How often each code was given, see <see cref="CountersBody"/>.</summary>
    Counters = 3,

    /// <summary>A customer's signed order, in the market's own encoding; its signature is inside.</summary>
    Order = 4,

    /// <summary>An unsigned piece imported from an archive, see <see cref="ArchiveBody"/>; only a local chain's network counts it.</summary>
    Archive = 5,
}
