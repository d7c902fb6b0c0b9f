using Turnpike.Core;

namespace Turnpike.Node.Replay;

/// <summary>The epochs of a replay: whole multiples of their length in unix time, from the one of the first reception to the one of the last.</summary>
public sealed record ReplayCalendar
{
    /// <summary>Shortest epoch: setting up, closing an epoch and waiting for its activation must fit into the next one.</summary>
    public static readonly TimeSpan ShortestEpoch = TimeSpan.FromMinutes(10);

    /// <summary>Longest epoch.</summary>
    public static readonly TimeSpan LongestEpoch = TimeSpan.FromDays(31);

    private const int MostEpochs = 5_000;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Boundaries.</summary>
    public required EpochClock Clock { get; init; }

    /// <summary>The last epoch.</summary>
    public required EpochNumber Last { get; init; }

    /// <summary>Length of every epoch.</summary>
    public TimeSpan Length => TimeSpan.FromSeconds(Clock.LengthSeconds);

    /// <summary>Time for commits after an epoch, and again before its report is activated: an hour, or a quarter of a short epoch.</summary>
    public TimeSpan Pause => Length / 4 < Hour ? TimeSpan.FromSeconds(Clock.LengthSeconds / 4) : Hour;

    /// <summary>When the chain begins: time to deploy and to set up before epoch 1.</summary>
    public long GenesisUnixSeconds => Clock.StartUnixSeconds - (long)Hour.TotalSeconds;

    /// <summary>The epochs of a trace.</summary>
    /// <exception cref="ReplayException">They would be too many.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is outside the limits.</exception>
    public static ReplayCalendar Of(ReplayTrace trace, TimeSpan length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, ShortestEpoch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, LongestEpoch);
        var seconds = (long)length.TotalSeconds;
        var clock = new EpochClock(trace.FirstAt / 1000 / seconds * seconds, seconds);
        var last = clock.At(trace.LastAt);
        return last.Value <= MostEpochs
            ? new ReplayCalendar { Clock = clock, Last = last }
            : throw new ReplayException($"The trace spans {last} epochs of {Blueprints.Notation.Duration(length)}, more than {MostEpochs}; choose a longer --epoch.");
    }
}
