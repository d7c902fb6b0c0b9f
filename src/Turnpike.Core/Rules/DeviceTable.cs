using System.Numerics;

namespace Turnpike.Core.Rules;

/// <summary>
/// The devices of a snapshot, flat and sorted by id: a device's rank is its position, so work that is done by rank comes out in order. Ids are hashes, hence spread
/// evenly: a device is found through a table over the first bits of the id, a few comparisons further. Immutable, hence safe for any number of threads.
/// </summary>
public sealed class DeviceTable
{
    private const int MostBits = 24;

    private readonly DeviceId[] _ids;
    private readonly RegisteredDevice[] _devices;
    private readonly int[] _starts;
    private readonly int _shift;

    private DeviceTable(DeviceId[] ids, RegisteredDevice[] devices, int[] starts, int shift) => (_ids, _devices, _starts, _shift) = (ids, devices, starts, shift);

    /// <summary>How many.</summary>
    public int Count => _ids.Length;

    /// <summary>The device.</summary>
    /// <exception cref="KeyNotFoundException">It is not registered.</exception>
    public RegisteredDevice this[DeviceId id] => TryGetValue(id, out var device) ? device : throw new KeyNotFoundException($"Device {id} is not in the registry.");

    /// <summary>A table of the given devices, in any order.</summary>
    /// <exception cref="ArgumentException">A device occurs twice.</exception>
    public static DeviceTable Of(IReadOnlyCollection<KeyValuePair<DeviceId, RegisteredDevice>> devices)
    {
        var bits = Math.Clamp(BitOperations.Log2((uint)devices.Count + 1), 1, MostBits);
        var shift = 64 - bits;
        var starts = new int[(1 << bits) + 1];
        foreach (var (id, _) in devices) starts[(int)(id.Value.Head >> shift) + 1]++;
        for (var i = 1; i < starts.Length; i++) starts[i] += starts[i - 1];
        var next = starts.AsSpan(0, starts.Length - 1).ToArray();
        var (ids, values) = (new DeviceId[devices.Count], new RegisteredDevice[devices.Count]);
        foreach (var (id, device) in devices)
        {
            var at = next[(int)(id.Value.Head >> shift)]++;
            (ids[at], values[at]) = (id, device);
        }
        for (var i = 0; i + 1 < starts.Length; i++)
            if (starts[i + 1] - starts[i] > 1) Array.Sort(ids, values, starts[i], starts[i + 1] - starts[i]);
        for (var i = 1; i < ids.Length; i++)
            if (ids[i] == ids[i - 1]) throw new ArgumentException($"Device {ids[i]} occurs twice.", nameof(devices));
        return new DeviceTable(ids, values, starts, shift);
    }

    /// <summary>The device's id.</summary>
    public DeviceId IdAt(int rank) => _ids[rank];

    /// <summary>The device.</summary>
    public RegisteredDevice At(int rank) => _devices[rank];

    /// <summary>The device's rank; the complement (below zero) of the rank it would have when it is not registered.</summary>
    public int RankOf(DeviceId id)
    {
        var bucket = (int)(id.Value.Head >> _shift);
        var (low, high) = (_starts[bucket], _starts[bucket + 1] - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = _ids[middle].CompareTo(id);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }

    /// <summary>Finds a device; false when it is not registered.</summary>
    public bool TryGetValue(DeviceId id, out RegisteredDevice device)
    {
        var rank = RankOf(id);
        device = rank < 0 ? default : _devices[rank];
        return rank >= 0;
    }
}
