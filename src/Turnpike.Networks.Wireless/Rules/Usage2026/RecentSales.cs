using System.Globalization;
using Turnpike.Core;
using Turnpike.Core.Rules;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>
/// When copies of a packet through a device were sold: what the retransmission rule remembers, across the epoch's border too. A copy may be committed an epoch
/// after it was received, hence before others in time, so all times that a later copy can be near to are kept and not only the last.
/// </summary>
internal sealed class RecentSales
{
    private readonly Dictionary<(DeviceId Device, Bytes32 Packet), List<long>> _sold = [];

    /// <summary>The carried sales of some devices.</summary>
    public static RecentSales Of(CarryOver carry, IReadOnlySet<DeviceId> devices) => Read(carry, devices.Contains);

    /// <summary>The carried sales of all other devices.</summary>
    public static RecentSales Except(CarryOver carry, IReadOnlySet<DeviceId> devices) => Read(carry, device => !devices.Contains(device));

    private static RecentSales Read(CarryOver carry, Func<DeviceId, bool> wanted)
    {
        var sales = new RecentSales();
        foreach (var line in carry.Pack)
        {
            var (device, packet, soldAt) = Parse(line);
            if (wanted(device)) sales.Record(device, packet, soldAt);
        }
        return sales;
    }

    /// <summary>Whether a copy was sold that was received within <paramref name="window"/> before or after.</summary>
    public bool IsNear(DeviceId device, Bytes32 packet, long receivedAt, long window)
    {
        if (!_sold.TryGetValue((device, packet), out var times)) return false;
        var next = FirstFrom(times, receivedAt - window);
        return next < times.Count && times[next] - receivedAt <= window;
    }

    public void Record(DeviceId device, Bytes32 packet, long soldAt)
    {
        if (!_sold.TryGetValue((device, packet), out var times)) _sold[(device, packet)] = times = [];
        times.Insert(FirstFrom(times, soldAt), soldAt);
    }

    /// <summary>Canonical lines of the sales whose window reaches to <paramref name="oldest"/> or beyond, the earliest receipt that counts in the next epoch; sorted.</summary>
    public IReadOnlyList<string> ToLines(long oldest, long window) =>
        _sold.SelectMany(sales => sales.Value.Select(soldAt => (sales.Key.Device, sales.Key.Packet, SoldAt: soldAt)))
            .Where(sale => sale.SoldAt >= oldest - window)
            .OrderBy(sale => sale.Device).ThenBy(sale => sale.Packet).ThenBy(sale => sale.SoldAt)
            .Select(sale => $"{sale.Device} {sale.Packet} {sale.SoldAt.ToString(CultureInfo.InvariantCulture)}").ToList();

    private static int FirstFrom(List<long> times, long from)
    {
        var found = times.BinarySearch(from);
        return found < 0 ? ~found : found;
    }

    private static (DeviceId Device, Bytes32 Packet, long SoldAt) Parse(string line)
    {
        var fields = line.Split(' ');
        if (fields.Length != 3 || !long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var soldAt))
            throw new FormatException("A recent sale is 'device packet time', not '" + line + "'.");
        return (DeviceId.Parse(fields[0]), Bytes32.Parse(fields[1]), soldAt);
    }
}
