namespace Turnpike.Node.Router.Leg;

/// <summary>Frames in hand over all hotspots, bounded. Thread-safe.</summary>
internal sealed class LegLoad(int most)
{
    private int _inHand;

    public int InHand => Volatile.Read(ref _inHand);

    public bool TryTake()
    {
        if (Interlocked.Increment(ref _inHand) <= most) return true;
        Interlocked.Decrement(ref _inHand);
        return false;
    }

    public void Release() => Interlocked.Decrement(ref _inHand);
}
