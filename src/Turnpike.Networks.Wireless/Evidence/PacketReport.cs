using System.Formats.Cbor;
using Turnpike.Core;

namespace Turnpike.Networks.Wireless.Evidence;

/// <summary>
/// One uplink that a gateway heard and delivered to the organisation that owns the sensor. Public fields only: the frame itself stays on the private leg.
/// </summary>
/// <param name="PayloadHash">SHA-256 of the frame: names the packet without showing it.</param>
/// <param name="PayloadBytes">Application payload size, 0 to 255 bytes: what the customer is charged by.</param>
/// <param name="Organisation">The customer's account.</param>
/// <param name="DataRate">Such as "SF12BW125".</param>
/// <param name="Rssi">Received signal strength in tenths of a dBm.</param>
/// <param name="Snr">Signal to noise ratio in tenths of a dB.</param>
/// <param name="Region">Such as "EU868".</param>
public sealed record PacketReport(Bytes32 PayloadHash, byte PayloadBytes, Address Organisation, string DataRate, short Rssi, short Snr, string Region)
{
    /// <summary>Evidence kind of a body that holds packet reports.</summary>
    public const ushort Kind = 0x0100;

    /// <summary>Reports that one signature may cover.</summary>
    public const int MaxBatch = 256;

    private const int FieldCount = 7;
    private const int MaxTextBytes = 16;

    /// <summary>Writes the body: a deterministic CBOR array of maps {1: hash, 2: bytes, 3: organisation, 4: data rate, 5: rssi, 6: snr, 7: region}.</summary>
    /// <exception cref="ArgumentException">No report, or more than <see cref="MaxBatch"/>; or a data rate or region that is not 1 to 16 letters, digits, '-', '_', '/'.</exception>
    public static byte[] Encode(IReadOnlyList<PacketReport> reports)
    {
        if (reports.Count is 0 or > MaxBatch) throw new ArgumentException($"1 to {MaxBatch} reports fit one body, not {reports.Count}.", nameof(reports));
        foreach (var report in reports)
            if (!IsName(report.DataRate) || !IsName(report.Region)) throw new ArgumentException($"'{report.DataRate}' or '{report.Region}' is no name: 1 to {MaxTextBytes} letters, digits, '-', '_', '/'.", nameof(reports));
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(reports.Count);
        foreach (var report in reports)
        {
            writer.WriteStartMap(FieldCount);
            writer.WriteUInt32(1);
            writer.WriteByteString(report.PayloadHash.ToArray());
            writer.WriteUInt32(2);
            writer.WriteUInt32(report.PayloadBytes);
            writer.WriteUInt32(3);
            writer.WriteByteString(report.Organisation.ToArray());
            writer.WriteUInt32(4);
            writer.WriteTextString(report.DataRate);
            writer.WriteUInt32(5);
            writer.WriteInt32(report.Rssi);
            writer.WriteUInt32(6);
            writer.WriteInt32(report.Snr);
            writer.WriteUInt32(7);
            writer.WriteTextString(report.Region);
            writer.WriteEndMap();
        }
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <summary>Reads a body; false for anything but what <see cref="Encode"/> writes.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> body, out IReadOnlyList<PacketReport> reports)
    {
        reports = [];
        try
        {
            var reader = new CborReader(body, CborConformanceMode.Canonical);
            if (reader.ReadStartArray() is not (>= 1 and <= MaxBatch and var count)) return false;
            var read = new PacketReport[count];
            for (var i = 0; i < count; i++)
                if (!TryReadReport(reader, out read[i])) return false;
            reader.ReadEndArray();
            if (reader.BytesRemaining != 0) return false;
            reports = read;
            return true;
        }
        // CborReader's documented refusals: not well-formed or not canonical; another type than asked for; a number out of range.
        catch (Exception refusal) when (refusal is CborContentException or InvalidOperationException or OverflowException)
        {
            return false;
        }
    }

    private static bool TryReadReport(CborReader reader, out PacketReport report)
    {
        report = null!;
        if (reader.ReadStartMap() != FieldCount) return false;
        if (!At(reader, 1) || reader.ReadByteString() is not { Length: Bytes32.Length } hash) return false;
        if (!At(reader, 2) || reader.ReadUInt32() is not (<= byte.MaxValue and var size)) return false;
        if (!At(reader, 3) || reader.ReadByteString() is not { Length: Address.Length } organisation) return false;
        if (!At(reader, 4) || !TryReadName(reader, out var dataRate)) return false;
        if (!At(reader, 5) || reader.ReadInt32() is not (>= short.MinValue and <= short.MaxValue and var rssi)) return false;
        if (!At(reader, 6) || reader.ReadInt32() is not (>= short.MinValue and <= short.MaxValue and var snr)) return false;
        if (!At(reader, 7) || !TryReadName(reader, out var region)) return false;
        reader.ReadEndMap();
        report = new PacketReport(new Bytes32(hash), (byte)size, new Address(organisation), dataRate, (short)rssi, (short)snr, region);
        return true;
    }

    private static bool At(CborReader reader, uint key) => reader.ReadUInt32() == key;

    private static bool TryReadName(CborReader reader, out string name)
    {
        name = reader.ReadTextString();
        return IsName(name);
    }

    internal static bool IsName(string text) => text.Length is >= 1 and <= MaxTextBytes && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '/');
}
