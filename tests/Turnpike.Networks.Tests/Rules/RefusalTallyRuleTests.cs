using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Networks.Wireless;
using Turnpike.Networks.Wireless.Evidence;

namespace Turnpike.Networks.Tests.Rules;

/// <summary>What routers did not buy, as the outcome shows it.</summary>
public sealed class RefusalTallyRuleTests
{
    [Fact]
    public void Tally_becomes_counts_of_the_hotspots_it_names_and_pays_nothing()
    {
        var epoch = new Chain(World.Parameters());
        var settled = epoch.Settle(World.Batch(epoch.StartsAt, sequence: 1, records: [(1, 1, 1)]), World.Tally(epoch.StartsAt, sequence: 2, records: [(1, 309, 7), (1, 311, 2), (2, 305, 40_000)]));
        Assert.Equal([new VerdictCount(VerdictCode.Accepted, 1), new VerdictCount(WirelessVerdicts.Late, 7), new VerdictCount(WirelessVerdicts.BadMic, 2)], settled.Line(1).Verdicts);
        Assert.Equal([new VerdictCount(WirelessVerdicts.UnknownSensor, 40_000)], settled.Line(2).Verdicts);
        Assert.Equal((1UL, 0UL), ((ulong)settled.Line(1).Units, (ulong)settled.Line(2).Units));
        Assert.True(settled.Line(2).Amount.IsZero);
        Assert.Equal(1UL, (ulong)settled.Charged());
    }

    [Fact]
    public void Tallies_of_two_routers_add()
    {
        var epoch = new Chain(World.Parameters());
        var settled = epoch.Settle(World.Tally(epoch.StartsAt, 5, records: [(1, 306, 3)]), World.Tally(epoch.StartsAt, 6, records: [(1, 306, 4), (1, 307, 1)]));
        Assert.Equal([new VerdictCount(WirelessVerdicts.NoRoute, 7), new VerdictCount(WirelessVerdicts.CopyLimit, 1)], settled.Line(1).Verdicts);
    }

    [Fact]
    public void Tally_handed_in_through_two_gateways_counts_once()
    {
        var epoch = new Chain(World.Parameters());
        var settled = epoch.Settle(World.Tally(epoch.StartsAt, records: [(1, 306, 3)]), World.Tally(epoch.StartsAt, gateway: 2, records: [(1, 306, 3)]));
        Assert.Equal([new VerdictCount(VerdictCode.Duplicate, 1), new VerdictCount(WirelessVerdicts.NoRoute, 3)], settled.Line(1).Verdicts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(99)]
    public void Tally_that_no_router_signed_says_nothing(int signer)
    {
        var epoch = new Chain(World.Parameters());
        var settled = epoch.Settle(World.Tally(epoch.StartsAt, signer, records: [(2, 306, 3), (3, 306, 3)]));
        Assert.Equal((World.Device(signer), WirelessVerdicts.NotARouter), (Assert.Single(settled.Outcome.Devices).Device, settled.Only));
    }

    [Fact]
    public void Record_of_a_stranger_counts_with_the_router()
    {
        var epoch = new Chain(World.Parameters());
        var settled = epoch.Settle(World.Tally(epoch.StartsAt, records: [(99, 306, 3)]));
        Assert.Equal([new VerdictCount(VerdictCode.UnknownDevice, 3)], settled.Line(5).Verdicts);
    }

    [Fact]
    public void Most_that_can_be_counted_is_summed_without_loss()
    {
        var epoch = new Chain(World.Parameters());
        var settled = epoch.Settle([.. Enumerable.Range(1, 3).Select(i => World.Tally(epoch.StartsAt, sequence: (ulong)i, records: [(1, 315, uint.MaxValue)]))]);
        Assert.Equal(3UL * uint.MaxValue, Assert.Single(settled.Line(1).Verdicts).Reports);
    }

    [Fact]
    public void Every_code_a_router_may_give_is_declared_and_no_other_is_read()
    {
        for (ushort code = 300; code < 330; code++)
        {
            var isDeclared = WirelessVerdicts.Module.Codes.Any(declared => declared.Number == code);
            RefusedPackets[] records = [new(World.Device(1), code, 1)];
            if (code < 305 || !isDeclared) Assert.Throws<ArgumentException>(() => RefusalTally.Encode(1, 2, records));
            else Assert.Equal(code, Read(RefusalTally.Encode(1, 2, records))[0].Code);
        }
    }

    [Fact]
    public void Body_that_is_not_as_it_is_written_is_refused()
    {
        var good = RefusalTally.Encode(5, 9, [new(World.Device(2), 306, 1), new(World.Device(1), 307, 1_000), new(World.Device(1), 305, 2)]);
        Assert.Equal((5L, 9L, 3), (Read(good).From, Read(good).Until, Read(good).Count));
        for (var i = 0; i < good.Length; i++)
        {
            Assert.False(RefusalTally.TryDecode(good.AsMemory(0, i), out _));
            var changed = good.ToArray();
            changed[i] ^= 0x41;
            if (RefusalTally.TryDecode(changed, out var tally)) Assert.Equal(changed, RefusalTally.Encode(tally.From, tally.Until, Enumerable.Range(0, tally.Count).Select(at => tally[at]).ToList()));
        }
        Assert.False(RefusalTally.TryDecode((byte[])[.. good, 0], out _));
    }

    [Fact]
    public void Tally_without_records_with_a_pair_twice_or_of_no_period_cannot_be_written_and_the_largest_fits_an_envelope()
    {
        RefusedPackets one = new(World.Device(1), 305, 1);
        Assert.Throws<ArgumentException>(() => RefusalTally.Encode(1, 2, []));
        Assert.Throws<ArgumentException>(() => RefusalTally.Encode(1, 2, [one, one with { Packets = 2 }]));
        Assert.Throws<ArgumentException>(() => RefusalTally.Encode(1, 2, [one with { Packets = 0 }]));
        Assert.Throws<ArgumentException>(() => RefusalTally.Encode(2, 2, [one]));
        var most = Enumerable.Range(0, RefusalTally.MaxRecords).Select(i => new RefusedPackets(World.Device(i), 305, uint.MaxValue)).ToList();
        Assert.InRange(RefusalTally.Encode(1, 2, most).Length, 1, Turnpike.Evidence.EnvelopeCodec.MaximumBytes - 512);
        Assert.Throws<ArgumentException>(() => RefusalTally.Encode(1, 2, [.. most, one]));
    }

    private static RefusalTally Read(byte[] body)
    {
        Assert.True(RefusalTally.TryDecode(body, out var tally));
        return tally;
    }
}
