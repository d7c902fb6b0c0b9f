using Turnpike.Core;
using Turnpike.Economics;

namespace Turnpike.Simulation;

/// <summary>
/// Sums the weeks since the last record into <see cref="HealthFacts"/>, so that a simulated network is measured by the code that measures a real one. Of each class,
/// a hundred devices evenly spread over its cohorts stand for all.
/// </summary>
internal sealed class HealthRecorder(Economy economy, Fleet fleet)
{
    private const int Representatives = 100;
    private const ulong WeeksPerYear = 52;

    private readonly Amount[] _earned = new Amount[fleet.Length];
    private readonly UInt128[] _payers = ZipfOf(economy.Customers.Payers);
    private Credits _revenue;
    private double _treasury;

    public Amount Minted { get; private set; }

    public Amount Burned { get; private set; }

    public Amount Rewards { get; private set; }

    public int Weeks { get; private set; }

    public void Begin()
    {
        _treasury = economy.Token.TreasuryUsd;
        Clear();
    }

    public void Clear()
    {
        (Minted, Burned, Rewards, _revenue, Weeks) = (Amount.Zero, Amount.Zero, Amount.Zero, Credits.Zero, 0);
        Array.Clear(_earned);
    }

    public void Take(in WeekOutcome outcome, Credits revenue)
    {
        Minted += outcome.Minted;
        Burned += outcome.Burned;
        Rewards += outcome.Rewards;
        _revenue += revenue;
        Weeks++;
        _treasury = Math.Max(0, _treasury - economy.Token.SpendingUsdPerWeek);
        for (var i = 0; i < _earned.Length; i++) _earned[i] += outcome.Amounts[i];
    }

    public NetworkHealth Measure(Price price, Amount supply)
    {
        var hardware = economy.Operators.Classes.Select(ClassOf).ToList();
        return NetworkHealth.Of(new HealthFacts
        {
            Epochs = (ulong)Weeks, EpochsPerYear = WeeksPerYear, Price = price, Supply = supply, Minted = Minted, Burned = Burned, Rewards = Rewards, Revenue = _revenue,
            SelfDealt = new Credits((UInt128)((double)_revenue.Count * economy.Customers.SelfDealt)),
            Operators = [.. hardware.SelectMany(known => known.Earned).Select(earned => earned.BaseUnits)], Payers = _payers, Holders = [], Hardware = hardware,
            Treasury = Usd(_treasury), SpendingPerEpoch = Usd(economy.Token.SpendingUsdPerWeek),
        });
    }

    private HardwareClass ClassOf(OperatorClass hardware, int index)
    {
        var (first, devices) = (index * fleet.PerClass, 0.0);
        for (var i = first; i < first + fleet.PerClass; i++) devices += fleet.Count[i];
        var earned = new List<Amount>(Representatives);
        if (devices >= 1)
        {
            var (step, seen, next) = (devices / Representatives, 0.0, devices / Representatives / 2);
            for (var i = first; i < first + fleet.PerClass; i++)
            {
                seen += fleet.Count[i];
                while (next < seen && earned.Count < Representatives)
                {
                    earned.Add(new Amount((UInt128)((double)_earned[i].BaseUnits / fleet.Count[i])));
                    next += step;
                }
            }
        }
        return new HardwareClass(hardware.Name, Usd(hardware.CostUsd), Usd(hardware.RunningUsdPerWeek), earned);
    }

    private static UInt128[] ZipfOf(int payers) => [.. Enumerable.Range(1, payers).Select(rank => (UInt128)(1_000_000_000 / rank))];

    private static Credits Usd(double usd) => new((UInt128)(usd * Credits.PerUsd));
}
