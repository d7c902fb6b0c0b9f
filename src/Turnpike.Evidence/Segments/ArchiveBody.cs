using System.Formats.Cbor;
using System.Security.Cryptography;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>
/// A piece of another network's history, imported so that its epochs can be replayed: nobody signed it for this network, hence trust 0.
/// Canonical CBOR map {1: device id, 2: kind, 3: sequence, 4: public body}.
/// </summary>
/// <param name="Device">keccak256 of the device's raw key.</param>
/// <param name="Kind">Evidence kind of the body.</param>
/// <param name="Sequence">Its number among the device's imported pieces, from 1; the boot is 0.</param>
/// <param name="PublicBody">The kind's public fields.</param>
public sealed record ArchiveBody(DeviceId Device, ushort Kind, ulong Sequence, ReadOnlyMemory<byte> PublicBody)
{
    /// <summary>The piece's identity: SHA-256 of the encoded body.</summary>
    public static Bytes32 Identity(ReadOnlySpan<byte> encoded) => new(SHA256.HashData(encoded));

    /// <summary>The record's body.</summary>
    public byte[] Encode()
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartMap(4);
        writer.WriteUInt32(1);
        writer.WriteByteString(Device.Value.ToArray());
        writer.WriteUInt32(2);
        writer.WriteUInt32(Kind);
        writer.WriteUInt32(3);
        writer.WriteUInt64(Sequence);
        writer.WriteUInt32(4);
        writer.WriteByteString(PublicBody.Span);
        writer.WriteEndMap();
        return writer.Encode();
    }

    /// <summary>Reads a body; false for anything but what <see cref="Encode"/> writes.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> encoded, out ArchiveBody body)
    {
        body = null!;
        try
        {
            var reader = new CborReader(encoded, CborConformanceMode.Canonical);
            if (reader.ReadStartMap() != 4) return false;
            if (reader.ReadUInt32() != 1 || reader.ReadByteString() is not { Length: Bytes32.Length } device) return false;
            if (reader.ReadUInt32() != 2 || reader.ReadUInt32() is not (<= ushort.MaxValue and var kind)) return false;
            if (reader.ReadUInt32() != 3) return false;
            var sequence = reader.ReadUInt64();
            if (reader.ReadUInt32() != 4) return false;
            var content = reader.ReadByteString();
            reader.ReadEndMap();
            body = new ArchiveBody(new DeviceId(new Bytes32(device)), (ushort)kind, sequence, content);
            return reader.BytesRemaining == 0;
        }
        // CborReader's documented refusals: not well-formed or not canonical; another type than asked for; a number out of range.
        catch (Exception refusal) when (refusal is CborContentException or InvalidOperationException or OverflowException)
        {
            return false;
        }
    }
}
