using System.Buffers;
using System.Text.Json;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>
/// The canonical bytes of a manifest: one line of ASCII JSON, properties in fixed order, integers as decimal strings, lowercase hexadecimal, no spaces.
/// Strict by construction: what is parsed is encoded again and must give the same bytes.
/// </summary>
public static class ManifestCodec
{
    /// <summary>The most bytes a manifest may have: 16 MiB, about 40,000 segments.</summary>
    public const int MaximumBytes = 16 * 1024 * 1024;

    internal const string Format = "turnpike-manifest-1";

    private const int MaximumDepth = 4;

    /// <summary>The canonical bytes, ending with a line feed.</summary>
    public static byte[] Encode(Manifest manifest)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("networkId", manifest.NetworkId.ToString());
            json.WriteString("gateway", manifest.Gateway.ToString());
            json.WriteString("epoch", manifest.Epoch.ToString());
            json.WriteString("previous", manifest.Previous.ToString());
            json.WriteString("bytes", JsonFields.Text(manifest.ByteCount));
            json.WriteStartArray("segments");
            foreach (var segment in manifest.Segments) SummaryCodec.Write(json, segment);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads canonical bytes; on false <paramref name="problem"/> says why. Never throws on input.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, out Manifest manifest, out string problem)
    {
        manifest = null!;
        problem = bytes.Length > MaximumBytes ? $"more than {MaximumBytes} bytes" : "";
        if (problem.Length > 0) return false;
        if (!JsonFields.TryDocument(bytes, MaximumDepth, out var document))
        {
            problem = "not a JSON object";
            return false;
        }
        using (document) return TryRead(document.RootElement, bytes.Span, out manifest, out problem);
    }

    private static bool TryRead(JsonElement root, ReadOnlySpan<byte> bytes, out Manifest manifest, out string problem)
    {
        manifest = null!;
        problem = "a field is missing or malformed";
        var fields = new JsonFields(root);
        var format = fields.Text("format");
        var networkId = fields.Bytes32("networkId");
        var gateway = fields.Address("gateway");
        var epoch = fields.Number("epoch", ulong.MaxValue);
        var previous = fields.Bytes32("previous");
        var segments = new List<SegmentSummary>();
        var hashes = new HashSet<Bytes32>();
        if (!fields.Ok || format != Format || epoch == 0 || !root.TryGetProperty("segments", out var list) || list.ValueKind != JsonValueKind.Array) return false;
        foreach (var item in list.EnumerateArray())
        {
            if (!SummaryCodec.TryRead(item, out var segment)) return false;
            if (segments.Count > 0 && (segments[^1].Partition, segments[^1].Number).CompareTo((segment.Partition, segment.Number)) >= 0)
            {
                problem = $"segment {segments.Count} is not after the one before it";
                return false;
            }
            if (!hashes.Add(segment.Sha256))
            {
                problem = $"segment {segments.Count} is listed twice";
                return false;
            }
            segments.Add(segment);
        }
        manifest = new Manifest { NetworkId = networkId, Gateway = gateway, Epoch = new EpochNumber(epoch), Previous = previous, Segments = segments };
        problem = Encode(manifest).AsSpan().SequenceEqual(bytes) ? "" : "the bytes are not in canonical form";
        return problem.Length == 0;
    }
}
