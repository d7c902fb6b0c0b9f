using System.Buffers;
using System.Text.Json;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Protocol.Gwmp;

/// <summary>A frame that a gateway is to send (txpk): LoRa with inverted polarity and without payload CRC, as downlinks are.</summary>
public sealed record TxPacket
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8 };

    /// <summary>The frame.</summary>
    public required ReadOnlyMemory<byte> Frame { get; init; }

    /// <summary>The concentrator's counter at which to send; null is at once (class C).</summary>
    public required uint? Timestamp { get; init; }

    /// <summary>Hz.</summary>
    public required uint Frequency { get; init; }

    /// <summary>How to modulate.</summary>
    public required DataRate DataRate { get; init; }

    /// <summary>dBm EIRP.</summary>
    public required int Power { get; init; }

    /// <summary>The JSON of PULL_RESP.</summary>
    public byte[] WriteJson()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("txpk");
            if (Timestamp is { } timestamp) json.WriteNumber("tmst", timestamp);
            else json.WriteBoolean("imme", true);
            json.WriteNumber("freq", Frequency / 1_000_000m);
            json.WriteNumber("rfch", 0);
            json.WriteNumber("powe", Power);
            json.WriteString("modu", DataRate.IsLoRa ? "LORA" : "FSK");
            if (DataRate.IsLoRa)
            {
                json.WriteString("datr", DataRate.ToString());
                json.WriteString("codr", "4/5");
                json.WriteBoolean("ipol", true);
            }
            else
            {
                json.WriteNumber("datr", DataRate.BitRate);
                // Half the bit rate: modulation index 1.
                json.WriteNumber("fdev", DataRate.BitRate / 2);
            }
            json.WriteNumber("prea", DataRate.IsLoRa ? 8 : 5);
            json.WriteNumber("size", Frame.Length);
            json.WriteBase64String("data", Frame.Span);
            json.WriteBoolean("ncrc", DataRate.IsLoRa);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads the JSON of PULL_RESP, as a forwarder does.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, out TxPacket packet)
    {
        packet = null!;
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("txpk", out var tx) || tx.ValueKind != JsonValueKind.Object) return false;
            if (!tx.TryGetProperty("data", out var data) || !data.TryGetBytesFromBase64(out var frame) || frame.Length is 0 or > FrameHeader.MaxFrameBytes) return false;
            if (!tx.TryGetProperty("freq", out var freq) || !freq.TryGetDecimal(out var megahertz) || megahertz is < 100 or > 3000) return false;
            if (!tx.TryGetProperty("datr", out var datr) || !DataRate.TryParse(datr.ValueKind == JsonValueKind.Number ? datr.GetRawText() : datr.GetString(), out var rate)) return false;
            packet = new TxPacket
            {
                Frame = frame,
                Timestamp = tx.TryGetProperty("tmst", out var tmst) && tmst.TryGetUInt32(out var at) ? at : null,
                Frequency = (uint)decimal.Round(megahertz * 1_000_000),
                DataRate = rate,
                Power = tx.TryGetProperty("powe", out var powe) && powe.TryGetInt32(out var power) ? power : 0,
            };
            return true;
        }
        // A field of another type than asked for is InvalidOperationException by the documentation of JsonElement.
        catch (Exception refusal) when (refusal is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
