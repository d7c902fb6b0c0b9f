using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>What a sealed segment is: enough to fetch it by hash and to prove any of its records.</summary>
public sealed record SegmentSummary
{
    /// <summary>The partition whose evidence it holds.</summary>
    public required uint Partition { get; init; }

    /// <summary>Its number within the partition, ascending from 1.</summary>
    public required ulong Number { get; init; }

    /// <summary>SHA-256 of the whole file.</summary>
    public required Bytes32 Sha256 { get; init; }

    /// <summary>How many records it holds; at least one.</summary>
    public required int Count { get; init; }

    /// <summary>RFC 6962 root over the records in order; a leaf is type (1 byte), received unix ms (8, little-endian), body.</summary>
    public required Bytes32 MerkleRoot { get; init; }

    /// <summary>The file's length in bytes.</summary>
    public required int Bytes { get; init; }

    /// <summary>The earliest time of receipt, unix milliseconds.</summary>
    public required long FirstReceivedAt { get; init; }

    /// <summary>The latest time of receipt, unix milliseconds.</summary>
    public required long LastReceivedAt { get; init; }
}
