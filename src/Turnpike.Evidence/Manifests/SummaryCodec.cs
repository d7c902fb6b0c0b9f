using System.Buffers;
using System.Text.Json;

namespace Turnpike.Evidence;

/// <summary>A segment's summary as canonical JSON: an entry of a manifest, and by itself the file beside a sealed segment.</summary>
internal static class SummaryCodec
{
    private const int MaximumDepth = 1;

    public static byte[] Encode(SegmentSummary summary)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) Write(json, summary);
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    public static void Write(Utf8JsonWriter json, SegmentSummary segment)
    {
        json.WriteStartObject();
        json.WriteString("partition", JsonFields.Text(segment.Partition));
        json.WriteString("number", JsonFields.Text(segment.Number));
        json.WriteString("sha256", segment.Sha256.ToString());
        json.WriteString("count", JsonFields.Text((ulong)segment.Count));
        json.WriteString("merkleRoot", segment.MerkleRoot.ToString());
        json.WriteString("bytes", JsonFields.Text((ulong)segment.Bytes));
        json.WriteString("firstReceivedAt", JsonFields.Text((ulong)segment.FirstReceivedAt));
        json.WriteString("lastReceivedAt", JsonFields.Text((ulong)segment.LastReceivedAt));
        json.WriteEndObject();
    }

    public static bool TryParse(ReadOnlyMemory<byte> bytes, out SegmentSummary summary)
    {
        summary = null!;
        if (!JsonFields.TryDocument(bytes, MaximumDepth, out var document)) return false;
        using (document) return TryRead(document.RootElement, out summary) && Encode(summary).AsSpan().SequenceEqual(bytes.Span);
    }

    public static bool TryRead(JsonElement element, out SegmentSummary summary)
    {
        var fields = new JsonFields(element);
        summary = new SegmentSummary
        {
            Partition = (uint)fields.Number("partition", uint.MaxValue),
            Number = fields.Number("number", ulong.MaxValue),
            Sha256 = fields.Bytes32("sha256"),
            Count = (int)fields.Number("count", SegmentFormat.MaximumRecords),
            MerkleRoot = fields.Bytes32("merkleRoot"),
            Bytes = (int)fields.Number("bytes", SegmentFormat.MaximumSegmentBytes),
            FirstReceivedAt = (long)fields.Number("firstReceivedAt", long.MaxValue),
            LastReceivedAt = (long)fields.Number("lastReceivedAt", long.MaxValue),
        };
        return fields.Ok && summary.Number > 0 && summary.Count > 0 && summary.FirstReceivedAt <= summary.LastReceivedAt
            && summary.Bytes >= SegmentHeader.Length + (long)summary.Count * RecordFrame.HeaderLength;
    }
}
