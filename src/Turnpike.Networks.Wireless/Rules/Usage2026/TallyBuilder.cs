using System.Runtime.InteropServices;
using Turnpike.Core;
using Turnpike.Core.Rules;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>Counts a device's verdicts and sums its sales by customer, one device after the other.</summary>
internal sealed class TallyBuilder
{
    // Most devices sell to few customers: looking through a short list is cheaper than a table.
    private const int ShortList = 16;

    private readonly List<VerdictCount> _counts = [];
    private readonly List<Sale> _sales = [];
    private readonly Dictionary<Address, int> _index = [];

    public void AddSale(Address customer, UInt128 credits)
    {
        var at = Find(customer);
        if (at >= 0) _sales[at] = new Sale(customer, checked(_sales[at].Credits + credits));
        else AddCustomer(new Sale(customer, credits));
    }

    /// <summary>The device's tally; begins the next.</summary>
    public DeviceTally Build(DeviceId device)
    {
        _counts.Sort((left, right) => left.Code.CompareTo(right.Code));
        _sales.Sort((left, right) => left.Customer.CompareTo(right.Customer));
        var tally = new DeviceTally { Device = device, Verdicts = _counts.ToArray(), Sales = _sales.ToArray() };
        _counts.Clear();
        _sales.Clear();
        _index.Clear();
        return tally;
    }

    public void Count(VerdictCode code, ulong reports)
    {
        foreach (ref var count in CollectionsMarshal.AsSpan(_counts))
        {
            if (count.Code.Number != code.Number) continue;
            count = count with { Reports = checked(count.Reports + reports) };
            return;
        }
        _counts.Add(new VerdictCount(code, reports));
    }

    private int Find(Address customer)
    {
        if (_sales.Count > ShortList) return _index.TryGetValue(customer, out var found) ? found : -1;
        for (var i = 0; i < _sales.Count; i++)
            if (_sales[i].Customer == customer) return i;
        return -1;
    }

    private void AddCustomer(Sale sale)
    {
        _sales.Add(sale);
        if (_sales.Count <= ShortList) return;
        for (var i = _index.Count; i < _sales.Count; i++) _index[_sales[i].Customer] = i;
    }
}
