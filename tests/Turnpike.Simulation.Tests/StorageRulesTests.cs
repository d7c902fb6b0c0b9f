using System.Numerics;
using Turnpike.Core;
using Turnpike.Economics;
using Turnpike.Tests;

namespace Turnpike.Simulation.Tests;

public class StorageRulesTests
{
    // The bound: minted supply of 1,065 days within a millionth of the reference simulation, from the real power history.
    [Fact]
    public void Minted_supply_of_three_years_is_the_references_to_a_millionth()
    {
        var history = FilecoinBacktest.Replay(SharedData.Path("storage/filecoin_network_daily_2022-10_2025-09.json"), SharedData.Path("storage/filecoin_mechafil_reference_simulation.json"));
        Assert.Equal(1_065, history.Days);
        Assert.InRange(history.WorstRelativeError, 0, 1e-6);
    }

    [Fact]
    public void Day_by_day_minting_is_epoch_by_epoch_minting_but_for_the_step_of_the_baseline()
    {
        var clock = new BaselineClock(StorageRules.MeasuredInitialBaseline);
        var terms = Economies.Read("filecoin").Economy.Rules[0] with { Storage = new StorageTerms(0, 0, 2.766213637444971 * 1e18 / Math.Pow(2, 60), 1) };
        var daily = new StorageRules(terms);
        var days = Amount.Zero;
        for (var day = 0; day < 60; day++)
        {
            var power = (UInt128)(day % 2 == 0 ? 5 : 1) * StorageRules.MeasuredInitialBaseline / 2;
            for (var epoch = 0; epoch < FilecoinMinting.EpochsPerDay; epoch++) clock.Advance(power);
            days += daily.AdvanceDay(power);
        }
        var epochs = FilecoinMinting.SimpleThrough(clock.Epochs) + FilecoinMinting.BaselineThrough(clock.Theta);
        Assert.InRange(Math.Abs((double)(BigInteger)epochs.BaseUnits / (double)(BigInteger)days.BaseUnits - 1), 0, 5e-4);
    }
}
