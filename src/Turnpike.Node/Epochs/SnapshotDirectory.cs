using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Ledger;

namespace Turnpike.Node.Epochs;

/// <summary>The registry of a ledger state as the evidence layer asks for it. Archive keys sign nothing, so they are not found.</summary>
internal sealed class SnapshotDirectory(LedgerState state) : IDeviceDirectory
{
    public bool TryGet(DeviceId id, out DeviceKey device)
    {
        device = null!;
        if (!state.Devices.TryGetValue(id, out var registered) || registered.KeyType == 0) return false;
        device = ToKey(registered);
        return true;
    }

    public static DeviceKey ToKey(LedgerDevice device) =>
        DeviceKey.Create(
            device.KeyType == 1 ? EnvelopeAlgorithm.Es256 : EnvelopeAlgorithm.Es256K,
            new Bytes32(device.Key.Span[..Bytes32.Length]),
            new Bytes32(device.Key.Span[Bytes32.Length..])) with
        { Status = device.Status == 0 ? DeviceStatus.Active : DeviceStatus.Suspended };
}
