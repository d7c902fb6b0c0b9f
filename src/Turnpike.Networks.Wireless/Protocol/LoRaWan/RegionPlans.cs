namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>The regions' tables (LoRaWAN Regional Parameters RP002-1.0.4; duty cycles of EU868 by ETSI EN 300 220-2, annex B).</summary>
public static class RegionPlans
{
    // SF12 to SF7 at 125 kHz: data rates 0 to 5 of most regions.
    private static readonly DataRate?[] SixRates = [.. Enumerable.Range(0, 6).Select(i => (DataRate?)DataRate.LoRa(12 - i, 125))];

    /// <summary>Europe.</summary>
    public static RegionPlan Eu868 { get; } = new()
    {
        Name = "EU868",
        DataRates = [.. SixRates, DataRate.LoRa(7, 250), DataRate.Fsk(50_000)],
        MaxPayloads = [51, 51, 51, 115, 242, 242, 242, 242],
        Channels = [new(868_100_000, 0, 5), new(868_300_000, 0, 5), new(868_500_000, 0, 5)],
        AddedChannels = [new(867_100_000, 0, 5), new(867_300_000, 0, 5), new(867_500_000, 0, 5), new(867_700_000, 0, 5), new(867_900_000, 0, 5)],
        Rx2Frequency = 869_525_000,
        Rx2DataRate = 0,
        Rx1DataRates = Lowered(8, 6),
        MaxEirp = 16,
        DownlinkPower = 14,
        StrongBand = (869_400_000, 869_650_000, 27),
        MaxPowerIndex = 7,
        AdrRange = (0, 5),
        DutyBands =
        [
            new(863_000_000, 865_000_000, 1), new(865_000_000, 868_000_000, 10), new(868_000_000, 868_600_000, 10),
            new(868_700_000, 869_200_000, 1), new(869_400_000, 869_650_000, 100), new(869_700_000, 870_000_000, 10),
        ],
    };

    /// <summary>North America: 64 channels of 125 kHz and 8 of 500 kHz up, 8 of 500 kHz down. 400 ms of dwell are kept by the payload sizes.</summary>
    public static RegionPlan Us915 { get; } = new()
    {
        Name = "US915",
        DataRates =
        [
            DataRate.LoRa(10, 125), DataRate.LoRa(9, 125), DataRate.LoRa(8, 125), DataRate.LoRa(7, 125), DataRate.LoRa(8, 500), null, null, null,
            DataRate.LoRa(12, 500), DataRate.LoRa(11, 500), DataRate.LoRa(10, 500), DataRate.LoRa(9, 500), DataRate.LoRa(8, 500), DataRate.LoRa(7, 500),
        ],
        MaxPayloads = [11, 53, 125, 242, 242, 0, 0, 0, 53, 129, 242, 242, 242, 242],
        Channels = [.. Grid(64, 902_300_000, 200_000, 0, 3), .. Grid(8, 903_000_000, 1_600_000, 4, 4)],
        HasFixedChannels = true,
        Rx2Frequency = 923_300_000,
        Rx2DataRate = 8,
        Rx1DataRates = [[10, 9, 8, 8], [11, 10, 9, 8], [12, 11, 10, 9], [13, 12, 11, 10], [13, 13, 12, 11]],
        DownGrid = (923_300_000, 600_000),
        MaxEirp = 30,
        DownlinkPower = 27,
        MaxPowerIndex = 14,
        AdrRange = (0, 3),
        UplinkDwell = 400_000,
    };

    /// <summary>Australia and South America.</summary>
    public static RegionPlan Au915 { get; } = new()
    {
        Name = "AU915",
        DataRates =
        [
            .. SixRates, DataRate.LoRa(8, 500), null,
            DataRate.LoRa(12, 500), DataRate.LoRa(11, 500), DataRate.LoRa(10, 500), DataRate.LoRa(9, 500), DataRate.LoRa(8, 500), DataRate.LoRa(7, 500),
        ],
        // With the dwell time of 400 ms that the region starts with: none at SF12 and SF11.
        MaxPayloads = [0, 0, 11, 53, 125, 242, 242, 0, 53, 129, 242, 242, 242, 242],
        Channels = [.. Grid(64, 915_200_000, 200_000, 0, 5), .. Grid(8, 915_900_000, 1_600_000, 6, 6)],
        HasFixedChannels = true,
        Rx2Frequency = 923_300_000,
        Rx2DataRate = 8,
        Rx1DataRates = [[8, 8, 8, 8, 8, 8], [9, 8, 8, 8, 8, 8], [10, 9, 8, 8, 8, 8], [11, 10, 9, 8, 8, 8], [12, 11, 10, 9, 8, 8], [13, 12, 11, 10, 9, 8], [13, 13, 12, 11, 10, 9]],
        DownGrid = (923_300_000, 600_000),
        MaxEirp = 30,
        DownlinkPower = 27,
        MaxPowerIndex = 14,
        AdrRange = (2, 5),
        UplinkDwell = 400_000,
    };

    /// <summary>Japan, Malaysia, Singapore.</summary>
    public static RegionPlan As923_1 { get; } = As923("AS923-1", 0);

    /// <summary>Indonesia, Vietnam.</summary>
    public static RegionPlan As923_2 { get; } = As923("AS923-2", 1_800_000);

    /// <summary>Greece, Cuba, Philippines.</summary>
    public static RegionPlan As923_3 { get; } = As923("AS923-3", 6_600_000);

    /// <summary>Israel.</summary>
    public static RegionPlan As923_4 { get; } = As923("AS923-4", 5_900_000);

    /// <summary>India.</summary>
    public static RegionPlan In865 { get; } = new()
    {
        Name = "IN865",
        DataRates = [.. SixRates, null, DataRate.Fsk(50_000)],
        MaxPayloads = [51, 51, 51, 115, 242, 242, 0, 242],
        Channels = [new(865_062_500, 0, 5), new(865_402_500, 0, 5), new(865_985_000, 0, 5)],
        Rx2Frequency = 866_550_000,
        Rx2DataRate = 2,
        Rx1DataRates = LoweredOrRaised(6, lowest: 0),
        MaxEirp = 30,
        DownlinkPower = 27,
        MaxPowerIndex = 10,
        AdrRange = (0, 5),
    };

    /// <summary>Korea.</summary>
    public static RegionPlan Kr920 { get; } = new()
    {
        Name = "KR920",
        DataRates = SixRates,
        MaxPayloads = [51, 51, 51, 115, 242, 242],
        Channels = [new(922_100_000, 0, 5), new(922_300_000, 0, 5), new(922_500_000, 0, 5)],
        AddedChannels = [new(922_700_000, 0, 5), new(922_900_000, 0, 5), new(923_100_000, 0, 5), new(923_300_000, 0, 5)],
        Rx2Frequency = 921_900_000,
        Rx2DataRate = 0,
        Rx1DataRates = Lowered(6, 6),
        MaxEirp = 14,
        DownlinkPower = 14,
        MaxPowerIndex = 7,
        AdrRange = (0, 5),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RegionPlan> All { get; } = [Eu868, Us915, Au915, As923_1, As923_2, As923_3, As923_4, In865, Kr920];

    /// <summary>A region by its name.</summary>
    public static bool TryFind(string name, out RegionPlan plan)
    {
        plan = All.FirstOrDefault(candidate => candidate.Name == name)!;
        return plan is not null;
    }

    private static RegionPlan As923(string name, uint offset) => new()
    {
        Name = name,
        DataRates = [.. SixRates, DataRate.LoRa(7, 250), DataRate.Fsk(50_000)],
        // With the dwell time of 400 ms that devices start with.
        MaxPayloads = [0, 0, 11, 53, 125, 242, 242, 242],
        Channels = [new(923_200_000 - offset, 0, 5), new(923_400_000 - offset, 0, 5)],
        Rx2Frequency = 923_200_000 - offset,
        Rx2DataRate = 2,
        Rx1DataRates = LoweredOrRaised(6, lowest: 2),
        MaxEirp = 16,
        DownlinkPower = 16,
        MaxPowerIndex = 7,
        AdrRange = (2, 5),
        UplinkDwell = 400_000,
    };

    private static IEnumerable<Channel> Grid(int count, uint first, uint step, byte min, byte max) => Enumerable.Range(0, count).Select(i => new Channel(first + (uint)i * step, min, max));

    // max(0, uplink - offset).
    private static List<IReadOnlyList<byte>> Lowered(int rates, int offsets) =>
        [.. Enumerable.Range(0, rates).Select(rate => (IReadOnlyList<byte>)[.. Enumerable.Range(0, offsets).Select(offset => (byte)Math.Max(0, rate - offset))])];

    // Offsets 6 and 7 mean one and two above; at least the lowest, at most the highest rate.
    private static List<IReadOnlyList<byte>> LoweredOrRaised(int rates, int lowest) =>
        [.. Enumerable.Range(0, rates).Select(rate => (IReadOnlyList<byte>)[.. Enumerable.Range(0, 8).Select(offset => (byte)Math.Min(rates - 1, Math.Max(lowest, rate - (offset < 6 ? offset : 5 - offset))))])];
}
