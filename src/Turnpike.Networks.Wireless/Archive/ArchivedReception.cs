using Turnpike.Networks.Wireless.Protocol;

namespace Turnpike.Networks.Wireless.Archive;

/// <summary>One reception of a packet by one hotspot, as a network server recorded it long ago.</summary>
public sealed record ArchivedReception
{
    /// <summary>The hotspot's raw public key, type byte included.</summary>
    public required ReadOnlyMemory<byte> HotspotKey { get; init; }

    /// <summary>The hotspot's key type.</summary>
    public required HeliumKeyType KeyType { get; init; }

    /// <summary>The hotspot's own time of reception, unix milliseconds.</summary>
    public required long ReportedAt { get; init; }

    /// <summary>Sensor, as text in the record.</summary>
    public required string DevEui { get; init; }

    /// <summary>Session address in wire order, as text in the record.</summary>
    public required string DevAddr { get; init; }

    /// <summary>Frame counter.</summary>
    public required uint FrameCounter { get; init; }

    /// <summary>Application payload, bytes.</summary>
    public required byte PayloadBytes { get; init; }

    /// <summary>Tenths of a dBm.</summary>
    public required short Rssi { get; init; }

    /// <summary>Tenths of a dB.</summary>
    public required short Snr { get; init; }

    /// <summary>Such as "SF12BW125".</summary>
    public required string DataRate { get; init; }
}
