namespace Turnpike.Networks.Wireless;

/// <summary>Kinds of wireless hardware, as owners register them.</summary>
public static class WirelessDevices
{
    /// <summary>Hears sensors, delivers their packets, is paid.</summary>
    public const uint Hotspot = 1;

    /// <summary>Buys packets from hotspots for organisations, and meters what it bought.</summary>
    public const uint Router = 2;
}
