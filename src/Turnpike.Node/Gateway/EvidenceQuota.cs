using System.Collections.Concurrent;
using Turnpike.Core;

namespace Turnpike.Node.Gateway;

/// <summary>
/// The bytes of evidence that wait for a certificate. Oracles certify at most the quota for one gateway and epoch, so a gateway takes in no more than it can have certified: a door that took more would
/// promise what nobody keeps. What waits is what the next manifest lists; a certificate makes room. The first half is anybody's; of the second each device takes a share only, so that one device which
/// sends all it can leaves room for the others. Thread-safe.
/// </summary>
public sealed class EvidenceQuota
{
    // Segments have headers, and refusal counts go into the log without passing the door.
    private const ulong HeadroomDivisor = 64;

    // Of the second half, for one device: a hundred of them, registered for money, are needed to fill it.
    private const ulong ShareDivisor = 200;

    private readonly ulong _limit;
    private readonly long _share;
    private readonly ConcurrentDictionary<DeviceId, long> _shares = new();
    private long _waiting;

    /// <summary>A quota of so many bytes of manifest.</summary>
    public EvidenceQuota(ulong manifestBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(manifestBytes, (ulong)long.MaxValue);
        (ManifestBytes, _limit) = (manifestBytes, manifestBytes - manifestBytes / HeadroomDivisor);
        _share = (long)(_limit / ShareDivisor);
    }

    /// <summary>Most bytes that one manifest may list.</summary>
    public ulong ManifestBytes { get; }

    /// <summary>Bytes that wait now.</summary>
    public ulong Waiting => (ulong)Math.Max(Interlocked.Read(ref _waiting), 0);

    /// <summary>Takes room for a record; false when there is none, or none for this device.</summary>
    /// <param name="device">Who signed it; null for an order, whose number is bounded by customers' deposits.</param>
    /// <param name="bytes">Its size in the log.</param>
    public bool TryTake(DeviceId? device, int bytes)
    {
        var waiting = Interlocked.Add(ref _waiting, bytes);
        if (waiting <= (long)_limit && (waiting <= (long)_limit / 2 || HasShare(device, bytes))) return true;
        Interlocked.Add(ref _waiting, -bytes);
        return false;
    }

    /// <summary>Counts what is there without asking for room: what waited when the node started, imports.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _waiting, bytes);

    /// <summary>Gives room back: all that a certified manifest lists.</summary>
    public void Release(long bytes)
    {
        // Headers count in a manifest and not at the door; what is released beyond what was taken is nothing.
        long seen, left;
        do
        {
            seen = Interlocked.Read(ref _waiting);
            left = Math.Max(seen - bytes, 0);
        }
        while (Interlocked.CompareExchange(ref _waiting, left, seen) != seen);
        if (left <= (long)_limit / 2) _shares.Clear();
    }

    /// <summary>Gives back what a record took that did not become durable, its device's share too.</summary>
    public void GiveBack(DeviceId? device, int bytes)
    {
        if (device is { } id && _shares.ContainsKey(id)) Add(id, -bytes);
        Release(bytes);
    }

    private bool HasShare(DeviceId? device, int bytes)
    {
        if (device is not { } id || Add(id, bytes) <= Math.Max(_share, bytes)) return true;
        Add(id, -bytes);
        return false;
    }

    private long Add(DeviceId id, long bytes) => _shares.AddOrUpdate(id, Math.Max(bytes, 0), (_, taken) => Math.Max(taken + bytes, 0));
}
