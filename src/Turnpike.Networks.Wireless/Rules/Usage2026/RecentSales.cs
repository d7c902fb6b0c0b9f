using System.Globalization;
using Turnpike.Core;
using Turnpike.Core.Rules;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>When the last copy of a packet through a device was sold: what the retransmission rule remembers, across the epoch's border too.</summary>
internal sealed class RecentSales
{
    private readonly Dictionary<(DeviceId Device, Bytes32 Packet), long> _sold = [];

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
            if (wanted(device)) sales._sold[(device, packet)] = soldAt;
        }
        return sales;
    }

    public long? LastSold(DeviceId device, Bytes32 packet) => _sold.TryGetValue((device, packet), out var at) ? at : null;

    public void Record(DeviceId device, Bytes32 packet, long soldAt) => _sold[(device, packet)] = soldAt;

    /// <summary>Canonical lines of the sales whose window reaches beyond <paramref name="epochEnd"/>; sorted.</summary>
    public IReadOnlyList<string> ToLines(long epochEnd, long window) =>
        _sold.Where(sale => sale.Value + window >= epochEnd)
            .OrderBy(sale => sale.Key.Device).ThenBy(sale => sale.Key.Packet)
            .Select(sale => $"{sale.Key.Device} {sale.Key.Packet} {sale.Value.ToString(CultureInfo.InvariantCulture)}").ToList();

    private static (DeviceId Device, Bytes32 Packet, long SoldAt) Parse(string line)
    {
        var fields = line.Split(' ');
        if (fields.Length != 3) throw new FormatException("A recent sale is 'device packet time', not '" + line + "'.");
        return (DeviceId.Parse(fields[0]), Bytes32.Parse(fields[1]), long.Parse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture));
    }
}
