using System.Security.Cryptography;
using Turnpike.Core;
using Turnpike.Core.Merkle;

namespace Turnpike.Evidence;

/// <summary>Counts and hashes a segment while it grows, so that sealing reads nothing again.</summary>
internal sealed class SegmentTally : IDisposable
{
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly TransparencyRoot _root = new();
    private long _first = long.MaxValue;
    private long _last;

    public SegmentTally(ReadOnlySpan<byte> header)
    {
        _sha256.AppendData(header);
        Bytes = header.Length;
    }

    public int Bytes { get; private set; }

    public int Count => (int)_root.Count;

    public void Append(long receivedAt, ReadOnlySpan<byte> frame)
    {
        _sha256.AppendData(frame);
        _root.AppendData(frame[RecordFrame.LeafAt..]);
        Bytes += frame.Length;
        _first = Math.Min(_first, receivedAt);
        _last = Math.Max(_last, receivedAt);
    }

    public SegmentSummary Summary(SegmentHeader header)
    {
        Span<byte> digest = stackalloc byte[Bytes32.Length];
        _sha256.GetCurrentHash(digest);
        return new SegmentSummary
        {
            Partition = header.Partition,
            Number = header.Number,
            Sha256 = new Bytes32(digest),
            Count = Count,
            MerkleRoot = _root.Root,
            Bytes = Bytes,
            FirstReceivedAt = Count == 0 ? 0 : _first,
            LastReceivedAt = _last,
        };
    }

    public void Dispose() => _sha256.Dispose();
}
