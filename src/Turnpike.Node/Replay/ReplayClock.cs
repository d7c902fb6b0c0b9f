namespace Turnpike.Node.Replay;

/// <summary>
/// The time of a replay: it stands still until the replay moves it along the trace. Pauses between two looks at something (a second or less) are cut short, because
/// the chain is a process beside this one that mines at once; longer ones are limits and stay what they are.
/// </summary>
public sealed class ReplayClock(long unixMilliseconds) : TimeProvider
{
    private const int Haste = 25;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);

    private long _now = unixMilliseconds;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Volatile.Read(ref _now));

    /// <summary>Moves the time on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Back.</exception>
    public void AdvanceTo(long unixMilliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(unixMilliseconds, Volatile.Read(ref _now));
        Volatile.Write(ref _now, unixMilliseconds);
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, Cut(dueTime), Cut(period));

    private static TimeSpan Cut(TimeSpan pause)
    {
        if (pause <= TimeSpan.Zero || pause > LongestPause) return pause;
        var cut = pause / Haste;
        return cut > ShortestPause ? cut : ShortestPause;
    }
}
