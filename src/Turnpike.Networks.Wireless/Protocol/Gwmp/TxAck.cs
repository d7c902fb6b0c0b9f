using System.Text.Json;

namespace Turnpike.Networks.Wireless.Protocol.Gwmp;

/// <summary>What became of a frame to send.</summary>
public enum TxResult
{
    /// <summary>It is sent, or waits for its time in the concentrator.</summary>
    Ok = 1,

    /// <summary>It came after its time.</summary>
    TooLate = 2,

    /// <summary>Its time is too far ahead.</summary>
    TooEarly = 3,

    /// <summary>Another frame has that time.</summary>
    CollisionPacket = 4,

    /// <summary>A beacon has that time.</summary>
    CollisionBeacon = 5,

    /// <summary>The concentrator cannot send at that frequency.</summary>
    TxFreq = 6,

    /// <summary>Nor with that power.</summary>
    TxPower = 7,

    /// <summary>GPS time was asked for and is not known.</summary>
    GpsUnlocked = 8,

    /// <summary>An answer that this program does not know.</summary>
    Other = 9,
}

/// <summary>Reads TX_ACK.</summary>
public static class TxAck
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8 };

    /// <summary>The result; an empty text means that all is well, as old forwarders say it.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, out TxResult result)
    {
        result = TxResult.Ok;
        if (json.Span.Trim(" \t\r\n\0"u8).Length == 0) return true;
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return false;
            if (!document.RootElement.TryGetProperty("txpk_ack", out var ack) || ack.ValueKind != JsonValueKind.Object || !ack.TryGetProperty("error", out var error)) return true;
            result = error.ValueKind == JsonValueKind.String ? Parse(error.GetString()!) : TxResult.Other;
            return true;
        }
        // Text that is no UTF-8 shows only when it is read, as InvalidOperationException.
        catch (Exception refusal) when (refusal is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static TxResult Parse(string error) => error switch
    {
        "NONE" or "" => TxResult.Ok,
        "TOO_LATE" => TxResult.TooLate,
        "TOO_EARLY" => TxResult.TooEarly,
        "COLLISION_PACKET" => TxResult.CollisionPacket,
        "COLLISION_BEACON" => TxResult.CollisionBeacon,
        "TX_FREQ" => TxResult.TxFreq,
        "TX_POWER" => TxResult.TxPower,
        "GPS_UNLOCKED" => TxResult.GpsUnlocked,
        _ => TxResult.Other,
    };
}
