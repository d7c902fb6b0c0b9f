using System.Security.Cryptography;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>What one gateway offers as the evidence of one epoch. Its hash goes on chain, certified by oracles that hold every byte.</summary>
public sealed record Manifest
{
    /// <summary>The network.</summary>
    public required Bytes32 NetworkId { get; init; }

    /// <summary>The gateway's registered account.</summary>
    public required Address Gateway { get; init; }

    /// <summary>The epoch it is offered for.</summary>
    public required EpochNumber Epoch { get; init; }

    /// <summary>Hash of the gateway's certified manifest before it; zero for the first.</summary>
    public required Bytes32 Previous { get; init; }

    /// <summary>The segments, by partition and number ascending, none twice.</summary>
    public required IReadOnlyList<SegmentSummary> Segments { get; init; }

    /// <summary>Bytes of all segments together, as committed on chain.</summary>
    public ulong ByteCount => (ulong)Segments.Sum(segment => (long)segment.Bytes);

    /// <summary>SHA-256 of the canonical bytes.</summary>
    public Bytes32 Hash() => new(SHA256.HashData(ManifestCodec.Encode(this)));
}
