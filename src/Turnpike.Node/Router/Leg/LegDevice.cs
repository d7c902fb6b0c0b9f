using Turnpike.Evidence;

namespace Turnpike.Node.Router.Leg;

/// <summary>A device as the registry has it now.</summary>
/// <param name="Key">Its key and status.</param>
/// <param name="Kind">Kind of hardware.</param>
public sealed record LegDevice(DeviceKey Key, uint Kind);
