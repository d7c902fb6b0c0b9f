using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>From this epoch on, this much is emitted in each epoch.</summary>
/// <param name="FromEpoch">First epoch of the step.</param>
/// <param name="PerEpoch">Emission of each epoch of the step.</param>
public readonly record struct EmissionStep(EpochNumber FromEpoch, Amount PerEpoch);

/// <summary>
/// What each epoch may emit at most before re-emission: a list of steps, the same list that the Emissions contract is constructed with. The last step holds for
/// ever, so a finite schedule ends with a step of nothing. Immutable.
/// </summary>
public sealed class EmissionSchedule
{
    private readonly EmissionStep[] _steps;

    /// <summary>A schedule of steps, each beginning after the one before it.</summary>
    /// <exception cref="ArgumentException">No step, a step from no epoch, or steps out of order.</exception>
    public EmissionSchedule(IEnumerable<EmissionStep> steps)
    {
        _steps = [.. steps];
        if (_steps.Length == 0 || _steps[0].FromEpoch.IsNone) throw new ArgumentException("A schedule has a first step, which begins at epoch 1 or later.", nameof(steps));
        for (var i = 1; i < _steps.Length; i++)
        {
            if (_steps[i].FromEpoch <= _steps[i - 1].FromEpoch)
                throw new ArgumentException($"Steps begin one after the other: {_steps[i].FromEpoch} follows {_steps[i - 1].FromEpoch}.", nameof(steps));
        }
    }

    /// <summary>The steps in order.</summary>
    public IReadOnlyList<EmissionStep> Steps => _steps;

    /// <summary>A schedule that is halved <paramref name="halvings"/> times, every <paramref name="intervalEpochs"/>, each time rounded down; the last step holds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No interval, or fewer than no halvings.</exception>
    public static EmissionSchedule Halving(EpochNumber from, Amount first, ulong intervalEpochs, int halvings) =>
        Decaying(from, first, new Ratio(1, 2), intervalEpochs, halvings);

    /// <summary>A schedule multiplied by <paramref name="factor"/> so many times, every <paramref name="intervalEpochs"/>, each time rounded down; the last step holds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No interval, or fewer than no steps.</exception>
    public static EmissionSchedule Decaying(EpochNumber from, Amount first, Ratio factor, ulong intervalEpochs, int times)
    {
        ArgumentOutOfRangeException.ThrowIfZero(intervalEpochs);
        ArgumentOutOfRangeException.ThrowIfNegative(times);
        var steps = new EmissionStep[times + 1];
        steps[0] = new EmissionStep(from, first);
        for (var i = 1; i <= times; i++)
            steps[i] = new EmissionStep(new EpochNumber(checked(steps[i - 1].FromEpoch.Value + intervalEpochs)), factor.FloorOf(steps[i - 1].PerEpoch));
        return new EmissionSchedule(steps);
    }

    /// <summary>What the epoch emits; nothing before the first step.</summary>
    public Amount At(EpochNumber epoch)
    {
        int low = 0, high = _steps.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_steps[middle].FromEpoch <= epoch) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? Amount.Zero : _steps[low - 1].PerEpoch;
    }

    /// <summary>What epochs 1 to <paramref name="last"/>, inclusive, emit together.</summary>
    /// <exception cref="OverflowException">More than 128 bits.</exception>
    public Amount TotalThrough(EpochNumber last)
    {
        var total = Amount.Zero;
        for (var i = 0; i < _steps.Length && _steps[i].FromEpoch <= last; i++)
        {
            var lastOfStep = i + 1 < _steps.Length && _steps[i + 1].FromEpoch <= last ? _steps[i + 1].FromEpoch.Value - 1 : last.Value;
            var epochs = (UInt128)lastOfStep - _steps[i].FromEpoch.Value + 1;
            total += new Amount(checked(_steps[i].PerEpoch.BaseUnits * epochs));
        }
        return total;
    }
}
