using Turnpike.Core;
using Turnpike.Core.Allocation;
using Turnpike.Core.Rules;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>Divides the emission: data pool to devices by units, fixed shares to named accounts, everything left to operations.</summary>
internal sealed record Payout(IReadOnlyList<DeviceLine> Devices, IReadOnlyList<PoolLine> Pools, IReadOnlyList<RewardLine> Rewards)
{
    private const ulong Million = 1_000_000;

    public static Payout Distribute(Usage2026Parameters parameters, IReadOnlyList<DeviceTally> tallies, Billing bill, EpochInputs inputs)
    {
        var emission = inputs.Emission.BaseUnits;
        var dataPool = Share(emission, parameters.DataSharePpm);
        var budget = inputs.Price.AmountUpTo(new Amount(dataPool), new Credits(bill.TotalCharged));
        var units = tallies.Select(tally => bill.Of(tally.Device).Units).ToArray();
        var allocation = ProRata.Allocate(budget, units);
        var devices = tallies.Select((tally, i) => Line(tally, bill.Of(tally.Device), allocation.Amounts[i], inputs)).ToList();

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

    private static DeviceLine Line(DeviceTally tally, (UInt128 Units, UInt128 Unpaid) bill, Amount amount, EpochInputs inputs)
    {
        var beneficiary = inputs.Registry.Devices.TryGetValue(tally.Device, out var device) ? device.Beneficiary : Address.Zero;
        return new DeviceLine(tally.Device, beneficiary, bill.Units, bill.Unpaid, amount, tally.Verdicts);
    }

    private static List<RewardLine> Accumulate(IEnumerable<(Address Account, UInt128 Amount)> earned, CarryOver carry)
    {
        var now = new SortedDictionary<Address, UInt128>();
        foreach (var total in carry.Rewards) now[total.Account] = 0;
        foreach (var (account, amount) in earned)
            if (amount > 0) now[account] = now.GetValueOrDefault(account) + amount;
        var before = carry.Rewards.ToDictionary(total => total.Account, total => total.Cumulative);
        return now.Select(line => new RewardLine(line.Key, new Amount(line.Value), new Amount(checked(before.GetValueOrDefault(line.Key) + line.Value)))).ToList();
    }
}
