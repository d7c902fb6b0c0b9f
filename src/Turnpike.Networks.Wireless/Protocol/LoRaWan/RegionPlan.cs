namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>A channel: its frequency and the data rates that may be used on it.</summary>
public readonly record struct Channel(uint Frequency, byte MinDataRate, byte MaxDataRate);

/// <summary>A range of frequencies in which a transmitter may be on the air for a part of the time only.</summary>
/// <param name="From">Hz.</param>
/// <param name="To">Hz, exclusive.</param>
/// <param name="Permille">Thousandths of the time.</param>
public readonly record struct DutyBand(uint From, uint To, int Permille);

/// <summary>
/// A region's parameters (RP002-1.0.4): channels, data rates, receive windows, payload sizes, power. Tables are in <see cref="RegionPlans"/>; what differs in kind is a
/// function here: where RX1 listens.
/// </summary>
public sealed record RegionPlan
{
    /// <summary>Such as "EU868".</summary>
    public required string Name { get; init; }

    /// <summary>By index, up and down; null where the region has none.</summary>
    public required IReadOnlyList<DataRate?> DataRates { get; init; }

    /// <summary>Most bytes of FRMPayload by data rate, without options and repeaters; 0 where dwell time leaves none.</summary>
    public required IReadOnlyList<byte> MaxPayloads { get; init; }

    /// <summary>Channels that every device knows.</summary>
    public required IReadOnlyList<Channel> Channels { get; init; }

    /// <summary>Channels that the network adds at a join; empty for plans that choose by mask.</summary>
    public IReadOnlyList<Channel> AddedChannels { get; init; } = [];

    /// <summary>Plans of 72 channels (US915, AU915): channels are chosen by mask, in eight sub-bands.</summary>
    public bool HasFixedChannels { get; init; }

    /// <summary>Hz of RX2.</summary>
    public required uint Rx2Frequency { get; init; }

    /// <summary>Data rate of RX2.</summary>
    public required byte Rx2DataRate { get; init; }

    /// <summary>RX1's data rate: row = the uplink's data rate, column = offset.</summary>
    public required IReadOnlyList<IReadOnlyList<byte>> Rx1DataRates { get; init; }

    /// <summary>First downlink channel and step where RX1 is not on the uplink's frequency; eight of them.</summary>
    public (uint First, uint Step)? DownGrid { get; init; }

    /// <summary>Greatest EIRP in dBm: power index 0.</summary>
    public required int MaxEirp { get; init; }

    /// <summary>dBm of a downlink, except in the strong band.</summary>
    public required int DownlinkPower { get; init; }

    /// <summary>Where downlinks may be stronger; in Europe RX2's band.</summary>
    public (uint From, uint To, int Power)? StrongBand { get; init; }

    /// <summary>Highest power index, each 2 dB less than the one before.</summary>
    public required byte MaxPowerIndex { get; init; }

    /// <summary>Data rates among which adaptive data rate chooses.</summary>
    public required (byte Min, byte Max) AdrRange { get; init; }

    /// <summary>Duty cycle limits; empty where the region has none.</summary>
    public IReadOnlyList<DutyBand> DutyBands { get; init; } = [];

    /// <summary>Longest uplink in microseconds; 0 where the region has no limit.</summary>
    public long UplinkDwell { get; init; }

    /// <summary>The index of a data rate heard on an uplink; false when no device of the region uses it there.</summary>
    public bool TryFindDataRate(DataRate rate, out byte index)
    {
        // Plans of 72 channels have two indices for SF8BW500, one up and one down: the first is the uplink's.
        for (index = 0; index < DataRates.Count; index++)
            if (DataRates[index] == rate) return true;
        return false;
    }

    /// <summary>The index of an uplink channel; false when the region has none at that frequency.</summary>
    public bool TryFindChannel(uint frequency, out int index)
    {
        var all = Channels.Concat(AddedChannels);
        index = 0;
        foreach (var channel in all)
        {
            if (channel.Frequency == frequency) return true;
            index++;
        }
        return false;
    }

    /// <summary>Where and how RX1 listens after an uplink; false for an uplink that the region does not know.</summary>
    public bool TryRx1(uint uplinkFrequency, byte uplinkDataRate, byte offset, out uint frequency, out byte dataRate)
    {
        (frequency, dataRate) = (uplinkFrequency, 0);
        if (uplinkDataRate >= Rx1DataRates.Count || offset >= Rx1DataRates[uplinkDataRate].Count) return false;
        dataRate = Rx1DataRates[uplinkDataRate][offset];
        if (DownGrid is not { } grid) return true;
        if (!TryFindChannel(uplinkFrequency, out var channel)) return false;
        frequency = grid.First + (uint)(channel % 8) * grid.Step;
        return true;
    }

    /// <summary>dBm of a downlink at a frequency.</summary>
    public int PowerAt(uint frequency) => StrongBand is { } band && frequency >= band.From && frequency < band.To ? band.Power : DownlinkPower;

    /// <summary>Thousandths of the time that a transmitter may be on the air at a frequency; 1000 without a limit.</summary>
    public int DutyPermille(uint frequency)
    {
        foreach (var band in DutyBands)
            if (frequency >= band.From && frequency < band.To) return band.Permille;
        return 1000;
    }
}
