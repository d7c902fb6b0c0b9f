using System.Runtime.InteropServices;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>
/// When copies of a packet through one device were sold: what the retransmission rule remembers, across the epoch's border too. A copy may be committed an epoch
/// after it was received, hence before others in time, so all times that a later copy can be near to are kept and not only the last. Used for one device after the other.
/// </summary>
internal sealed class RecentSales
{
    // A device with more than this many packets leaves a table that would be slow to clear for the next.
    private const int ReusedCapacity = 1024;

    private readonly List<SoldCopy> _kept = [];
    private Dictionary<PacketKey, Times> _sold = [];

    /// <summary>Begins a device, with what the carry-over has of it.</summary>
    public void Begin(ReadOnlySpan<byte> carriedLine)
    {
        if (_sold.Count > ReusedCapacity) _sold = [];
        else _sold.Clear();
        if (carriedLine.IsEmpty) return;
        for (var i = 0; i < CarriedSales.CountOf(carriedLine); i++)
        {
            var (packet, soldAt) = CarriedSales.CopyAt(carriedLine, i);
            Record(packet, soldAt);
        }
    }

    /// <summary>Whether a copy was sold that was received within <paramref name="window"/> before or after.</summary>
    public bool IsNear(PacketKey packet, long receivedAt, long window) => _sold.TryGetValue(packet, out var times) && times.IsNear(receivedAt, window);

    public void Record(PacketKey packet, long soldAt)
    {
        ref var times = ref CollectionsMarshal.GetValueRefOrAddDefault(_sold, packet, out var known);
        if (known) times.Add(soldAt);
        else times = new Times(soldAt);
    }

    /// <summary>The copies whose window reaches to <paramref name="oldest"/> or beyond, the earliest receipt that counts in the next epoch; sorted, and good until the next call.</summary>
    public ReadOnlySpan<SoldCopy> Kept(long oldest, long window)
    {
        _kept.Clear();
        foreach (var (packet, times) in _sold)
            for (var i = 0; i < times.Count; i++)
                if (times.At(i) >= oldest - window) _kept.Add(new SoldCopy(packet, times.At(i)));
        var kept = CollectionsMarshal.AsSpan(_kept);
        kept.Sort();
        return kept;
    }

    // Most packets are sold once, which needs no list.
    private struct Times(long first)
    {
        private readonly long _first = first;
        private List<long>? _all;

        public readonly int Count => _all?.Count ?? 1;

        public readonly long At(int index) => _all is null ? _first : _all[index];

        public readonly bool IsNear(long receivedAt, long window)
        {
            if (_all is null) return Math.Abs(_first - receivedAt) <= window;
            var next = FirstFrom(_all, receivedAt - window);
            return next < _all.Count && _all[next] - receivedAt <= window;
        }

        public void Add(long soldAt)
        {
            _all ??= [_first];
            _all.Insert(FirstFrom(_all, soldAt), soldAt);
        }

        private static int FirstFrom(List<long> times, long from)
        {
            var found = times.BinarySearch(from);
            return found < 0 ? ~found : found;
        }
    }
}
