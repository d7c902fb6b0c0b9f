using System.Formats.Cbor;
using FsCheck;
using FsCheck.Fluent;
using Turnpike.Networks.Tests.Rules;
using Turnpike.Networks.Wireless.Evidence;
using Any = Turnpike.Core.Tests.Any;
using Property = Turnpike.Core.Tests.Property;

namespace Turnpike.Networks.Tests.Wireless;

public sealed class PacketReportTests
{
    private static readonly Gen<PacketReport> Reports =
        from hash in Any.Bytes32
        from organisation in Any.Address
        from bytes in Any.Byte
        from rate in Gen.Elements("SF12BW125", "SF7BW250", "FSK", "a/b_c-d", "1234567890123456")
        from levels in Gen.Choose(short.MinValue, short.MaxValue).Two()
        from region in Gen.Elements("EU868", "US915", "x")
        select new PacketReport(hash, bytes, organisation, rate, (short)levels.Item1, (short)levels.Item2, region);

    [Fact]
    public void Batch_written_and_read_is_the_same() => Property.Holds(Reports.NonEmptyListOf(), reports =>
    {
        Assert.True(PacketReport.TryDecode(PacketReport.Encode(reports.ToList()), out var read));
        Assert.Equal(reports, read);
    });

    [Fact]
    public void Batch_of_the_largest_size_fits_and_one_more_or_none_is_refused()
    {
        var most = Enumerable.Repeat(World.Report(), PacketReport.MaxBatch).ToList();
        Assert.True(PacketReport.TryDecode(PacketReport.Encode(most), out var read));
        Assert.Equal(most.Count, read.Count);
        Assert.Throws<ArgumentException>(() => PacketReport.Encode([.. most, World.Report()]));
        Assert.Throws<ArgumentException>(() => PacketReport.Encode([]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345678901234567")]
    [InlineData("SF 12")]
    [InlineData("SF12\n")]
    [InlineData("gr\u00fcn")]
    public void Name_that_would_not_be_read_is_not_written(string name)
    {
        Assert.Throws<ArgumentException>(() => PacketReport.Encode([World.Report() with { DataRate = name }]));
        Assert.Throws<ArgumentException>(() => PacketReport.Encode([World.Report() with { Region = name }]));
        Assert.False(PacketReport.TryDecode(Write(field4: writer => writer.WriteTextString(name)), out _));
    }

    public static TheoryData<string, byte[]> Refused()
    {
        var good = Write();
        Assert.True(PacketReport.TryDecode(good, out _));
        return new TheoryData<string, byte[]>
        {
            { "nothing", [] },
            { "no report", [0x80] },
            { "a map, no array", good[1..] },
            { "cut short", good[..^1] },
            { "something follows", [.. good, 0x00] },
            { "indefinite array", [0x9f, .. good[1..], 0xff] },
            { "longer head than needed", [0x98, 0x01, .. good[1..]] },
            { "257 reports", [0x99, 0x01, 0x01, .. Enumerable.Repeat(good[1..], 257).SelectMany(report => report)] },
            { "count without content", [0x9a, 0xff, 0xff, 0xff, 0xff] },
            { "tagged", [0xc1, .. good] },
            { "hash of 31 bytes", Write(field1: writer => writer.WriteByteString(new byte[31])) },
            { "hash as text", Write(field1: writer => writer.WriteTextString("0123456789abcdef0123456789abcdef")) },
            { "hash null", Write(field1: writer => writer.WriteNull()) },
            { "256 bytes", Write(field2: writer => writer.WriteUInt32(256)) },
            { "-1 bytes", Write(field2: writer => writer.WriteInt32(-1)) },
            { "2^64 - 1 bytes", Write(field2: writer => writer.WriteUInt64(ulong.MaxValue)) },
            { "bytes as a float", Write(field2: writer => writer.WriteDouble(24)) },
            { "organisation of 21 bytes", Write(field3: writer => writer.WriteByteString(new byte[21])) },
            { "data rate as bytes", Write(field4: writer => writer.WriteByteString(new byte[4])) },
            { "rssi of 32768", Write(field5: writer => writer.WriteInt32(32_768)) },
            { "rssi of -32769", Write(field5: writer => writer.WriteInt32(-32_769)) },
            { "rssi of -2^64", Write(field5: writer => writer.WriteCborNegativeIntegerRepresentation(ulong.MaxValue)) },
            { "snr as a float", Write(field6: writer => writer.WriteHalf((Half)(-4.5))) },
            { "region of 17", Write(field7: writer => writer.WriteTextString("12345678901234567")) },
            { "region in broken UTF-8", Broken(good) },
            { "an eighth field", Write(writer => writer.WriteInt32(1), fields: 8) },
            { "six fields", Write(fields: 6) },
            { "fields out of order", Swapped() },
        };
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Body_of_another_form_is_refused(string why, byte[] body) => Assert.False(PacketReport.TryDecode(body, out _), why);

    /// <summary>Never throws, and takes nothing that it would write otherwise: what is signed has one meaning.</summary>
    [Fact]
    public void Random_bytes_are_refused_or_canonical() => Property.Holds(Any.Byte.ArrayOf(), RefusedOrCanonical, 5_000);

    [Fact]
    public void Mutated_bodies_are_refused_or_canonical() => Property.Holds(
        from reports in Reports.NonEmptyListOf()
        from changes in Gen.Choose(0, int.MaxValue).Zip(Any.Byte).NonEmptyListOf()
        from cut in Gen.Choose(0, 3)
        select (reports, changes, cut),
        x =>
        {
            var body = PacketReport.Encode(x.reports.Take(4).ToList());
            foreach (var (at, value) in x.changes.Take(3)) body[at % Math.Min(body.Length, 90)] = value;
            RefusedOrCanonical(body[..^x.cut]);
        },
        5_000);

    private static void RefusedOrCanonical(byte[] body)
    {
        if (PacketReport.TryDecode(body, out var reports)) Assert.Equal(body, PacketReport.Encode(reports));
        else Assert.Empty(reports);
    }

    private static byte[] Write(
        Action<CborWriter>? field8 = null, Action<CborWriter>? field1 = null, Action<CborWriter>? field2 = null, Action<CborWriter>? field3 = null, Action<CborWriter>? field4 = null,
        Action<CborWriter>? field5 = null, Action<CborWriter>? field6 = null, Action<CborWriter>? field7 = null, int fields = 7)
    {
        Action<CborWriter>[] values =
        [
            field1 ?? (writer => writer.WriteByteString(new byte[32])),
            field2 ?? (writer => writer.WriteUInt32(24)),
            field3 ?? (writer => writer.WriteByteString(new byte[20])),
            field4 ?? (writer => writer.WriteTextString("SF12BW125")),
            field5 ?? (writer => writer.WriteInt32(-1050)),
            field6 ?? (writer => writer.WriteInt32(-42)),
            field7 ?? (writer => writer.WriteTextString("EU868")),
            field8 ?? (writer => writer.WriteInt32(0)),
        ];
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(1);
        writer.WriteStartMap(fields);
        for (var i = 0; i < fields; i++)
        {
            writer.WriteInt32(i + 1);
            values[i](writer);
        }
        writer.WriteEndMap();
        writer.WriteEndArray();
        return writer.Encode();
    }

    private static byte[] Broken(byte[] good)
    {
        var broken = good.ToArray();
        broken[^1] = 0xff;
        return broken;
    }

    // Fields 5 and 6 (key, head and two bytes; key, head and one byte) in each other's place.
    private static byte[] Swapped()
    {
        var good = Write();
        var at = good.Length - "EU868".Length - 2 - 4 - 3;
        return [.. good[..at], .. good[(at + 4)..(at + 7)], .. good[at..(at + 4)], .. good[(at + 7)..]];
    }
}
