using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Tests.Wireless.LoRaWan;

public class RegionTests
{
    /// <summary>Semtech AN1200.13's calculator: microseconds and payload symbols.</summary>
    [Theory]
    [InlineData(13, 9, 164_864, 28)]
    [InlineData(13, 12, 1_155_072, 23)]
    [InlineData(52, 12, 2_465_792, 63)]
    [InlineData(52, 7, 102_656, 88)]
    [InlineData(23, 7, 61_696, 48)]
    [InlineData(64, 10, 698_368, 73)]
    public void Airtime_is_the_published_one(int bytes, int spreadingFactor, long microseconds, int symbols)
    {
        Assert.Equal(microseconds, Airtime.Microseconds(DataRate.LoRa(spreadingFactor, 125), bytes));
        Assert.Equal(symbols, Airtime.PayloadSymbols(DataRate.LoRa(spreadingFactor, 125), bytes));
    }

    [Fact]
    public void Fsk_takes_its_bits() => Assert.Equal((11 + 20) * 8 * 20, Airtime.Microseconds(DataRate.Fsk(50_000), 20));

    [Theory]
    [InlineData("EU868", 868_100_000u, 5, 0, 868_100_000u, 5)]
    [InlineData("EU868", 868_100_000u, 5, 2, 868_100_000u, 3)]
    [InlineData("EU868", 867_900_000u, 0, 5, 867_900_000u, 0)]
    [InlineData("US915", 902_300_000u, 0, 0, 923_300_000u, 10)]
    [InlineData("US915", 903_900_000u, 3, 0, 923_300_000u, 13)]
    [InlineData("US915", 904_100_000u, 3, 3, 923_900_000u, 10)]
    [InlineData("US915", 904_600_000u, 4, 0, 923_900_000u, 13)]
    [InlineData("AU915", 915_200_000u, 0, 0, 923_300_000u, 8)]
    [InlineData("AU915", 917_500_000u, 6, 0, 923_900_000u, 13)]
    [InlineData("AS923-1", 923_200_000u, 2, 0, 923_200_000u, 2)]
    [InlineData("AS923-1", 923_200_000u, 2, 7, 923_200_000u, 4)]
    [InlineData("IN865", 865_062_500u, 5, 6, 865_062_500u, 5)]
    public void Rx1_listens_where_the_region_says(string region, uint frequency, byte dataRate, byte offset, uint expectedFrequency, byte expectedDataRate)
    {
        Assert.True(RegionPlans.TryFind(region, out var plan));
        Assert.True(plan.TryRx1(frequency, dataRate, offset, out var rx1, out var rate));
        Assert.Equal(expectedFrequency, rx1);
        Assert.Equal(expectedDataRate, rate);
    }

    [Fact]
    public void Rx1_of_an_unknown_uplink_is_refused()
    {
        Assert.False(RegionPlans.Us915.TryRx1(868_100_000, 0, 0, out _, out _));
        Assert.False(RegionPlans.Us915.TryRx1(902_300_000, 5, 0, out _, out _));
        Assert.False(RegionPlans.Eu868.TryRx1(868_100_000, 0, 6, out _, out _));
    }

    [Fact]
    public void Every_plan_is_whole()
    {
        Assert.Equal(9, RegionPlans.All.Select(plan => plan.Name).Distinct().Count());
        foreach (var plan in RegionPlans.All)
        {
            Assert.Equal(plan.DataRates.Count, plan.MaxPayloads.Count);
            Assert.NotNull(plan.DataRates[plan.Rx2DataRate]);
            for (byte rate = 0; rate < plan.Rx1DataRates.Count; rate++)
                Assert.All(plan.Rx1DataRates[rate], down => Assert.NotNull(plan.DataRates[down]));
            Assert.All(plan.Channels.Concat(plan.AddedChannels), channel => Assert.True(plan.DataRates[channel.MaxDataRate] is not null && channel.Frequency % 100 == 0));
            if (plan.UplinkDwell == 0) continue;
            // What the sizes are for: the longest frame of each data rate, its 13 bytes of header and code included, keeps the dwell time.
            for (byte rate = 0; rate < plan.Rx1DataRates.Count; rate++)
                if (plan.DataRates[rate] is { } modulation && plan.MaxPayloads[rate] > 0) Assert.True(Airtime.Microseconds(modulation, plan.MaxPayloads[rate] + 13) <= plan.UplinkDwell, $"{plan.Name} DR{rate}");
        }
    }

    [Theory]
    [InlineData(868_100_000u, 10)]
    [InlineData(869_525_000u, 100)]
    [InlineData(868_900_000u, 1)]
    [InlineData(915_000_000u, 1000)]
    public void Duty_cycle_follows_the_band(uint frequency, int permille) => Assert.Equal(permille, RegionPlans.Eu868.DutyPermille(frequency));

    [Theory]
    [InlineData(0x00003Cu, 0x78000000u, 0x79FFFFFFu)]
    [InlineData(0x60002Du, 3763994624u, 3764125695u)]
    [InlineData(0xC00053u, 4227943424u, 4227944447u)]
    [InlineData(0x000024u, 0x48000000u, 0x49FFFFFFu)]
    public void Addresses_of_a_network_are_the_published_range(uint netId, uint first, uint last)
    {
        var id = new NetId(netId);
        Assert.Equal(new DevAddr(first), id.First);
        Assert.Equal(new DevAddr(last), id.Last);
        Assert.True(id.Contains(new DevAddr(last)));
        Assert.False(id.Contains(new DevAddr(last + 1)));
    }

    [Theory]
    [InlineData(0u, 0, 0u)]
    [InlineData(0u, 65_535, 65_535u)]
    [InlineData(10u, 9, 9u)]
    [InlineData(10u, 10, 10u)]
    [InlineData(10u, 8, 65_544u)]
    [InlineData(65_536u, 65_535, 65_535u)]
    [InlineData(65_536u, 0, 65_536u)]
    [InlineData(70_000u, 5_000, 70_536u)]
    public void Counter_is_extended_forwards_or_repeats_the_last(uint next, int received, uint expected)
    {
        Assert.True(FrameCounters.TryExtend(next, (ushort)received, out var counter));
        Assert.Equal(expected, counter);
    }

    [Fact]
    public void Counter_at_its_end_is_refused() => Assert.False(FrameCounters.TryExtend(uint.MaxValue, 5, out _));
}
