using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>
/// Pieces stored of late with their times of receipt, so that an agent whose acknowledgement got lost is answered as the first time. Only what is
/// durable may be remembered: a piece refused by the log must be taken when it comes again. The device belongs to the key, because what is signed does not
/// name the signer: two devices that state the same have one identity, and one of them could else shut out the other. Thread-safe.
/// </summary>
public sealed class RecentPieces(int capacity)
{
    private readonly Generations<(DeviceId Device, Bytes32 Identity), long> _pieces = new(capacity);

    /// <summary>How many it remembers.</summary>
    public int Count => _pieces.Count;

    /// <summary>When a device's piece was received, if it is remembered.</summary>
    public bool TryGet(DeviceId device, Bytes32 identity, out long receivedAt) => _pieces.TryGet((device, identity), out receivedAt);

    /// <summary>Remembers a device's piece; the first time of receipt stands.</summary>
    public void Remember(DeviceId device, Bytes32 identity, long receivedAt) =>
        _pieces.Change((device, identity), receivedAt, static (known, first, now) => (known ? first : now, known));
}
