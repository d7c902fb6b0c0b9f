using Turnpike.Networks.Wireless.Protocol.Gwmp;
using Turnpike.Networks.Wireless.Protocol.Leg;

namespace Turnpike.Agent.Forwarders;

/// <summary>
/// A concentrator's last receptions: to know one that comes twice, and to know which concentrator's counter a frame to send is timed by, and how that counter stands now. Bounded.
/// </summary>
internal sealed class RecentReceptions(TimeProvider time)
{
    private const int Capacity = 256;
    private const uint Second = 1_000_000;
    private const int LongestDelay = 16;
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);

    private readonly (uint Timestamp, uint Frequency, int Frame, long At)[] _ring = new (uint, uint, int, long)[Capacity];
    private int _count;

    /// <summary>Notes a reception; false when it was noted before.</summary>
    public bool TryAdd(RxPacket packet)
    {
        var frame = HashOf(packet.Frame.Span);
        for (var i = 0; i < Math.Min(_count, Capacity); i++)
            if (_ring[i].Timestamp == packet.Timestamp && _ring[i].Frequency == packet.Frequency && _ring[i].Frame == frame && IsRecent(_ring[i].At)) return false;
        _ring[_count++ % Capacity] = (packet.Timestamp, packet.Frequency, frame, time.GetTimestamp());
        if (_count == 2 * Capacity) _count = Capacity;
        return true;
    }

    /// <summary>When the reception was noted that a frame to send answers: its windows are whole seconds behind it. False when none was.</summary>
    public bool TryFind(LegDownlink downlink, out uint timestamp, out long notedAt)
    {
        (timestamp, notedAt) = (0, long.MinValue);
        for (var i = 0; i < Math.Min(_count, Capacity); i++)
        {
            var (counter, _, _, at) = _ring[i];
            if (at <= notedAt || !IsRecent(at) || !IsAnswer(downlink.Rx2.Timestamp, counter) || downlink.Rx1 is { } rx1 && !IsAnswer(rx1.Timestamp, counter)) continue;
            (timestamp, notedAt) = (counter, at);
        }
        return notedAt != long.MinValue;
    }

    private static bool IsAnswer(uint window, uint counter) => unchecked(window - counter) is var delay && delay % Second == 0 && delay / Second is >= 1 and <= LongestDelay;

    private bool IsRecent(long at) => time.GetElapsedTime(at) < Memory;

    private static int HashOf(ReadOnlySpan<byte> frame)
    {
        var hash = new HashCode();
        hash.AddBytes(frame);
        return hash.ToHashCode();
    }
}
