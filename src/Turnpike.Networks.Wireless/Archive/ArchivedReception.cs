using System.Buffers.Binary;
using System.Security.Cryptography;
using Turnpike.Core;
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

    /// <summary>Sensor: 16 hexadecimal digits.</summary>
    public required string DevEui { get; init; }

    /// <summary>Session address in wire order: 8 hexadecimal digits.</summary>
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

    /// <summary>
    /// Names the packet, in place of the hash of its frame, which the record does not hold: SHA-256 over dev_eui (8 bytes), devaddr (4 bytes as recorded)
    /// and fcnt (4 bytes, big-endian). Copies through other hotspots and repetitions by the sensor have the same.
    /// </summary>
    public Bytes32 PacketHash
    {
        get
        {
            Span<byte> identity = stackalloc byte[16];
            Convert.FromHexString(DevEui, identity[..8], out _, out _);
            Convert.FromHexString(DevAddr, identity[8..12], out _, out _);
            BinaryPrimitives.WriteUInt32BigEndian(identity[12..], FrameCounter);
            return new Bytes32(SHA256.HashData(identity));
        }
    }
}
