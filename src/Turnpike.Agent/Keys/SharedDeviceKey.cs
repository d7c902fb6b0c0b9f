using Turnpike.Core;
using Turnpike.Evidence;

namespace Turnpike.Agent.Keys;

/// <summary>One key for the leg and the reports, which sign at any time: one after another.</summary>
internal sealed class SharedDeviceKey(IDeviceKey key) : IDeviceKey
{
    private readonly Lock _lock = new();

    public DeviceKey Public => key.Public;

    public void Sign(Bytes32 digest, Span<byte> signature)
    {
        lock (_lock) key.Sign(digest, signature);
    }
}
