using Turnpike.Core;
using Turnpike.Economics;

namespace Turnpike.Simulation;

/// <summary>Where a live network stands, read from its chain.</summary>
/// <param name="Supply">Tokens that exist.</param>
/// <param name="Price">Average price of the feed.</param>
/// <param name="Schedule">The schedule of its Emissions contract.</param>
/// <param name="EpochLength">Its epoch.</param>
/// <param name="LastEpoch">Last closed epoch, 0 for none.</param>
/// <param name="Devices">Active devices.</param>
/// <param name="BurnedPerEpoch">Tokens that customers burned an epoch of late.</param>
public sealed record LiveState(Amount Supply, Price Price, EmissionSchedule Schedule, TimeSpan EpochLength, ulong LastEpoch, int Devices, Amount BurnedPerEpoch)
{
    /// <summary>
    /// The economy, begun where the network stands: its supply, price, schedule from the next epoch on, devices (divided over the classes as the economy has them) and
    /// demand. How people behave stays the economy's assumption.
    /// </summary>
    /// <exception cref="ArgumentException">The network's epoch fits no week.</exception>
    public Economy Begin(Economy economy)
    {
        var week = TimeSpan.FromDays(7);
        if (EpochLength <= TimeSpan.Zero || (EpochLength < week ? week.Ticks % EpochLength.Ticks : EpochLength.Ticks % week.Ticks) != 0)
            throw new ArgumentException($"Epochs of {EpochLength} fit no week: neither is the week a whole number of epochs nor the epoch one of weeks.");
        var epochsPerWeek = week / EpochLength;
        var demand = (double)Price.CreditsFloor(BurnedPerEpoch).Count / Credits.PerUsd * epochsPerWeek;
        var assumed = economy.Operators.Classes.Sum(hardware => hardware.Initial);
        return economy with
        {
            Token = economy.Token with { Supply = Supply, Price = Price.IsZero ? economy.Token.Price : Price },
            Emission = Remaining(),
            EpochLength = EpochLength,
            Operators = economy.Operators with { Classes = [.. economy.Operators.Classes.Select((hardware, i) => hardware with { Initial = assumed > 0 ? Devices * hardware.Initial / assumed : i == 0 ? Devices : 0 })] },
            Customers = economy.Customers with { DemandUsdPerWeek = demand },
            SourceHash = $"{economy.SourceHash} live {Supply} {Price} {LastEpoch} {Devices} {BurnedPerEpoch}",
        };
    }

    // Epoch LastEpoch + 1 becomes epoch 1.
    private EmissionSchedule Remaining()
    {
        var later = Schedule.Steps.Where(step => step.FromEpoch.Value > LastEpoch + 1).Select(step => step with { FromEpoch = new EpochNumber(step.FromEpoch.Value - LastEpoch) });
        return new EmissionSchedule([new EmissionStep(EpochNumber.First, Schedule.At(new EpochNumber(LastEpoch + 1))), .. later]);
    }
}
