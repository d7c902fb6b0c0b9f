using Turnpike.Core;

namespace Turnpike.Agent.Leg;

/// <summary>What the line's owner writes and the status reads. Thread-safe.</summary>
internal sealed class LegStatus(AgentCounts counts, TimeProvider time)
{
    private readonly Lock _lock = new();
    private LegView _view = new(LegState.Connecting, time.GetUtcNow(), 0, null, null, 0, 0, 0, null, false);

    public LegView View
    {
        get
        {
            lock (_lock) return _view;
        }
    }

    public void Connected()
    {
        lock (_lock) _view = _view with { State = LegState.Connected, Since = time.GetUtcNow(), Attempts = 0, HasBeenConnected = true };
    }

    /// <summary>A connection or an attempt ended.</summary>
    public void Ended(VerdictCode code, string detail, bool isRefusal)
    {
        counts.Note(code, detail);
        var state = isRefusal ? LegState.Refused : LegState.Connecting;
        lock (_lock) _view = _view with { State = state, Since = _view.State == state ? _view.Since : time.GetUtcNow(), Attempts = _view.Attempts + 1, InFlight = 0, Last = new AgentEvent(time.GetUtcNow(), code, detail) };
    }

    public void Measured(TimeSpan? roundTrip, long offset)
    {
        lock (_lock) _view = _view with { RoundTripMilliseconds = roundTrip is { } trip ? Math.Round(trip.TotalMilliseconds, 1) : _view.RoundTripMilliseconds, ClockOffsetMilliseconds = offset };
    }

    public void Moved(int sent, int taken, int inFlight)
    {
        lock (_lock) _view = _view with { Sent = _view.Sent + sent, Taken = _view.Taken + taken, InFlight = inFlight };
    }
}
