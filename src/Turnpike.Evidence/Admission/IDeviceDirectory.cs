using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>The registry's devices as this process sees them. Implementations are thread-safe and answer from memory.</summary>
public interface IDeviceDirectory
{
    /// <summary>The device's key and status; false when the registry holds no such device.</summary>
    bool TryGet(DeviceId id, out DeviceKey device);
}
