using System.Buffers.Binary;

namespace Turnpike.Evidence;

/// <summary>Writes shortest-form CBOR heads and byte strings into a span that the caller sized.</summary>
internal ref struct CborBuffer(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    public int Written { get; private set; }

    public static int HeadLength(ulong argument) => argument switch
    {
        < 24 => 1,
        <= byte.MaxValue => 2,
        <= ushort.MaxValue => 3,
        <= uint.MaxValue => 5,
        _ => 9,
    };

    public static int BytesLength(int length) => HeadLength((ulong)length) + length;

    public void Head(int major, ulong argument)
    {
        var target = _destination[Written..];
        var length = HeadLength(argument);
        target[0] = (byte)(major << 5 | length switch { 1 => (int)argument, 2 => 24, 3 => 25, 5 => 26, _ => 27 });
        if (length == 2) target[1] = (byte)argument;
        if (length == 3) BinaryPrimitives.WriteUInt16BigEndian(target[1..], (ushort)argument);
        if (length == 5) BinaryPrimitives.WriteUInt32BigEndian(target[1..], (uint)argument);
        if (length == 9) BinaryPrimitives.WriteUInt64BigEndian(target[1..], argument);
        Written += length;
    }

    public void Unsigned(ulong value) => Head(0, value);

    public void Bytes(scoped ReadOnlySpan<byte> content)
    {
        Head(2, (ulong)content.Length);
        Raw(content);
    }

    public void Raw(scoped ReadOnlySpan<byte> encoded)
    {
        encoded.CopyTo(_destination[Written..]);
        Written += encoded.Length;
    }
}
