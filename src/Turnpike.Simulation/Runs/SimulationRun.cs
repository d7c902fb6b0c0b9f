using System.Buffers.Binary;
using System.Security.Cryptography;
using Turnpike.Blueprints;
using Turnpike.Core;
using Turnpike.Economics;

namespace Turnpike.Simulation;

/// <summary>
/// One life of a network, week by week:
/// <code>
/// events -> customers want and are served -> rules settle the week (the library's integers) -> attackers book -> market prices -> owners join and leave -> record
/// </code>
/// The same economy, seed and length give the same numbers on every machine. An instance is reused from seed to seed and is not safe for several threads.
/// </summary>
public sealed class SimulationRun
{
    private readonly Economy _economy;
    private readonly Blueprint? _blueprint;
    private readonly Fleet _fleet;
    private readonly CustomerMarket _customers;
    private readonly TokenMarket _market;
    private readonly Attacker[] _attackers;
    private readonly UInt128[] _units;
    private readonly double _scale;
    private readonly HealthRecorder _health;
    private readonly double[][] _series;

    /// <summary>A run of an economy over so many weeks.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No weeks.</exception>
    public SimulationRun(Economy economy, Blueprint? blueprint, int weeks)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(weeks);
        (_economy, _blueprint, Weeks) = (economy, blueprint, weeks);
        _fleet = new Fleet(economy.Operators);
        _customers = new CustomerMarket(economy.Customers);
        _market = new TokenMarket(economy.Market, economy.Token.Price);
        _attackers = [.. economy.Attackers.Select((terms, i) => new Attacker(terms, i))];
        _units = new UInt128[_fleet.Length + _attackers.Length];
        _scale = economy.Operators.Classes.Max(hardware => hardware.Capacity) > 1e9 ? 1 : 1e6;
        _health = new HealthRecorder(economy, _fleet);
        Samples = (weeks + Metrics.Stride - 1) / Metrics.Stride;
        _series = [.. Enumerable.Range(0, Metrics.Count + _attackers.Length).Select(_ => new double[Samples])];
    }

    /// <summary>Weeks of a run.</summary>
    public int Weeks { get; }

    /// <summary>Records of a run.</summary>
    public int Samples { get; }

    /// <summary>The last run's series: one a metric, then the profit of each attacker. Overwritten by the next run.</summary>
    public IReadOnlyList<double[]> Series => _series;

    /// <summary>Operator-weeks that a run updates.</summary>
    public long Updates => (long)_fleet.Length * Weeks;

    /// <summary>Lives one life and says its hash, over every recorded number and the final supply.</summary>
    public byte[] Execute(ulong seed, CancellationToken cancellation = default)
    {
        _fleet.Begin(seed);
        _customers.Begin(seed);
        _market.Begin(seed);
        foreach (var attacker in _attackers) attacker.Begin(seed);
        _health.Begin();
        var rules = _economy.Rules[0];
        var settle = WeeklyRules.Create(_economy, rules, _blueprint);
        var (supply, nextRules) = (_economy.Token.Supply, 1);
        for (var week = 1; week <= Weeks; week++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (nextRules < _economy.Rules.Count && _economy.Rules[nextRules].FromWeek == week)
            {
                rules = _economy.Rules[nextRules++];
                settle = WeeklyRules.Create(_economy, rules, _blueprint);
            }
            var moment = Happening(week);
            _fleet.Measure(_scale);
            var revenue = _customers.Serve(moment.Demand, _fleet.Capacity * _economy.Customers.UsdPerUnit) + _attackers.Sum(attacker => attacker.OwnDemand(week));
            ClaimUnits(week, rules.PaysForWork, revenue);
            var facts = new WeekFacts(FirstEpochOf(week), EpochsPerWeek(week), _market.Exact, new Credits((UInt128)(revenue * Credits.PerUsd)), supply);
            // In an epoch of several weeks only its last week settles.
            var outcome = facts.Epochs == 0 ? new WeekOutcome(Amount.Zero, Amount.Zero, Amount.Zero, new Amount[_units.Length]) : settle.Settle(facts, _units);
            supply = Amount.SubtractOrZero(supply + outcome.Minted, outcome.Burned);

            BookAttackers(week, outcome, rules);
            // Who could not buy did not pay.
            if (outcome.Refused) revenue = 0;
            _health.Take(outcome, outcome.Refused ? Credits.Zero : facts.Revenue);
            if (week % Metrics.Stride == 0 || week == Weeks) Record((week - 1) / Metrics.Stride, supply, revenue);
            Price(outcome, revenue, supply);
            _fleet.Decide(outcome.Amounts, _market.Price, moment.RunningCost, moment.Arrivals);
        }
        return HashOf(supply);
    }

    private ulong FirstEpochOf(int week) => _economy.EpochLength <= TimeSpan.FromDays(7)
        ? (ulong)(week - 1) * (ulong)(TimeSpan.FromDays(7).Ticks / _economy.EpochLength.Ticks) + 1
        : (ulong)((week - 1) / WeeksPerEpoch) + 1;

    private ulong EpochsPerWeek(int week) => _economy.EpochLength <= TimeSpan.FromDays(7) ? (ulong)(TimeSpan.FromDays(7).Ticks / _economy.EpochLength.Ticks) : week % WeeksPerEpoch == 0 ? 1UL : 0UL;

    private int WeeksPerEpoch => (int)(_economy.EpochLength.Ticks / TimeSpan.FromDays(7).Ticks);

    private (double Demand, double RunningCost, double Arrivals) Happening(int week)
    {
        var (demand, cost, arrivals, off) = (1.0, 1.0, 1.0, 0.0);
        foreach (var happening in _economy.Events)
        {
            if (happening.Kind == EventKind.Price && happening.Week == week) _market.Jump(1 + happening.Size);
            if (week < happening.Week || week >= happening.Week + happening.Weeks) continue;
            if (happening.Kind == EventKind.Demand) demand *= 1 + happening.Size;
            else if (happening.Kind == EventKind.RunningCost) cost *= 1 + happening.Size;
            else if (happening.Kind == EventKind.HardwareShortage) arrivals /= 1 + Math.Max(0, happening.Size);
            else if (happening.Kind == EventKind.RegionOff) off = Math.Max(off, happening.Size);
        }
        _fleet.Cells.SwitchOff(off);
        return (Math.Max(0, demand), Math.Max(0, cost), arrivals);
    }

    private void ClaimUnits(int week, bool paysForWork, double revenue)
    {
        _fleet.Units.CopyTo(_units, 0);
        var perDevice = _fleet.Devices > 0 ? _fleet.Capacity / _fleet.Devices : 0;
        for (var i = 0; i < _attackers.Length; i++)
            _units[_fleet.Length + i] = (UInt128)(_attackers[i].Units(week, paysForWork, perDevice, _fleet.Capacity, revenue) * _scale);
    }

    private void BookAttackers(int week, in WeekOutcome outcome, RulesTerms rules)
    {
        if (_attackers.Length == 0) return;
        var honest = _fleet.Cells.MeanFactor();
        var pool = TokensOf(outcome.Rewards) * _market.Price;
        for (var i = 0; i < _attackers.Length; i++)
            _attackers[i].Book(week, TokensOf(outcome.Amounts[_fleet.Length + i]) * _market.Price, honest, pool, rules);
    }

    private void Price(in WeekOutcome outcome, double revenue, Amount supply)
    {
        var sold = new Amount((UInt128)((double)outcome.Rewards.BaseUnits * _economy.Market.SoldShare));
        var net = supply.IsZero ? 0 : (TokensOf(outcome.Minted) - TokensOf(outcome.Burned)) / TokensOf(supply);
        var liquid = new Amount((UInt128)((double)supply.BaseUnits * _economy.Token.LiquidShare));
        _market.Advance(new MarketFlows(TokensOf(outcome.Burned) * _market.Price, TokensOf(sold) * _market.Price, sold, net, _customers.Growth, revenue, liquid));
    }

    private void Record(int sample, Amount supply, double revenue)
    {
        var health = _health.Measure(_market.Exact, supply);
        void Set(Metric metric, double value) => _series[(int)metric][sample] = value;
        Set(Metric.Price, _market.Price);
        Set(Metric.Supply, TokensOf(supply));
        Set(Metric.Operators, _fleet.Devices);
        Set(Metric.Demand, _customers.Wanted);
        Set(Metric.Revenue, revenue);
        Set(Metric.Rewards, TokensOf(_health.Rewards) * _market.Price / _health.Weeks);
        Set(Metric.Minted, TokensOf(_health.Minted) / _health.Weeks);
        Set(Metric.Burned, TokensOf(_health.Burned) / _health.Weeks);
        Set(Metric.Subsidy, health.SubsidyPpm is { } subsidy ? subsidy / 1e4 : double.NaN);
        Set(Metric.BurnToMint, health.BurnToMintPpm is { } burn ? Math.Min(burn, 1e9) / 1e4 : double.NaN);
        var capacity = _fleet.Capacity * _economy.Customers.UsdPerUnit;
        Set(Metric.Utilisation, capacity > 0 ? 100 * Math.Min(1, revenue / capacity) : double.NaN);
        var paybacks = health.Payback;
        Set(Metric.PaybackP10, Weighted(paybacks, payback => payback.P10));
        Set(Metric.PaybackP50, Weighted(paybacks, payback => payback.P50));
        Set(Metric.PaybackP90, Weighted(paybacks, payback => payback.P90));
        Set(Metric.Dilution, health.DilutionPpmPerYear is { } dilution ? dilution / 1e4 : double.NaN);
        Set(Metric.Gini, health.Operators.GiniPpm / 1e4);
        Set(Metric.HardwareDebt, _fleet.Debt / 1e6);
        Set(Metric.Runway, health.RunwayEpochs is { } runway ? Math.Min(runway, 10_000) : double.NaN);
        for (var i = 0; i < _attackers.Length; i++) _series[Metrics.Count + i][sample] = _attackers[i].Profit;
        _health.Clear();
    }

    // The classes' middle: the payback of the class with most devices is not hidden by a small one's.
    private static double Weighted(IReadOnlyList<Payback> paybacks, Func<Payback, ulong?> of)
    {
        var (sum, devices) = (0.0, 0.0);
        foreach (var payback in paybacks)
        {
            if (payback.Devices == 0) continue;
            sum += payback.Devices * (of(payback) is { } weeks ? Math.Min(weeks, Metrics.NeverPaysBack) : Metrics.NeverPaysBack);
            devices += payback.Devices;
        }
        return devices > 0 ? sum / devices : double.NaN;
    }

    private byte[] HashOf(Amount supply)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[16];
        foreach (var series in _series)
            foreach (var value in series)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, double.IsNaN(value) ? double.NaN : value);
                hash.AppendData(bytes[..8]);
            }
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, supply.BaseUnits);
        hash.AppendData(bytes);
        return hash.GetHashAndReset();
    }

    private static double TokensOf(Amount amount) => (double)amount.BaseUnits / 1e18;
}
