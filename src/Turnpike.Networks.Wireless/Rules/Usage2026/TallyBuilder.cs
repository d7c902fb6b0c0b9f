using Turnpike.Core;
using Turnpike.Core.Rules;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>Counts one device's verdicts and sums its sales by customer.</summary>
internal sealed class TallyBuilder(DeviceId device)
{
    private readonly SortedDictionary<ushort, (VerdictCode Code, ulong Reports)> _counts = [];
    private readonly SortedDictionary<Address, UInt128> _sales = [];

    public DeviceId Device { get; } = device;

    public void Add(ReportVerdict verdict)
    {
        _counts[verdict.Code.Number] = (verdict.Code, _counts.TryGetValue(verdict.Code.Number, out var count) ? count.Reports + 1 : 1);
        if (verdict.Code != VerdictCode.Accepted) return;
        _sales[verdict.Customer] = checked(_sales.GetValueOrDefault(verdict.Customer) + verdict.Credits);
    }

    public DeviceTally Build() => new()
    {
        Device = Device,
        Verdicts = _counts.Values.Select(count => new VerdictCount(count.Code, count.Reports)).ToList(),
        Sales = _sales.Select(sale => new Sale(sale.Key, sale.Value)).ToList(),
    };
}
