using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>
/// Where the network server keeps devices, sessions and queued downlinks. What a save returns for is durable: a frame leaves only afterwards. One device is never saved by two callers at once.
/// </summary>
public interface IEndDeviceStore
{
    /// <summary>Every session with an address; several devices may share one.</summary>
    ValueTask<IReadOnlyList<(EndDevice Device, EndDeviceSession Session)>> FindAsync(DevAddr address, CancellationToken cancellation);

    /// <summary>A device and its joins; null when nobody registered it.</summary>
    ValueTask<(EndDevice Device, JoinHistory Joins)?> FindAsync(Eui64 devEui, CancellationToken cancellation);

    /// <summary>An address of the network for a device that joins.</summary>
    ValueTask<DevAddr> AddressForAsync(Eui64 devEui, CancellationToken cancellation);

    /// <summary>Keeps a join: the session replaces the device's earlier one.</summary>
    ValueTask SaveAsync(GrantedJoin join, CancellationToken cancellation);

    /// <summary>Keeps a session, and forgets the queued downlink that a frame now carries.</summary>
    ValueTask SaveAsync(EndDeviceSession session, string? sentDownlink, CancellationToken cancellation);

    /// <summary>The oldest downlink queued for a device, and whether more wait.</summary>
    ValueTask<(QueuedDownlink? Next, bool More)> QueuedAsync(Eui64 devEui, CancellationToken cancellation);
}
