using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>
/// A sealed segment, proved to be exactly what its summary says: hash, length, count, Merkle root, times, header and every record's frame.
/// Nothing of a segment is handed out before all of it is proved. Immutable, hence thread-safe.
/// </summary>
public sealed class SegmentReader
{
    private readonly List<SegmentRecord> _records;

    private SegmentReader(SegmentSummary summary, List<SegmentRecord> records)
    {
        Summary = summary;
        _records = records;
    }

    /// <summary>What was expected and found.</summary>
    public SegmentSummary Summary { get; }

    /// <summary>The records in order; their bodies are slices of the bytes given.</summary>
    public IReadOnlyList<SegmentRecord> Records => _records;

    /// <summary>Proves a segment; on false <paramref name="fault"/> names the first wrong record and byte. Never throws on input.</summary>
    public static bool TryOpen(ReadOnlyMemory<byte> bytes, SegmentSummary expected, Bytes32 networkId, out SegmentReader reader, out SegmentFault fault)
    {
        reader = null!;
        fault = SegmentHeader.Decode(bytes.Span, out var header)!;
        if (fault is not null) return false;
        if (header.NetworkId != networkId || header.Partition != expected.Partition || header.Number != expected.Number)
        {
            fault = new SegmentFault(SegmentFaultKind.WrongHeader, 0, -1, $"it is segment {header.Number} of partition {header.Partition} of network {header.NetworkId}");
            return false;
        }
        var records = new List<SegmentRecord>();
        using var tally = new SegmentTally(bytes.Span[..SegmentHeader.Length]);
        fault = SegmentScan.Walk(bytes, header, (record, frame) =>
        {
            tally.Append(frame.ReceivedAt, bytes.Span[frame.Offset..frame.End]);
            records.Add(record);
        }, out _) ?? Compare(tally.Summary(header), expected)!;
        if (fault is not null) return false;
        reader = new SegmentReader(expected, records);
        return true;
    }

    /// <summary>Every record judged again: an evidence record by the form, device and signature of its piece, the others by their form. In order, lazily.</summary>
    public IEnumerable<ReviewedRecord> Review(EnvelopeVerifier verifier, IDeviceDirectory devices) => _records.Select(record => ReviewedRecord.Of(record, verifier, devices));

    /// <summary>One record judged again; records may be judged on any threads.</summary>
    public ReviewedRecord Review(int index, EnvelopeVerifier verifier, IDeviceDirectory devices) => ReviewedRecord.Of(_records[index], verifier, devices);

    private static SegmentFault? Compare(SegmentSummary found, SegmentSummary expected)
    {
        SegmentFault Whole(SegmentFaultKind kind, string detail) => new(kind, 0, -1, detail);
        if (found.Bytes != expected.Bytes) return Whole(SegmentFaultKind.WrongLength, $"{found.Bytes} bytes, not {expected.Bytes}");
        if (found.Count != expected.Count) return Whole(SegmentFaultKind.WrongCount, $"{found.Count} records, not {expected.Count}");
        if (found.MerkleRoot != expected.MerkleRoot) return Whole(SegmentFaultKind.WrongMerkleRoot, $"{found.MerkleRoot}, not {expected.MerkleRoot}");
        if (found.Sha256 != expected.Sha256) return Whole(SegmentFaultKind.WrongSha256, $"{found.Sha256}, not {expected.Sha256}");
        return found == expected ? null : Whole(SegmentFaultKind.WrongTimes, $"received {found.FirstReceivedAt} to {found.LastReceivedAt}, not {expected.FirstReceivedAt} to {expected.LastReceivedAt}");
    }
}
