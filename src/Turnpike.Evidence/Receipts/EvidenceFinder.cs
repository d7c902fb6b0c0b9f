using Turnpike.Core;
using Turnpike.Core.Merkle;

namespace Turnpike.Evidence;

/// <summary>Where a log holds a piece.</summary>
/// <param name="Proof">Its place in a sealed segment; null while the segment is open.</param>
/// <param name="Envelope">The piece.</param>
/// <param name="ReceivedAt">When it was received.</param>
public sealed record FoundPiece(InclusionProof? Proof, EvidenceEnvelope Envelope, long ReceivedAt);

/// <summary>
/// Finds pieces in a log by identity and time of receipt, which a receipt states; the time leaves one or two segments to look into. The identities of the segments looked
/// into last are kept, about 40 bytes a record. Thread-safe; one segment is read at a time, so that questions cannot fill the memory.
/// </summary>
public sealed class EvidenceFinder(EvidenceLog log, Bytes32 networkId) : IDisposable
{
    private const int RememberedSegments = 4;

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly LinkedList<Index> _indices = [];

    /// <summary>The piece, or null when the log does not hold it.</summary>
    public async Task<FoundPiece?> FindAsync(Bytes32 identity, long receivedAt, CancellationToken cancellationToken)
    {
        foreach (var segment in log.Store.Segments.Where(segment => segment.FirstReceivedAt <= receivedAt && receivedAt <= segment.LastReceivedAt))
        {
            await _one.WaitAsync(cancellationToken);
            try
            {
                var index = await IndexOfAsync(segment, cancellationToken);
                if (index.Places.TryGetValue(identity, out var place)) return await ProveAsync(segment, index, place, cancellationToken);
            }
            finally
            {
                _one.Release();
            }
        }
        foreach (var record in log.ReadOpenSegment().Where(record => record.ReceivedAt == receivedAt && record.Type == RecordType.Evidence))
            if (EnvelopeCodec.TryDecode(record.Body, out var envelope, out _) && envelope.Identity(networkId) == identity) return new FoundPiece(null, envelope, record.ReceivedAt);
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task<Index> IndexOfAsync(SegmentSummary segment, CancellationToken cancellationToken)
    {
        for (var node = _indices.First; node is not null; node = node.Next)
        {
            if (node.Value.Segment != segment.Sha256) continue;
            _indices.Remove(node);
            _indices.AddFirst(node);
            return node.Value;
        }
        var index = new Index(segment.Sha256, new Dictionary<Bytes32, int>(segment.Count), new Bytes32[segment.Count]);
        foreach (var record in (await ReadAsync(segment, cancellationToken)).Records)
        {
            index.Leaves[record.Index] = InclusionProof.Leaf(record.Type, record.ReceivedAt, record.Body.Span);
            if (record.Type == RecordType.Evidence && EnvelopeCodec.TryDecode(record.Body, out var envelope, out _)) index.Places.TryAdd(envelope.Identity(networkId), record.Index);
        }
        _indices.AddFirst(index);
        if (_indices.Count > RememberedSegments) _indices.RemoveLast();
        return index;
    }

    private async Task<FoundPiece> ProveAsync(SegmentSummary segment, Index index, int place, CancellationToken cancellationToken)
    {
        var record = (await ReadAsync(segment, cancellationToken)).Records[place];
        if (!EnvelopeCodec.TryDecode(record.Body, out var envelope, out _)) throw new EvidenceCorruptException(segment.Sha256.ToString(), "a piece read a moment ago is gone");
        var proof = new InclusionProof { Segment = segment, Index = place, ReceivedAt = record.ReceivedAt, Body = record.Body, Path = TransparencyTree.Proof(index.Leaves, place) };
        return new FoundPiece(proof, envelope, record.ReceivedAt);
    }

    private async Task<SegmentReader> ReadAsync(SegmentSummary segment, CancellationToken cancellationToken) =>
        SegmentReader.TryOpen(await log.Store.ReadSegmentAsync(segment.Sha256, cancellationToken), segment, networkId, out var reader, out var fault)
            ? reader
            : throw new EvidenceCorruptException(segment.Sha256.ToString(), fault.ToString(), fault);

    private sealed record Index(Bytes32 Segment, Dictionary<Bytes32, int> Places, Bytes32[] Leaves);
}
