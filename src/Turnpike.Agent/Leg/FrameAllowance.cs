namespace Turnpike.Agent.Leg;

/// <summary>Frames that the node lets the agent send, by its own word: an agent that keeps to it is never told to send again.</summary>
internal sealed class FrameAllowance(int perSecond, int burst, TimeProvider time)
{
    private double _frames = burst;
    private long _at = time.GetTimestamp();

    /// <summary>How many may go now, at most so many.</summary>
    public int Take(int most)
    {
        var now = time.GetTimestamp();
        _frames = Math.Min(burst, _frames + time.GetElapsedTime(_at, now).TotalSeconds * perSecond);
        _at = now;
        var taken = Math.Min(most, (int)_frames);
        _frames -= taken;
        return taken;
    }

    /// <summary>Gives back what was not used.</summary>
    public void GiveBack(int frames) => _frames += frames;
}
