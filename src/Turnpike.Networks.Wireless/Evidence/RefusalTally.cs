using System.Buffers.Binary;
using System.Formats.Cbor;
using Turnpike.Core;

namespace Turnpike.Networks.Wireless.Evidence;

/// <summary>Packets of one hotspot that a router did not buy for one reason.</summary>
/// <param name="Device">The hotspot.</param>
/// <param name="Code">305 to 316.</param>
/// <param name="Packets">At least 1.</param>
public readonly record struct RefusedPackets(DeviceId Device, ushort Code, uint Packets);

/// <summary>
/// What a router did not buy in a period, counted by hotspot and reason: no packet, no customer, nothing that tells more than the hotspot's operator may know. It pays nothing; it is there
/// so that he can read from public data why. A router can lie in it as it can keep silent, and gains nothing by either.
/// <para>
/// The body is the deterministic CBOR map {1: from, 2: until, 3: records}: unix milliseconds, until after from; records are one byte string of <see cref="RecordBytes"/> bytes each, integers
/// big-endian: 0 device (32) · 32 code (2) · 34 packets (4). Sorted by device and code, each pair once, no zero.
/// </para>
/// Immutable; reads the memory it was decoded from.
/// </summary>
public sealed class RefusalTally
{
    /// <summary>Evidence kind of a body that holds a tally.</summary>
    public const ushort Kind = 0x0102;

    /// <summary>Records that one signature may cover; they fit an envelope.</summary>
    public const int MaxRecords = 1_500;

    /// <summary>Bytes of a record.</summary>
    public const int RecordBytes = 38;

    private const int FieldCount = 3;
    private const int CodeAtByte = 32, PacketsAtByte = 34;

    // By number from the first: what a router may say.
    private static readonly VerdictCode[] Codes =
    [
        WirelessVerdicts.UnknownSensor, WirelessVerdicts.NoRoute, WirelessVerdicts.CopyLimit, WirelessVerdicts.SuspendedCustomer, WirelessVerdicts.Late, WirelessVerdicts.Replayed, WirelessVerdicts.BadMic,
        WirelessVerdicts.CounterJump, WirelessVerdicts.NotInRegion, WirelessVerdicts.NonceReplayed, WirelessVerdicts.NotAFrame, WirelessVerdicts.NothingToSell,
    ];

    private readonly ReadOnlyMemory<byte> _records;

    private RefusalTally(long from, long until, ReadOnlyMemory<byte> records) => (From, Until, _records) = (from, until, records);

    /// <summary>Unix milliseconds of the period's beginning.</summary>
    public long From { get; }

    /// <summary>Unix milliseconds of its end.</summary>
    public long Until { get; }

    /// <summary>How many records.</summary>
    public int Count => _records.Length / RecordBytes;

    /// <summary>A record.</summary>
    public RefusedPackets this[int index] => new(DeviceAt(index), CodeAt(index).Number, PacketsAt(index));

    /// <summary>Writes the body; the records in any order.</summary>
    /// <exception cref="ArgumentException">No record or more than <see cref="MaxRecords"/>, a pair of device and code twice, a code that no router gives, no packets, or a period that does not end after it begins.</exception>
    public static byte[] Encode(long from, long until, IReadOnlyList<RefusedPackets> records)
    {
        if (records.Count is 0 or > MaxRecords) throw new ArgumentException($"1 to {MaxRecords} records fit one body, not {records.Count}.", nameof(records));
        if (from < 0 || until <= from) throw new ArgumentException($"The period from {from} to {until} is none.", nameof(until));
        var packed = new byte[records.Count * RecordBytes];
        var at = 0;
        foreach (var record in records.OrderBy(record => record.Device).ThenBy(record => record.Code))
        {
            var bytes = packed.AsSpan(at, RecordBytes);
            record.Device.Value.CopyTo(bytes);
            BinaryPrimitives.WriteUInt16BigEndian(bytes[CodeAtByte..], record.Code);
            BinaryPrimitives.WriteUInt32BigEndian(bytes[PacketsAtByte..], record.Packets);
            at += RecordBytes;
        }
        if (!AreSound(packed)) throw new ArgumentException("Each pair of device and code occurs once, with a code that routers give and at least one packet.", nameof(records));
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartMap(FieldCount);
        writer.WriteUInt32(1);
        writer.WriteInt64(from);
        writer.WriteUInt32(2);
        writer.WriteInt64(until);
        writer.WriteUInt32(3);
        writer.WriteByteString(packed);
        writer.WriteEndMap();
        return writer.Encode();
    }

    /// <summary>Reads a body; false for anything but what <see cref="Encode"/> writes.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> body, out RefusalTally tally)
    {
        tally = null!;
        try
        {
            var reader = new CborReader(body, CborConformanceMode.Canonical);
            if (reader.ReadStartMap() != FieldCount) return false;
            if (reader.ReadUInt32() != 1 || reader.ReadInt64() is not (>= 0 and var from)) return false;
            if (reader.ReadUInt32() != 2) return false;
            var until = reader.ReadInt64();
            if (until <= from || reader.ReadUInt32() != 3) return false;
            var records = reader.ReadDefiniteLengthByteString();
            reader.ReadEndMap();
            if (reader.BytesRemaining != 0 || records.Length == 0 || records.Length % RecordBytes != 0 || records.Length / RecordBytes > MaxRecords || !AreSound(records.Span)) return false;
            tally = new RefusalTally(from, until, records);
            return true;
        }
        // CborReader's documented refusals: not well-formed or not canonical; another type than asked for; a number out of range.
        catch (Exception refusal) when (refusal is CborContentException or InvalidOperationException or OverflowException)
        {
            return false;
        }
    }

    /// <summary>The hotspot of a record.</summary>
    public DeviceId DeviceAt(int index) => new(new Bytes32(RecordAt(index)[..Bytes32.Length]));

    /// <summary>The reason of a record.</summary>
    public VerdictCode CodeAt(int index) => Codes[BinaryPrimitives.ReadUInt16BigEndian(RecordAt(index)[CodeAtByte..]) - Codes[0].Number];

    /// <summary>The packets of a record.</summary>
    public uint PacketsAt(int index) => BinaryPrimitives.ReadUInt32BigEndian(RecordAt(index)[PacketsAtByte..]);

    private static bool AreSound(ReadOnlySpan<byte> records)
    {
        for (var at = 0; at < records.Length; at += RecordBytes)
        {
            var record = records.Slice(at, RecordBytes);
            var code = BinaryPrimitives.ReadUInt16BigEndian(record[CodeAtByte..]);
            if (code < Codes[0].Number || code > Codes[^1].Number || BinaryPrimitives.ReadUInt32BigEndian(record[PacketsAtByte..]) == 0) return false;
            // Device and code are compared as they lie.
            if (at > 0 && records.Slice(at - RecordBytes, PacketsAtByte).SequenceCompareTo(record[..PacketsAtByte]) >= 0) return false;
        }
        return true;
    }

    private ReadOnlySpan<byte> RecordAt(int index) => _records.Span.Slice(index * RecordBytes, RecordBytes);
}
