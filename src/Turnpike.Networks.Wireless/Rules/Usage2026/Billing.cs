using Turnpike.Core;
using Turnpike.Core.Rules;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>
/// What each customer is charged and each device is credited with. A customer's limit is the smaller of his order's cap and his deposit less earlier charges.
/// Within the limit every unit is charged. Beyond it each device's units for him are scaled by limit / sold and rounded to a whole
/// credit one way or the other, so that they sum to exactly the limit: a cap below the number of devices buys no free service. Devices are rounded in the order of their ids, so
/// nobody gains by being first, by splitting or by ordering his reports.
/// </summary>
internal sealed class Billing
{
    private readonly Dictionary<DeviceId, (UInt128 Units, UInt128 Unpaid)> _devices;

    private Billing(Dictionary<DeviceId, (UInt128 Units, UInt128 Unpaid)> devices, IReadOnlyList<ChargeLine> charges)
    {
        _devices = devices;
        Charges = charges;
    }

    /// <summary>Every customer ever charged, sorted.</summary>
    public IReadOnlyList<ChargeLine> Charges { get; }

    public UInt128 TotalCharged => Charges.Aggregate(UInt128.Zero, (sum, line) => checked(sum + line.Charged));

    public (UInt128 Units, UInt128 Unpaid) Of(DeviceId device) => _devices.GetValueOrDefault(device);

    public static Billing Charge(IReadOnlyList<DeviceTally> tallies, EpochInputs inputs)
    {
        var before = inputs.Carry.Charges.ToDictionary(total => total.Account, total => total.Cumulative);
        var sold = new SortedDictionary<Address, UInt128>();
        foreach (var sale in tallies.SelectMany(tally => tally.Sales)) sold[sale.Customer] = checked(sold.GetValueOrDefault(sale.Customer) + sale.Credits);
        var limits = sold.ToDictionary(customer => customer.Key, customer => UInt128.Min(customer.Value, LimitOf(customer.Key, before, inputs)));

        var devices = new Dictionary<DeviceId, (UInt128 Units, UInt128 Unpaid)>();
        var charged = new Dictionary<Address, UInt128>();
        var delivered = new Dictionary<Address, UInt128>();
        foreach (var tally in tallies)
            foreach (var sale in tally.Sales)
            {
                // What the devices up to and including this one are due, less what those before it got: the parts sum to exactly the limit.
                var upToHere = delivered[sale.Customer] = delivered.GetValueOrDefault(sale.Customer) + sale.Credits;
                var units = MulDiv.Floor(upToHere, limits[sale.Customer], sold[sale.Customer]) - charged.GetValueOrDefault(sale.Customer);
                var (paid, unpaid) = devices.GetValueOrDefault(tally.Device);
                devices[tally.Device] = (paid + units, unpaid + (sale.Credits - units));
                charged[sale.Customer] = charged.GetValueOrDefault(sale.Customer) + units;
            }

        var customers = new SortedSet<Address>(before.Keys.Concat(sold.Keys));
        return new Billing(devices, customers.Select(Line).ToList());

        ChargeLine Line(Address customer)
        {
            var now = charged.GetValueOrDefault(customer);
            return new ChargeLine(customer, now, sold.GetValueOrDefault(customer) - now, checked(before.GetValueOrDefault(customer) + now));
        }
    }

    private static UInt128 LimitOf(Address customer, Dictionary<Address, UInt128> before, EpochInputs inputs)
    {
        if (!inputs.Orders.TryGet(customer, Usage2026Pack.Service, inputs.Epoch, out var order)) return 0;
        var deposited = inputs.Registry.Deposits.GetValueOrDefault(customer);
        var charged = before.GetValueOrDefault(customer);
        return UInt128.Min(order.CapPerEpoch, deposited > charged ? deposited - charged : 0);
    }
}
