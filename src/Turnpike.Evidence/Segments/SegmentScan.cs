namespace Turnpike.Evidence;

/// <summary>Walks a segment's records from the first to the last good one.</summary>
internal static class SegmentScan
{
    /// <summary>Calls <paramref name="visit"/> for every record up to the first fault and returns the fault, or null at a clean end. <paramref name="end"/> is the end of the last good record.</summary>
    public static SegmentFault? Walk(ReadOnlyMemory<byte> segment, SegmentHeader header, Action<SegmentRecord, RecordFrame> visit, out int end)
    {
        end = SegmentHeader.Length;
        for (var index = 0; end < segment.Length; index++)
        {
            if (RecordFrame.TryRead(segment.Span, end, header.Salt, out var frame) is { } kind) return new SegmentFault(kind, end, index, Explain(kind));
            visit(new SegmentRecord { Index = index, Offset = frame.Offset, Type = frame.Type, ReceivedAt = frame.ReceivedAt, Body = segment.Slice(frame.BodyOffset, frame.BodyLength) }, frame);
            end = frame.End;
        }
        return null;
    }

    /// <summary>
    /// Tells a torn tail from corruption. A crash can tear only what was written after the last fsync, hence at most one batch, and nothing behind the tear
    /// can have been written after a later fsync. A good record behind the fault that says "durable beyond the fault" proves corruption.
    /// </summary>
    public static bool IsTornTail(ReadOnlySpan<byte> segment, SegmentHeader header, int faultAt)
    {
        if (segment.Length - faultAt > SegmentFormat.MaximumBatchBytes) return false;
        for (var offset = faultAt + 1; offset <= segment.Length - RecordFrame.HeaderLength; offset++)
        {
            if (RecordFrame.TryRead(segment, offset, header.Salt, out var frame) is null && frame.Synced > faultAt) return false;
        }
        return true;
    }

    private static string Explain(SegmentFaultKind kind) => kind switch
    {
        SegmentFaultKind.TruncatedRecord => "the segment ends within the record",
        SegmentFaultKind.OversizedRecord => $"the record claims more than {SegmentFormat.MaximumBodyBytes} bytes",
        SegmentFaultKind.BadRecordChecksum => "the record does not match its checksum",
        _ => "the record's type, time or synced length is none that a writer produces",
    };
}
