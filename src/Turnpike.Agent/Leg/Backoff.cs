namespace Turnpike.Agent.Leg;

/// <summary>Pauses between attempts: doubled each time up to a limit, each a random part between half and all of it, so that a thousand agents do not come back at the same moment.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, Random random)
{
    private TimeSpan? _next;

    /// <summary>The next pause.</summary>
    public TimeSpan Next()
    {
        var full = _next ?? first;
        var pause = full * (0.5 + random.NextDouble() / 2);
        _next = full * 2 < longest ? full * 2 : longest;
        return pause;
    }

    /// <summary>All is well again.</summary>
    public void Reset() => _next = null;
}
