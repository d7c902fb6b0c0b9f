using System.Collections.Concurrent;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>A directory held in memory: filled from registry events, an epoch's snapshot, or by tests. Thread-safe.</summary>
public sealed class DeviceDirectory : IDeviceDirectory
{
    private readonly ConcurrentDictionary<DeviceId, DeviceKey> _devices = new();

    /// <summary>How many devices it holds.</summary>
    public int Count => _devices.Count;

    /// <summary>Adds a device or replaces what was known of it.</summary>
    public void Set(DeviceKey device) => _devices[device.Id] = device;

    /// <inheritdoc/>
    public bool TryGet(DeviceId id, out DeviceKey device) => _devices.TryGetValue(id, out device!);
}
