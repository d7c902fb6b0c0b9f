using System.Runtime.InteropServices;
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
    private readonly UInt128[] _units;
    private readonly UInt128[] _unpaid;

    private Billing(UInt128[] units, UInt128[] unpaid, IReadOnlyList<ChargeLine> charges) => (_units, _unpaid, Charges) = (units, unpaid, charges);

    /// <summary>Every customer ever charged, sorted.</summary>
    public IReadOnlyList<ChargeLine> Charges { get; }

    /// <summary>Units charged, in the order of the tallies.</summary>
    public ReadOnlySpan<UInt128> Units => _units;

    /// <summary>Units delivered and not charged, in the order of the tallies.</summary>
    public ReadOnlySpan<UInt128> Unpaid => _unpaid;

    public UInt128 TotalCharged => Charges.Aggregate(UInt128.Zero, (sum, line) => checked(sum + line.Charged));

    /// <param name="tallies">One a device, sorted by device.</param>
    /// <param name="inputs">The epoch.</param>
    public static Billing Charge(IReadOnlyList<DeviceTally> tallies, EpochInputs inputs)
    {
        var accounts = new Dictionary<Address, Account>();
        foreach (var total in inputs.Carry.Charges) accounts[total.Account] = new Account { Before = total.Cumulative };
        foreach (var tally in tallies)
            foreach (var sale in tally.Sales)
            {
                ref var account = ref CollectionsMarshal.GetValueRefOrAddDefault(accounts, sale.Customer, out _);
                account.Sold = checked(account.Sold + sale.Credits);
            }
        foreach (var customer in accounts.Keys.ToList())
        {
            ref var account = ref CollectionsMarshal.GetValueRefOrNullRef(accounts, customer);
            account.Limit = UInt128.Min(account.Sold, LimitOf(customer, account.Before, inputs));
        }

        var (units, unpaid) = (new UInt128[tallies.Count], new UInt128[tallies.Count]);
        for (var i = 0; i < tallies.Count; i++)
            foreach (var sale in tallies[i].Sales)
            {
                ref var account = ref CollectionsMarshal.GetValueRefOrNullRef(accounts, sale.Customer);
                // What the devices up to and including this one are due, less what those before it got: the parts sum to exactly the limit.
                account.Delivered += sale.Credits;
                var due = MulDiv.Floor(account.Delivered, account.Limit, account.Sold) - account.Charged;
                account.Charged += due;
                units[i] += due;
                unpaid[i] += sale.Credits - due;
            }
        var charges = accounts.OrderBy(pair => pair.Key).Select(pair => pair.Value.ToLine(pair.Key)).ToList();
        return new Billing(units, unpaid, charges);
    }

    private static UInt128 LimitOf(Address customer, UInt128 charged, EpochInputs inputs)
    {
        if (!inputs.Orders.TryGet(customer, Usage2026Pack.Service, inputs.Epoch, out var order)) return 0;
        var deposited = inputs.Registry.Deposits.GetValueOrDefault(customer);
        return UInt128.Min(order.CapPerEpoch, deposited > charged ? deposited - charged : 0);
    }

    private struct Account
    {
        public UInt128 Before;
        public UInt128 Sold;
        public UInt128 Limit;
        public UInt128 Delivered;
        public UInt128 Charged;

        public readonly ChargeLine ToLine(Address customer) => new(customer, Charged, Sold - Charged, checked(Before + Charged));
    }
}
