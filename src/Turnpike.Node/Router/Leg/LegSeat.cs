using Turnpike.Core;

namespace Turnpike.Node.Router.Leg;

/// <summary>A hotspot's place at the leg: one connection at a time, the newest; its lane outlives connections.</summary>
internal sealed class LegSeat
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private LegConnection? _newest;
    private LegConnection? _seated;
    private LegLane? _lane;

    /// <summary>The connection that has the place.</summary>
    public LegConnection? Seated
    {
        get
        {
            lock (_lock) return _seated;
        }
    }

    /// <summary>Whether it can be forgotten.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock) return _newest is null && _lane is null or { IsIdle: true };
        }
    }

    /// <summary>Waits until the earlier connection is gone; false when a newer one came meanwhile.</summary>
    public async Task<bool> TakeAsync(LegConnection connection, Action<LegConnection> supersede, CancellationToken cancellation)
    {
        LegConnection? earlier;
        lock (_lock) (earlier, _newest) = (_seated, connection);
        if (earlier is not null) supersede(earlier);
        await _turn.WaitAsync(cancellation);
        lock (_lock)
        {
            if (_newest == connection)
            {
                _seated = connection;
                return true;
            }
        }
        _turn.Release();
        return false;
    }

    /// <summary>The lane of a spool; another spool begins another lane.</summary>
    public LegLane LaneOf(Bytes32 spool, Func<LegLane> create)
    {
        lock (_lock) return _lane = _lane is { } known && known.Spool == spool ? known : create();
    }

    /// <summary>Gives the place back.</summary>
    public void Leave(LegConnection connection)
    {
        lock (_lock)
        {
            if (_newest == connection) _newest = null;
            _seated = null;
        }
        _turn.Release();
    }
}
