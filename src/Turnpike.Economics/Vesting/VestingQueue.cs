using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// Rewards that each vest evenly over the same number of epochs, as Filecoin's three quarters do over 180 days: what goes in comes out to the base unit. A ring of one
/// amount an epoch, so its size does not depend on how long it runs. Not safe for several threads.
/// </summary>
public sealed class VestingQueue
{
    private readonly Amount[] _lastParts;
    private Amount _perEpoch;
    private readonly Amount[] _ends;
    private int _now;

    /// <summary>A queue over so many epochs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No epochs.</exception>
    public VestingQueue(int epochs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epochs);
        (_lastParts, _ends) = (new Amount[epochs], new Amount[epochs]);
    }

    /// <summary>All that has not come out.</summary>
    public Amount Locked { get; private set; }

    /// <summary>Releases what an epoch vests of earlier rewards, then takes a new one.</summary>
    public Amount Advance(Amount reward)
    {
        _now = (_now + 1) % _ends.Length;
        // A reward's parts are equal, rounded down, and its last one carries the remainder.
        var released = _perEpoch + _lastParts[_now];
        _perEpoch -= _ends[_now];
        var part = new Amount(reward.BaseUnits / (UInt128)_ends.Length);
        _ends[_now] = part;
        _lastParts[_now] = new Amount(reward.BaseUnits - part.BaseUnits * (UInt128)_ends.Length);
        _perEpoch += part;
        Locked = Locked - released + reward;
        return released;
    }
}
