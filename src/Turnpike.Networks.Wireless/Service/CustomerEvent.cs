using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>What a customer is told of.</summary>
public enum CustomerEventKind
{
    /// <summary>A device joined.</summary>
    Join = 1,

    /// <summary>A device sent data.</summary>
    Uplink = 2,

    /// <summary>A queued downlink went to a hotspot.</summary>
    DownlinkSent = 3,

    /// <summary>The device acknowledged a confirmed downlink.</summary>
    DownlinkAcknowledged = 4,

    /// <summary>Something about his account: a warning, a suspension, its end.</summary>
    Notice = 5,
}

/// <summary>Something that happened to a customer's device or account. What does not apply is null or empty.</summary>
public sealed record CustomerEvent
{
    /// <summary>The same for every delivery of it, and for the same event found again after a restart: made of device, session and counter.</summary>
    public required string Id { get; init; }

    /// <summary>What.</summary>
    public required CustomerEventKind Kind { get; init; }

    /// <summary>Whose.</summary>
    public required Address Organisation { get; init; }

    /// <summary>Unix milliseconds at the node.</summary>
    public required long At { get; init; }

    /// <summary>The route that it goes by; null for notices, which go by all.</summary>
    public string? Route { get; init; }

    /// <summary>Which device.</summary>
    public Eui64? DevEui { get; init; }

    /// <summary>Its address.</summary>
    public DevAddr? Address { get; init; }

    /// <summary>Frame counter, all 32 bits.</summary>
    public uint? Counter { get; init; }

    /// <summary>Application port.</summary>
    public byte? Port { get; init; }

    /// <summary>Decrypted.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Whether the device asked for an acknowledgement.</summary>
    public bool IsConfirmed { get; init; }

    /// <summary>Hz.</summary>
    public uint? Frequency { get; init; }

    /// <summary>How it was modulated.</summary>
    public DataRate? DataRate { get; init; }

    /// <summary>The copies that were bought, best first.</summary>
    public IReadOnlyList<Reception> Copies { get; init; } = [];

    /// <summary>What it costs: 1 for each started 24 bytes of payload and bought copy.</summary>
    public ulong Credits { get; init; }

    /// <summary>The customer's name for a downlink.</summary>
    public string? Downlink { get; init; }

    /// <summary>For people.</summary>
    public string? Text { get; init; }
}
