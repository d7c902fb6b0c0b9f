using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>A customer's sensor, as he registered it: whose it is, where it lives, and its root keys or, for ABP, its session.</summary>
public sealed record EndDevice
{
    /// <summary>Which one.</summary>
    public required Eui64 DevEui { get; init; }

    /// <summary>Whose.</summary>
    public required Address Organisation { get; init; }

    /// <summary>Such as "EU868".</summary>
    public required string Region { get; init; }

    /// <summary>Whether it speaks LoRaWAN 1.1; else 1.0.x.</summary>
    public bool Is11 { get; init; }

    /// <summary>Null for a device activated by personalisation (ABP), which has a session from the beginning.</summary>
    public RootKeys? Root { get; init; }

    /// <summary>Whether the network may set its data rate and power.</summary>
    public bool Adr { get; init; } = true;

    /// <summary>Days between questions for battery and margin; 0 never asks.</summary>
    public int StatusDays { get; init; } = 1;
}

/// <summary>What an over-the-air activation starts from.</summary>
/// <param name="JoinEui">The join server that the device asks for.</param>
/// <param name="AppKey">Root of the application's key; of all keys in 1.0.x.</param>
/// <param name="NwkKey">Root of the network's keys in 1.1; equal to <paramref name="AppKey"/> in 1.0.x.</param>
public sealed record RootKeys(Eui64 JoinEui, AesKey AppKey, AesKey NwkKey);
