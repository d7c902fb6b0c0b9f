using System.Buffers.Binary;
using System.Formats.Cbor;
using System.Runtime.CompilerServices;
using Turnpike.Core;

namespace Turnpike.Networks.Wireless.Evidence;

/// <summary>
/// What a router bought from hotspots, up to <see cref="MaxRecords"/> uplinks under one signature: Helium's packet router reports likewise, since the organisation that
/// pays trusts the router and not each hotspot's own word.
/// <para>
/// The body is the deterministic CBOR map {1: region, 2: [data rates], 3: [organisations], 4: records}. Rates and organisations are sorted, each once, each used. Records
/// are one byte string of <see cref="RecordBytes"/> bytes each, integers big-endian: 0 device (32) · 32 payload hash (32) · 64 organisation (1, position in the list) ·
/// 65 data rate (1) · 66 payload bytes (1) · 67 rssi (2) · 69 snr (2). Ten million records are read an epoch, hence the flat form.
/// </para>
/// Immutable; reads the memory it was decoded from.
/// </summary>
public sealed class UsageBatch
{
    /// <summary>Evidence kind of a body that holds a batch.</summary>
    public const ushort Kind = 0x0101;

    /// <summary>Records that one signature may cover; they fit an envelope.</summary>
    public const int MaxRecords = 800;

    /// <summary>Bytes of a record.</summary>
    public const int RecordBytes = 71;

    private const int FieldCount = 4;
    private const int MaxRates = 64;
    private const int OrganisationAt = 64, RateAt = 65, PayloadBytesAt = 66, RssiAt = 67, SnrAt = 69;

    private readonly string[] _rates;
    private readonly Address[] _organisations;
    private readonly ReadOnlyMemory<byte> _records;

    private UsageBatch(string region, string[] rates, Address[] organisations, ReadOnlyMemory<byte> records) => (Region, _rates, _organisations, _records) = (region, rates, organisations, records);

    /// <summary>Such as "EU868".</summary>
    public string Region { get; }

    /// <summary>How many records.</summary>
    public int Count => _records.Length / RecordBytes;

    /// <summary>A record.</summary>
    public UsageRecord this[int index]
    {
        get
        {
            var record = RecordAt(index);
            var (rssi, snr) = (BinaryPrimitives.ReadInt16BigEndian(record[RssiAt..]), BinaryPrimitives.ReadInt16BigEndian(record[SnrAt..]));
            return new UsageRecord(DeviceAt(index), PayloadHashAt(index), record[PayloadBytesAt], OrganisationOf(index), _rates[record[RateAt]], rssi, snr);
        }
    }

    /// <summary>The account by which an order names a router as its meter: the last 20 bytes of the device id, as an account's are of its key's hash.</summary>
    public static Address MeterOf(DeviceId router)
    {
        Span<byte> id = stackalloc byte[Bytes32.Length];
        router.Value.CopyTo(id);
        return new Address(id[^Address.Length..]);
    }

    /// <summary>Writes the body.</summary>
    /// <exception cref="ArgumentException">No record or more than <see cref="MaxRecords"/>, more than 256 organisations or 64 data rates, or a rate or region that is no name.</exception>
    public static byte[] Encode(string region, IReadOnlyList<UsageRecord> records)
    {
        if (records.Count is 0 or > MaxRecords) throw new ArgumentException($"1 to {MaxRecords} records fit one body, not {records.Count}.", nameof(records));
        var rates = records.Select(record => record.DataRate).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var organisations = records.Select(record => record.Organisation).Distinct().Order().ToArray();
        if (organisations.Length > byte.MaxValue + 1 || rates.Length > MaxRates) throw new ArgumentException($"A body names at most 256 organisations and {MaxRates} data rates.", nameof(records));
        if (rates.Append(region).FirstOrDefault(name => !PacketReport.IsName(name)) is { } bad) throw new ArgumentException($"'{bad}' is no name: 1 to 16 letters, digits, '-', '_', '/'.", nameof(records));
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartMap(FieldCount);
        writer.WriteUInt32(1);
        writer.WriteTextString(region);
        writer.WriteUInt32(2);
        writer.WriteStartArray(rates.Length);
        foreach (var rate in rates) writer.WriteTextString(rate);
        writer.WriteEndArray();
        writer.WriteUInt32(3);
        writer.WriteStartArray(organisations.Length);
        foreach (var organisation in organisations) writer.WriteByteString(organisation.ToArray());
        writer.WriteEndArray();
        writer.WriteUInt32(4);
        writer.WriteByteString(Pack(records, rates, organisations));
        writer.WriteEndMap();
        return writer.Encode();
    }

    /// <summary>Reads a body; false for anything but what <see cref="Encode"/> writes.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> body, out UsageBatch batch)
    {
        batch = null!;
        try
        {
            var reader = new CborReader(body, CborConformanceMode.Canonical);
            if (reader.ReadStartMap() != FieldCount) return false;
            if (reader.ReadUInt32() != 1 || reader.ReadTextString() is not { } region || !PacketReport.IsName(region)) return false;
            if (reader.ReadUInt32() != 2 || !TryReadRates(reader, out var rates)) return false;
            if (reader.ReadUInt32() != 3 || !TryReadOrganisations(reader, out var organisations)) return false;
            if (reader.ReadUInt32() != 4) return false;
            var records = reader.ReadDefiniteLengthByteString();
            reader.ReadEndMap();
            if (reader.BytesRemaining != 0 || records.Length == 0 || records.Length % RecordBytes != 0 || records.Length / RecordBytes > MaxRecords) return false;
            if (!AreAllUsed(records.Span, OrganisationAt, organisations.Length) || !AreAllUsed(records.Span, RateAt, rates.Length)) return false;
            batch = new UsageBatch(region, rates, organisations, records);
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

    /// <summary>The packet of a record.</summary>
    public Bytes32 PayloadHashAt(int index) => new(RecordAt(index).Slice(Bytes32.Length, Bytes32.Length));

    /// <summary>The customer of a record.</summary>
    public Address OrganisationOf(int index) => _organisations[RecordAt(index)[OrganisationAt]];

    /// <summary>The payload's size.</summary>
    public byte PayloadBytesOf(int index) => RecordAt(index)[PayloadBytesAt];

    private static byte[] Pack(IReadOnlyList<UsageRecord> records, string[] rates, Address[] organisations)
    {
        var packed = new byte[records.Count * RecordBytes];
        for (var i = 0; i < records.Count; i++)
        {
            var record = packed.AsSpan(i * RecordBytes, RecordBytes);
            records[i].Device.Value.CopyTo(record);
            records[i].PayloadHash.CopyTo(record[Bytes32.Length..]);
            record[OrganisationAt] = (byte)Array.BinarySearch(organisations, records[i].Organisation);
            record[RateAt] = (byte)Array.BinarySearch(rates, records[i].DataRate, StringComparer.Ordinal);
            record[PayloadBytesAt] = records[i].PayloadBytes;
            BinaryPrimitives.WriteInt16BigEndian(record[RssiAt..], records[i].Rssi);
            BinaryPrimitives.WriteInt16BigEndian(record[SnrAt..], records[i].Snr);
        }
        return packed;
    }

    private static bool TryReadRates(CborReader reader, out string[] rates)
    {
        rates = [];
        if (reader.ReadStartArray() is not (>= 1 and <= MaxRates and var count)) return false;
        rates = new string[count];
        for (var i = 0; i < rates.Length; i++)
        {
            rates[i] = reader.ReadTextString();
            if (!PacketReport.IsName(rates[i]) || i > 0 && string.CompareOrdinal(rates[i - 1], rates[i]) >= 0) return false;
        }
        reader.ReadEndArray();
        return true;
    }

    private static bool TryReadOrganisations(CborReader reader, out Address[] organisations)
    {
        organisations = [];
        if (reader.ReadStartArray() is not (>= 1 and <= byte.MaxValue + 1 and var count)) return false;
        organisations = new Address[count];
        for (var i = 0; i < organisations.Length; i++)
        {
            var account = reader.ReadDefiniteLengthByteString();
            if (account.Length != Address.Length) return false;
            organisations[i] = new Address(account.Span);
            if (i > 0 && organisations[i - 1].CompareTo(organisations[i]) >= 0) return false;
        }
        reader.ReadEndArray();
        return true;
    }

    // One content has one encoding: what no record uses would be a second one.
    private static bool AreAllUsed(ReadOnlySpan<byte> records, int at, int count)
    {
        Span<bool> used = stackalloc bool[byte.MaxValue + 1];
        used.Clear();
        for (; at < records.Length; at += RecordBytes) used[records[at]] = true;
        return !used[..count].Contains(false) && !used[count..].Contains(true);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> RecordAt(int index) => _records.Span.Slice(index * RecordBytes, RecordBytes);
}
