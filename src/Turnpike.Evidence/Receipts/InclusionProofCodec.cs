using System.Buffers;
using System.Text.Json;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>A proof of inclusion as JSON, as gateways hand it out.</summary>
public static class InclusionProofCodec
{
    private const int MaximumPath = 64;

    /// <summary>The JSON object.</summary>
    public static byte[] Encode(InclusionProof proof)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WritePropertyName("segment");
            SummaryCodec.Write(json, proof.Segment);
            json.WriteString("index", JsonFields.Text((ulong)proof.Index));
            json.WriteString("receivedAt", JsonFields.Text((ulong)proof.ReceivedAt));
            json.WriteString("body", Hex.Format(proof.Body.Span));
            json.WriteStartArray("path");
            foreach (var hash in proof.Path) json.WriteStringValue(hash.ToString());
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads it; proves nothing by itself. Never throws on input.</summary>
    public static bool TryParse(JsonElement element, out InclusionProof proof)
    {
        proof = null!;
        var fields = new JsonFields(element);
        var (index, receivedAt) = (fields.Number("index", int.MaxValue), fields.Number("receivedAt", long.MaxValue));
        var text = fields.Text("body");
        if (!fields.Ok || !Hex.TryParse(text, out var body) || !element.TryGetProperty("segment", out var summary) || !SummaryCodec.TryRead(summary, out var segment)) return false;
        if (!element.TryGetProperty("path", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaximumPath) return false;
        var path = new List<Bytes32>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || !Bytes32.TryParse(item.GetString(), out var hash)) return false;
            path.Add(hash);
        }
        proof = new InclusionProof { Segment = segment, Index = (int)index, ReceivedAt = (long)receivedAt, Body = body, Path = path };
        return true;
    }
}
