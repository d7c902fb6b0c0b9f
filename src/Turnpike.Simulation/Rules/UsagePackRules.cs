using System.Globalization;
using Turnpike.Blueprints;
using Turnpike.Core;
using Turnpike.Core.Parameters;
using Turnpike.Core.Rules;
using Turnpike.Economics;
using Turnpike.Networks.Wireless;

namespace Turnpike.Simulation;

/// <summary>
/// Helium IoT's rules since HIP-149, settled by the rule pack itself: the cohorts' deliveries become the tallies that verdicts over real evidence end in, and
/// <see cref="IRulePack.Settle"/> bills, divides and mints. A simulated epoch is a week, so its emission is the sum of the week's.
/// </summary>
public sealed class UsagePackRules : IWeeklyRules
{
    private const ulong Enough = 1UL << 62;

    private static readonly Address Customer = AddressOf(0xC0FFEE);

    private readonly IRulePack _pack;
    private readonly EmissionSchedule _schedule;
    private readonly NetEmission _reemission;
    private readonly OrderBook _orders;
    private Amount _smoothed;
    private DeviceId[] _devices = [];
    private RegistrySnapshot _registry = null!;

    /// <summary>The rules of a blueprint.</summary>
    /// <exception cref="ArgumentException">No pack of this program is meant.</exception>
    public UsagePackRules(Blueprint blueprint, EmissionSchedule schedule)
    {
        var known = blueprint.WithAccounts(blueprint.GeneratedAccounts.Select((name, i) => (name, i)).ToDictionary(account => account.name, account => AddressOf(0xA000 + (ulong)account.i)));
        if (!WirelessModule.TryCreatePack(NetworkParameters.Parse(known.CanonicalParameters()), out _pack)) throw new ArgumentException($"There is no rule pack '{blueprint.Network.Pack}' to simulate.", nameof(blueprint));
        _schedule = schedule;
        _reemission = new NetEmission(new Amount(blueprint.Emission.ReemissionCap), blueprint.Emission.SmoothingEpochs);
        _orders = OrderBook.Advance([], [new ServiceOrder { Customer = Customer, Service = Networks.Wireless.Rules.Usage2026.Usage2026Pack.Service, Meter = default, Price = 1, CapPerEpoch = Enough, FromEpoch = 1, UntilEpoch = ulong.MaxValue, Nonce = 1 }]);
    }

    /// <inheritdoc/>
    public WeekOutcome Settle(in WeekFacts week, ReadOnlySpan<UInt128> units)
    {
        Register(units.Length);
        var burned = week.Price.AmountFloor(week.Revenue);
        var emission = Amount.Zero;
        for (var epoch = week.FirstEpoch; epoch < week.FirstEpoch + week.Epochs; epoch++)
        {
            (_smoothed, var reemitted) = _reemission.Advance(_smoothed, new Amount(burned.BaseUnits / week.Epochs));
            emission += _schedule.At(new EpochNumber(epoch)) + reemitted;
        }
        var outcome = _pack.Settle([TalliesOf(week.Revenue, units)], InputsOf(week, emission));
        var amounts = new Amount[units.Length];
        var rewards = Amount.Zero;
        for (var i = 0; i < amounts.Length; i++)
        {
            amounts[i] = outcome.Devices[i].Amount;
            rewards += amounts[i];
        }
        return new WeekOutcome(outcome.Mint, burned, rewards, amounts);
    }

    /// <summary>The inputs that a node would have, for tests that compare.</summary>
    internal EpochInputs InputsOf(in WeekFacts week, Amount emission) => new()
    {
        Epoch = new EpochNumber(week.FirstEpoch), StartsAt = 0, OpenSince = 0, EndsAt = 604_800_000, Emission = emission, Price = week.Price, Entropy = default, Registry = _registry, Orders = _orders, Carry = CarryOver.Empty,
    };

    private PartialOutcome TalliesOf(Credits revenue, ReadOnlySpan<UInt128> units)
    {
        var sold = Core.Allocation.ProRata.Allocate(new Amount(revenue.Count), units).Amounts;
        var tallies = new DeviceTally[units.Length];
        for (var i = 0; i < tallies.Length; i++)
            tallies[i] = new DeviceTally { Device = _devices[i], Verdicts = [], Sales = sold[i].IsZero ? [] : [new Sale(Customer, sold[i].BaseUnits)] };
        return new PartialOutcome { Devices = tallies, Clones = [], Seen = [], Pack = [] };
    }

    private void Register(int count)
    {
        if (_devices.Length == count) return;
        // In order, and spread evenly as hashes are.
        var step = ulong.MaxValue / ((ulong)count + 1);
        _devices = [.. Enumerable.Range(1, count).Select(i => new DeviceId(Bytes32.Parse("0x" + (step * (ulong)i).ToString("x16", CultureInfo.InvariantCulture).PadRight(64, '0'))))];
        _registry = new RegistrySnapshot
        {
            Devices = DeviceTable.Of([.. _devices.Select((device, i) => KeyValuePair.Create(device, new RegisteredDevice(AddressOf(0x10000 + (ulong)i), 1, 3, true, 0)))]),
            Deposits = new Dictionary<Address, UInt128> { [Customer] = Enough },
        };
    }

    private static Address AddressOf(ulong number) => Address.Parse("0x" + number.ToString("x40", CultureInfo.InvariantCulture));
}
