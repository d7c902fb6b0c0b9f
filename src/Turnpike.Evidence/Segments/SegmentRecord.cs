namespace Turnpike.Evidence;

/// <summary>A record as it lies in a segment.</summary>
public readonly record struct SegmentRecord
{
    /// <summary>Its place in the order of the segment's records, from 0; also its leaf in the Merkle tree.</summary>
    public required int Index { get; init; }

    /// <summary>Where its frame begins, in bytes from the segment's start.</summary>
    public required int Offset { get; init; }

    /// <summary>What it holds.</summary>
    public required RecordType Type { get; init; }

    /// <summary>When the gateway received it, UTC unix milliseconds.</summary>
    public required long ReceivedAt { get; init; }

    /// <summary>The content; for evidence the raw piece.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}
