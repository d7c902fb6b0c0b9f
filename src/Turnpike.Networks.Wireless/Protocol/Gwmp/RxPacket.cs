using System.Text.Json;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Protocol.Gwmp;

/// <summary>Whether a received frame's own check sum was right.</summary>
public enum CrcStatus
{
    /// <summary>Wrong.</summary>
    Bad = -1,

    /// <summary>The frame has none.</summary>
    None = 0,

    /// <summary>Right.</summary>
    Ok = 1,
}

/// <summary>A frame that a gateway heard (rxpk).</summary>
public sealed record RxPacket
{
    /// <summary>The frame, 1 to 255 bytes.</summary>
    public required ReadOnlyMemory<byte> Frame { get; init; }

    /// <summary>The concentrator's counter in microseconds at the end of the frame; wraps every 71.6 minutes. A downlink is timed by it.</summary>
    public required uint Timestamp { get; init; }

    /// <summary>Hz.</summary>
    public required uint Frequency { get; init; }

    /// <summary>How it was modulated.</summary>
    public required DataRate DataRate { get; init; }

    /// <summary>Signal strength in tenths of a dBm; of several antennas the strongest.</summary>
    public required short Rssi { get; init; }

    /// <summary>Signal to noise ratio in tenths of a dB; 0 for FSK.</summary>
    public required short Snr { get; init; }

    /// <summary>Check sum.</summary>
    public CrcStatus Crc { get; init; } = CrcStatus.Ok;

    /// <summary>Concentrator channel.</summary>
    public byte Channel { get; init; }

    /// <summary>Milliseconds of GPS time, where the gateway has it.</summary>
    public ulong? GpsMilliseconds { get; init; }
}

/// <summary>The gateway's own account of itself (stat).</summary>
/// <param name="Received">Frames since the last one.</param>
/// <param name="ReceivedOk">With a right check sum.</param>
/// <param name="Forwarded">Handed on.</param>
/// <param name="AckPermille">Of the packets sent upstream, in thousandths.</param>
/// <param name="Downlinks">Frames to send.</param>
/// <param name="Sent">Frames sent.</param>
/// <param name="LatitudeE7">Degrees x 10^7; null without a position.</param>
/// <param name="LongitudeE7">Degrees x 10^7.</param>
public sealed record GatewayStat(uint Received, uint ReceivedOk, uint Forwarded, int AckPermille, uint Downlinks, uint Sent, int? LatitudeE7, int? LongitudeE7);

/// <summary>What PUSH_DATA carries.</summary>
/// <param name="Frames">Frames that could be read.</param>
/// <param name="Unreadable">Frames that could not.</param>
/// <param name="Stat">Statistics, if any.</param>
public sealed record PushData(IReadOnlyList<RxPacket> Frames, int Unreadable, GatewayStat? Stat)
{
    /// <summary>Frames in one packet; more are unreadable.</summary>
    public const int MaxFrames = 64;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8 };

    /// <summary>
    /// Reads the JSON of PUSH_DATA. A frame with an absurd field is counted and left out, the others stay: forwarders mix good and bad. Accepted although the
    /// protocol says otherwise: base64 without padding, FSK rates as text, "rsig" for several antennas, a missing check sum status, a size that does not match.
    /// </summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, out PushData data)
    {
        data = null!;
        try
        {
            // Some forwarders end the text with a zero byte.
            using var document = JsonDocument.Parse(json.Span.IndexOf((byte)0) is >= 0 and var end ? json[..end] : json, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return false;
            var frames = new List<RxPacket>();
            var unreadable = 0;
            if (document.RootElement.TryGetProperty("rxpk", out var list) && list.ValueKind == JsonValueKind.Array)
                foreach (var element in list.EnumerateArray())
                {
                    if (frames.Count < MaxFrames && RxReader.TryRead(element, out var frame)) frames.Add(frame);
                    else unreadable++;
                }
            var stat = document.RootElement.TryGetProperty("stat", out var status) && status.ValueKind == JsonValueKind.Object ? RxReader.ReadStat(status) : null;
            data = new PushData(frames, unreadable, stat);
            return true;
        }
        // Text that is no UTF-8 shows only when it is read, as InvalidOperationException.
        catch (Exception refusal) when (refusal is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
