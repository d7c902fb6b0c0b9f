using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>What was measured of one uplink, for adaptive data rate.</summary>
/// <param name="Counter">The uplink's counter: gaps are losses.</param>
/// <param name="Snr">The best copy's, tenths of a dB.</param>
public readonly record struct LinkSample(uint Counter, short Snr);

/// <summary>
/// All that the network remembers of a device between two frames. A value: each frame makes a new one, which is stored before anything that follows from it leaves the node,
/// so a counter is never used twice.
/// </summary>
public sealed record EndDeviceSession
{
    /// <summary>Samples that adaptive data rate looks at.</summary>
    public const int MaxSamples = 20;

    /// <summary>Which device.</summary>
    public required Eui64 DevEui { get; init; }

    /// <summary>Its address.</summary>
    public required DevAddr Address { get; init; }

    /// <summary>Its keys.</summary>
    public required SessionKeys Keys { get; init; }

    /// <summary>The uplink counter expected next.</summary>
    public uint NextUp { get; init; }

    /// <summary>The next downlink's counter; in 1.1 of port 0 and of frames without port.</summary>
    public uint NextDown { get; init; }

    /// <summary>1.1: the next downlink's counter for ports above 0.</summary>
    public uint NextApplicationDown { get; init; }

    /// <summary>The lower 16 bits of the confirmed downlink that waits for its acknowledgement; null for none.</summary>
    public ushort? Unacknowledged { get; init; }

    /// <summary>Seconds from uplink to RX1.</summary>
    public byte RxDelay { get; init; } = 1;

    /// <summary>How far RX1's data rate lies below the uplink's.</summary>
    public byte Rx1Offset { get; init; }

    /// <summary>RX2's data rate.</summary>
    public required byte Rx2DataRate { get; init; }

    /// <summary>RX2's frequency in Hz.</summary>
    public required uint Rx2Frequency { get; init; }

    /// <summary>Data rate of the last uplink.</summary>
    public byte DataRate { get; init; }

    /// <summary>Power index: each step is 2 dB less.</summary>
    public byte Power { get; init; }

    /// <summary>How often the device sends each frame.</summary>
    public byte Repetitions { get; init; } = 1;

    /// <summary>Channels of the plan that the device has beyond the region's default ones: the first so many of <see cref="RegionPlan.AddedChannels"/>.</summary>
    public byte AddedChannels { get; init; }

    /// <summary>Plans of 72 channels: which sub-band of eight the device uses, from 0; null for all.</summary>
    public byte? SubBand { get; init; }

    /// <summary>Recent uplinks, old to new, since data rate or power last changed.</summary>
    public IReadOnlyList<LinkSample> Samples { get; init; } = [];

    /// <summary>What the network asked by LinkADRReq and has no answer to yet: data rate, power, repetitions.</summary>
    public (byte DataRate, byte Power, byte Repetitions)? AskedAdr { get; init; }

    /// <summary>The index of the added channel that NewChannelReq asked for and that has no answer yet.</summary>
    public byte? AskedChannel { get; init; }

    /// <summary>What RXParamSetupReq asked and has no answer yet: offset, RX2's data rate, RX2's frequency.</summary>
    public (byte Rx1Offset, byte Rx2DataRate, uint Rx2Frequency)? AskedRx { get; init; }

    /// <summary>Unix milliseconds of the last DevStatusReq; 0 for never.</summary>
    public long StatusAskedAt { get; init; }

    /// <summary>Battery by the last DevStatusAns: 0 external, 1 to 254 level, 255 unknown; null before the first.</summary>
    public byte? Battery { get; init; }

    /// <summary>The device's margin by the last DevStatusAns, dB, -32 to 31.</summary>
    public sbyte? Margin { get; init; }

    /// <summary>Unix milliseconds of the last accepted uplink.</summary>
    public long LastHeardAt { get; init; }

    /// <summary>A fresh session.</summary>
    public static EndDeviceSession Start(Eui64 devEui, DevAddr address, SessionKeys keys, RegionPlan plan) =>
        new() { DevEui = devEui, Address = address, Keys = keys, Rx2DataRate = plan.Rx2DataRate, Rx2Frequency = plan.Rx2Frequency };
}
