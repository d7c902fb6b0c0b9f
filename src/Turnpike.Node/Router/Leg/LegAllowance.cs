using Turnpike.Node.Settings;

namespace Turnpike.Node.Router.Leg;

/// <summary>One hotspot's allowance of frames, by a clock that only goes forward. Its owner takes from it one at a time.</summary>
internal sealed class LegAllowance(LegOptions options, TimeProvider time)
{
    private double _frames = options.FrameBurst;
    private long _at = time.GetTimestamp();

    public bool TryTake()
    {
        var now = time.GetTimestamp();
        _frames = Math.Min(options.FrameBurst, _frames + time.GetElapsedTime(_at, now).TotalSeconds * options.FramesPerSecond);
        _at = now;
        if (_frames < 1) return false;
        _frames--;
        return true;
    }
}
