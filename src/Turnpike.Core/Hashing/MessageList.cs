namespace Turnpike.Core.Hashing;

/// <summary>Independent messages back to back in one buffer: all of one length, or each with its own end.</summary>
internal readonly ref struct MessageList
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly ReadOnlySpan<int> _ends;
    private readonly int _length;

    /// <summary>Messages of one length.</summary>
    public MessageList(ReadOnlySpan<byte> bytes, int length, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (bytes.Length != (long)length * count) throw new ArgumentException($"{count} messages of {length} bytes are not {bytes.Length} bytes.", nameof(bytes));
        _bytes = bytes;
        _length = length;
        Count = count;
    }

    /// <summary>Message i ends before <paramref name="ends"/>[i] and begins where the one before it ends.</summary>
    public MessageList(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> ends)
    {
        var start = 0;
        foreach (var end in ends)
        {
            if (end < start) throw new ArgumentException($"A message that begins at {start} ends at {end}.", nameof(ends));
            start = end;
        }
        if (start != bytes.Length) throw new ArgumentException($"The messages end at {start}, the bytes at {bytes.Length}.", nameof(ends));
        _bytes = bytes;
        _ends = ends;
        Count = ends.Length;
    }

    public int Count { get; }

    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            if (_ends.IsEmpty) return _bytes.Slice(index * _length, _length);
            var start = index == 0 ? 0 : _ends[index - 1];
            return _bytes[start.._ends[index]];
        }
    }
}
