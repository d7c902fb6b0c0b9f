namespace Turnpike.Evm.Tests.Rpc;

/// <summary>Time that jumps to each timer as soon as it is set, and notes how long it would have taken: pauses cost nothing and can be counted.</summary>
internal sealed class FakeClock : TimeProvider
{
    private readonly List<TimeSpan> _pauses = [];
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Timers at least this long never fire, so that time-outs stay asleep.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromSeconds(25);

    public IReadOnlyList<TimeSpan> Pauses
    {
        get
        {
            lock (_pauses) return [.. _pauses];
        }
    }

    public void Advance(TimeSpan by) => _now += by;

    public override DateTimeOffset GetUtcNow() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= Horizon || dueTime < TimeSpan.Zero) return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
        lock (_pauses) _pauses.Add(dueTime);
        _now += dueTime;
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
