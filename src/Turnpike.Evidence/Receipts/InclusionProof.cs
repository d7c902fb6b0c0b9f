using System.Buffers.Binary;
using Turnpike.Core;
using Turnpike.Core.Merkle;

namespace Turnpike.Evidence;

/// <summary>That a piece is a record of a segment which a manifest lists: with the manifest's hash on chain, proof that the evidence is fixed.</summary>
public sealed record InclusionProof
{
    /// <summary>The segment, as the manifest lists it.</summary>
    public required SegmentSummary Segment { get; init; }

    /// <summary>The record's place in the segment.</summary>
    public required int Index { get; init; }

    /// <summary>When the gateway says to have received it.</summary>
    public required long ReceivedAt { get; init; }

    /// <summary>The piece as it lies there.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>From the record to the segment's root, RFC 6962.</summary>
    public required IReadOnlyList<Bytes32> Path { get; init; }

    /// <summary>Whether the piece of this identity is in a segment that the manifest lists.</summary>
    public bool Verify(Bytes32 identity, Manifest manifest) =>
        manifest.Segments.Contains(Segment)
        && EnvelopeCodec.TryDecode(Body, out var envelope, out _) && envelope.Identity(manifest.NetworkId) == identity
        && TransparencyTree.Verify(Segment.MerkleRoot, Leaf(RecordType.Evidence, ReceivedAt, Body.Span), Index, Segment.Count, [.. Path]);

    internal static Bytes32 Leaf(RecordType type, long receivedAt, ReadOnlySpan<byte> body)
    {
        var leaf = new byte[1 + sizeof(long) + body.Length];
        leaf[0] = (byte)type;
        BinaryPrimitives.WriteInt64LittleEndian(leaf.AsSpan(1), receivedAt);
        body.CopyTo(leaf.AsSpan(1 + sizeof(long)));
        return TransparencyTree.LeafHash(leaf);
    }
}
