namespace Turnpike.Evidence;

/// <summary>Walks bytes that <see cref="DeterministicCbor"/> approved, expecting one shape; every step that finds another shape returns false.</summary>
internal ref struct CborCursor(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _position;

    public readonly bool AtEnd => _position == _data.Length;

    public bool TryTag(ulong tag) => TryHead(6, out var argument) && argument == tag;

    public bool TryArray(int count) => TryHead(4, out var argument) && argument == (ulong)count;

    public bool TryMap(out ulong count) => TryHead(5, out count);

    public bool TryUnsigned(out ulong value) => TryHead(0, out value);

    /// <summary>An integer of either sign that fits 64 signed bits.</summary>
    public bool TryInteger(out long value)
    {
        value = 0;
        var negative = !AtEnd && _data[_position] >> 5 == 1;
        if (!TryHead(negative ? 1 : 0, out var argument) || argument > long.MaxValue) return false;
        value = negative ? -1 - (long)argument : (long)argument;
        return true;
    }

    /// <summary>A byte string, as a range of the walked bytes.</summary>
    public bool TryBytes(out Range content)
    {
        content = default;
        if (!TryHead(2, out var length) || length > (ulong)(_data.Length - _position)) return false;
        content = _position..(_position + (int)length);
        _position += (int)length;
        return true;
    }

    private bool TryHead(int expectedMajor, out ulong argument) =>
        DeterministicCbor.Head(_data, ref _position, out var major, out _, out argument) == CborForm.Deterministic && major == expectedMajor;
}
