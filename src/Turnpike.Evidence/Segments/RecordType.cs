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
}
