using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core;
using Turnpike.Networks.Wireless.Evidence;
using Any = Turnpike.Core.Tests.Any;
using Property = Turnpike.Core.Tests.Property;

namespace Turnpike.Networks.Tests.Wireless;

public sealed class UsageBatchTests
{
    private static readonly Gen<UsageRecord> Record =
        from device in Any.Bytes32
        from packet in Any.Bytes32
        from bytes in Gen.Choose(0, 255)
        from organisation in Gen.Choose(1, 5)
        from rate in Gen.Elements("SF7BW125", "SF12BW125", "FSK")
        from rssi in Gen.Choose(short.MinValue, short.MaxValue)
        from snr in Gen.Choose(short.MinValue, short.MaxValue)
        select new UsageRecord(new DeviceId(device), packet, (byte)bytes, Rules.World.Customer(organisation), rate, (short)rssi, (short)snr);

    private static readonly Gen<UsageRecord[]> Records = Gen.Choose(1, 40).SelectMany(count => Record.ArrayOf(count));

    [Fact]
    public void Batch_written_and_read_is_the_same() => Property.Holds(Records, records =>
    {
        Assert.True(UsageBatch.TryDecode(UsageBatch.Encode("EU868", records), out var batch));
        Assert.Equal("EU868", batch.Region);
        Assert.Equal(records, Enumerable.Range(0, batch.Count).Select(i => batch[i]));
        Assert.Equal(records.Select(record => (record.Device, record.PayloadHash, record.Organisation, record.PayloadBytes)),
            Enumerable.Range(0, batch.Count).Select(i => (batch.DeviceAt(i), batch.PayloadHashAt(i), batch.OrganisationOf(i), batch.PayloadBytesOf(i))));
    },
    100);

    /// <summary>One content has one encoding.</summary>
    [Fact]
    public void Body_with_a_byte_changed_cut_or_added_is_refused_or_encodes_to_itself() => Property.Holds(
        from records in Records
        from at in Gen.Choose(0, int.MaxValue)
        from change in Gen.Choose(1, 255)
        select (records, at, change),
        x =>
        {
            var body = UsageBatch.Encode("EU868", x.records);
            var changed = body.ToArray();
            changed[x.at % body.Length] ^= (byte)x.change;
            byte[][] mutants = [changed, body[..(x.at % body.Length)], [.. body, (byte)x.change]];
            foreach (var mutant in mutants)
            {
                if (!UsageBatch.TryDecode(mutant, out var batch)) continue;
                Assert.Equal(mutant, UsageBatch.Encode(batch.Region, Enumerable.Range(0, batch.Count).Select(i => batch[i]).ToList()));
            }
        },
        500);

    [Fact]
    public void Largest_batch_fits_an_envelope()
    {
        var records = Enumerable.Range(0, UsageBatch.MaxRecords).Select(i => Rules.World.Record(i, i, i % 256)).ToList();
        Assert.InRange(UsageBatch.Encode("EU868", records).Length, 1, Turnpike.Evidence.EnvelopeCodec.MaximumBytes - 512);
        Assert.Throws<ArgumentException>(() => UsageBatch.Encode("EU868", [.. records, records[0]]));
    }

    [Fact]
    public void Batch_without_records_or_with_too_many_organisations_or_a_bad_name_cannot_be_written()
    {
        Assert.Throws<ArgumentException>(() => UsageBatch.Encode("EU868", []));
        Assert.Throws<ArgumentException>(() => UsageBatch.Encode("EU 868", [Rules.World.Record(1, 1)]));
        Assert.Throws<ArgumentException>(() => UsageBatch.Encode("EU868", [Rules.World.Record(1, 1) with { DataRate = "" }]));
        Assert.Throws<ArgumentException>(() => UsageBatch.Encode("EU868", Enumerable.Range(0, 257).Select(i => Rules.World.Record(i, i, i)).ToList()));
    }

    [Fact]
    public void Meter_of_a_router_is_the_end_of_its_id_as_an_account_is_of_its_keys_hash()
    {
        var id = DeviceId.Parse("0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        Assert.Equal(Address.Parse("0x0c0d0e0f101112131415161718191a1b1c1d1e1f"), UsageBatch.MeterOf(id));
    }
}
