using Turnpike.Core;
using Turnpike.Core.Allocation;
using Turnpike.Core.Rules;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>Divides the emission: data pool to devices by units, fixed shares to named accounts, everything left to operations.</summary>
internal sealed record Payout(IReadOnlyList<DeviceLine> Devices, IReadOnlyList<PoolLine> Pools, RewardLine[] Rewards)
{
    private const ulong Million = 1_000_000;

    public static Payout Distribute(Usage2026Parameters parameters, IReadOnlyList<DeviceTally> tallies, Billing bill, EpochInputs inputs)
    {
        var emission = inputs.Emission.BaseUnits;
        var dataPool = Share(emission, parameters.DataSharePpm);
        var budget = inputs.Price.AmountUpTo(new Amount(dataPool), new Credits(bill.TotalCharged));
        var allocation = ProRata.Allocate(budget, bill.Units);
        var devices = new DeviceLine[tallies.Count];
        for (var i = 0; i < devices.Length; i++)
        {
            var beneficiary = inputs.Registry.Devices.TryGetValue(tallies[i].Device, out var device) ? device.Beneficiary : Address.Zero;
            devices[i] = new DeviceLine(tallies[i].Device, beneficiary, bill.Units[i], bill.Unpaid[i], allocation.Amounts[i], tallies[i].Verdicts);
        }

        var paid = devices.Aggregate(UInt128.Zero, (sum, line) => sum + line.Amount.BaseUnits);
        var others = parameters.Others.Select(pool => (Pool: pool, Amount: Share(emission, pool.SharePpm))).ToList();
        var othersTotal = others.Aggregate(UInt128.Zero, (sum, other) => sum + other.Amount);
        var operations = emission - paid - othersTotal;

        var pools = new List<PoolLine>
        {
            new("data", new Amount(dataPool), new Amount(paid), allocation.Dust, new Amount(dataPool - paid)),
            new(parameters.Operations.Name, new Amount(Share(emission, parameters.Operations.SharePpm)), new Amount(operations), default, default),
        };
        pools.AddRange(others.Select(other => new PoolLine(other.Pool.Name, new Amount(other.Amount), new Amount(other.Amount), default, default)));

        var earned = devices.Select(line => (line.Beneficiary, line.Amount.BaseUnits))
            .Append((parameters.Operations.Account, operations))
            .Concat(others.Select(other => (other.Pool.Account, other.Amount)));
        return new Payout(devices, pools, Accumulate(earned, inputs.Carry));
    }

    private static UInt128 Share(UInt128 emission, uint ppm) => MulDiv.Floor(emission, ppm, Million);

    // The order of equal accounts does not matter: their amounts are summed.
    private static RewardLine[] Accumulate(IEnumerable<(Address Account, UInt128 Amount)> earned, CarryOver carry)
    {
        var now = earned.Where(line => line.Amount > 0).ToArray();
        Array.Sort(now, (left, right) => left.Account.CompareTo(right.Account));
        var lines = new List<RewardLine>(carry.Rewards.Count + now.Length);
        var next = 0;
        foreach (var total in carry.Rewards)
        {
            while (next < now.Length && now[next].Account.CompareTo(total.Account) < 0) Add(now[next].Account, 0);
            Add(total.Account, total.Cumulative);
        }
        while (next < now.Length) Add(now[next].Account, 0);
        return [.. lines];

        void Add(Address account, UInt128 before)
        {
            var amount = UInt128.Zero;
            for (; next < now.Length && now[next].Account == account; next++) amount += now[next].Amount;
            lines.Add(new RewardLine(account, new Amount(amount), new Amount(checked(before + amount))));
        }
    }
}
