using Turnpike.Core;

namespace Turnpike.Simulation;

/// <summary>
/// All operators, as cohorts of like owners: one class of hardware, one running cost, one patience, one cell. Decisions are expectations over a cohort, so a step costs the same
/// however many devices it stands for. Joining and leaving are separate: who has bought stays while running costs are met and only drifts away; who has not, waits for a payback
/// that beats his hurdle and then for the hardware. Arrays by field, reused from run to run. Not safe for several threads.
/// </summary>
internal sealed class Fleet
{
    private const double Nobody = 1e-9;

    private readonly OperatorTerms _terms;
    private readonly int[] _class;
    private readonly double[] _settled, _expected, _running, _hurdle, _entrants, _debt;
    private readonly double[][] _pipeline;
    private int _now;

    public Fleet(OperatorTerms terms)
    {
        _terms = terms;
        PerClass = Math.Max(1, terms.Cohorts / terms.Classes.Count);
        var n = PerClass * terms.Classes.Count;
        _class = [.. Enumerable.Range(0, n).Select(i => i / PerClass)];
        (Count, Cell, Units) = (new double[n], new int[n], new UInt128[n]);
        (_settled, _expected, _running, _hurdle, _entrants, _debt) = (new double[n], new double[n], new double[n], new double[n], new double[n], new double[n]);
        _pipeline = [.. Enumerable.Range(0, terms.Classes.Max(hardware => hardware.LeadWeeks) + 1).Select(_ => new double[n])];
        Cells = new CellMap(terms.Cells, terms.PerCell);
    }

    public int PerClass { get; }

    /// <summary>Devices of each cohort.</summary>
    public double[] Count { get; }

    /// <summary>Cell of each cohort.</summary>
    public int[] Cell { get; }

    /// <summary>Contribution of each cohort, whole units.</summary>
    public UInt128[] Units { get; }

    public CellMap Cells { get; }

    public int Length => Count.Length;

    public double Devices { get; private set; }

    /// <summary>Capacity that counts, in the pool's units.</summary>
    public double Capacity { get; private set; }

    /// <summary>
    /// Dollars that the hardware in use has still to earn back, as Glow books to a solar farm what it took to build. Half is taken as paid back at the start; who leaves
    /// takes his loss with him.
    /// </summary>
    public double Debt { get; private set; }

    public void Begin(ulong seed)
    {
        var random = new Philox(seed, 1);
        Cells.Begin();
        for (var i = 0; i < Length; i++)
        {
            var hardware = _terms.Classes[_class[i]];
            Count[i] = hardware.Initial / PerClass;
            _running[i] = hardware.RunningUsdPerWeek * PortableMath.Exp(hardware.RunningSpread * random.NextNormal());
            _hurdle[i] = hardware.HurdleWeeks * PortableMath.Exp(0.35 * random.NextNormal());
            Cell[i] = Cells.Choose(random.NextUnit());
            // A class that has nobody yet has people who look at it: as many as a thousandth of its cohort's share of all devices, or one.
            _entrants[i] = Math.Max(1.0 / PerClass, Count[i] * 0.2);
            (_settled[i], _expected[i], _debt[i]) = (0.5, double.NaN, Count[i] * hardware.CostUsd / 2);
        }
        foreach (var week in _pipeline) Array.Clear(week);
        _now = 0;
        Measure(1e6);
    }

    /// <summary>Counts devices by cell and says what each cohort contributes.</summary>
    public void Measure(double scale)
    {
        Cells.Clear();
        for (var i = 0; i < Length; i++) Cells.Add(Cell[i], Count[i]);
        var (devices, capacity) = (0.0, 0.0);
        for (var i = 0; i < Length; i++)
        {
            var units = Count[i] * _terms.Classes[_class[i]].Capacity * Cells.Factor(Cell[i]);
            devices += Count[i];
            capacity += units;
            Units[i] = (UInt128)(units * scale);
        }
        (Devices, Capacity) = (devices, capacity);
    }

    /// <summary>Takes a week's pay and lets owners decide.</summary>
    /// <param name="amounts">What each cohort got, tokens.</param>
    /// <param name="price">Dollars a token.</param>
    /// <param name="costFactor">Running costs over normal.</param>
    /// <param name="arrivals">Share of due hardware that arrives; the rest comes later.</param>
    public void Decide(IReadOnlyList<Amount> amounts, double price, double costFactor, double arrivals)
    {
        var learning = 1 - PortableMath.Exp(-1 / _terms.ExpectationWeeks);
        var settling = 1 / _terms.SettleWeeks;
        var usdPerUnit = price / 1e18;
        _now = (_now + 1) % _pipeline.Length;
        var due = _pipeline[_now];
        var debt = 0.0;
        for (var i = 0; i < Length; i++)
        {
            var hardware = _terms.Classes[_class[i]];
            var count = Count[i];
            var income = count > Nobody ? (double)amounts[i].BaseUnits * usdPerUnit / count : double.IsNaN(_expected[i]) ? 0 : _expected[i];
            _expected[i] = double.IsNaN(_expected[i]) ? income : _expected[i] + learning * (income - _expected[i]);
            var running = _running[i] * costFactor;
            var margin = _expected[i] - running;

            var loss = margin >= 0 ? 0 : running > 0 ? Math.Min(1, -margin / running) : 1;
            var hazard = _terms.SettledHazard + (_terms.ExitHazard - _terms.SettledHazard) * (1 - _settled[i]) + _terms.LossHazard * loss;
            _debt[i] = Math.Max(0, _debt[i] - count * Math.Max(0, income - running)) * (1 - Math.Min(1, hazard));
            count -= count * Math.Min(1, hazard);
            _settled[i] += settling * (1 - _settled[i]);

            var attraction = margin <= 0 ? 0 : hardware.CostUsd > 0 ? _hurdle[i] * margin / hardware.CostUsd : 10;
            if (attraction > 1)
            {
                var joiners = Math.Max(count, _entrants[i]) * Math.Min(_terms.JoinRate * (attraction - 1), _terms.JoinCap);
                _pipeline[(_now + hardware.LeadWeeks) % _pipeline.Length][i] += joiners;
            }
            var arrived = due[i] * arrivals;
            var late = due[i] - arrived;
            due[i] = 0;
            if (late > 0) _pipeline[(_now + 1) % _pipeline.Length][i] += late;
            if (arrived > 0)
            {
                _settled[i] *= count / (count + arrived);
                _debt[i] += arrived * hardware.CostUsd;
                count += arrived;
            }
            Count[i] = count;
            debt += _debt[i];
        }
        Debt = debt;
    }
}
