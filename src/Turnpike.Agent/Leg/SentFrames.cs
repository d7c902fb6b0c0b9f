using Turnpike.Networks.Wireless.Protocol.Leg;

namespace Turnpike.Agent.Leg;

/// <summary>Frames on their way, oldest first, as long as the node's window. One caller at a time.</summary>
internal sealed class SentFrames
{
    private readonly LinkedList<SequencedFrame> _frames = [];

    public int Count => _frames.Count;

    /// <summary>The last sequence sent; 0 for none.</summary>
    public ulong Last => _frames.Last?.Value.Sequence ?? 0;

    public void Add(SequencedFrame frame) => _frames.AddLast(frame);

    /// <summary>Takes out what the node took.</summary>
    public List<SequencedFrame> TakeUpTo(ulong sequence)
    {
        var taken = new List<SequencedFrame>();
        for (; _frames.First is { } first && first.Value.Sequence <= sequence; _frames.RemoveFirst()) taken.Add(first.Value);
        return taken;
    }

    /// <summary>Takes back what is to be sent again.</summary>
    public void DropFrom(ulong sequence)
    {
        while (_frames.Last is { } last && last.Value.Sequence >= sequence) _frames.RemoveLast();
    }
}
