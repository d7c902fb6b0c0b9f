using System.Buffers.Binary;
using System.Text.Unicode;

namespace Turnpike.Evidence;

/// <summary>What a look at some bytes says of them as CBOR.</summary>
internal enum CborForm
{
    Deterministic,
    Malformed,
    NotDeterministic,
}

/// <summary>
/// Judges whether bytes are exactly one well-formed item in the core deterministic encoding of RFC 8949, section 4.2.1:
/// shortest heads and floats, definite lengths, map keys in bytewise order and unique. Allocates nothing and never looks
/// past what it was given, so hostile counts cost nothing. (The framework's CborReader knows the older, length-first key order only.)
/// </summary>
internal static class DeterministicCbor
{
    /// <summary>Containers and tags inside each other; deeper input is refused, which bounds the stack.</summary>
    public const int MaximumDepth = 16;

    private const ushort CanonicalNotANumber = 0x7E00;

    public static CborForm Check(ReadOnlySpan<byte> data)
    {
        var position = 0;
        var form = Item(data, ref position, 0);
        if (form != CborForm.Deterministic) return form;
        return position == data.Length ? CborForm.Deterministic : CborForm.Malformed;
    }

    /// <summary>Reads an initial byte and its argument; indefinite lengths and needlessly long arguments are not deterministic.</summary>
    public static CborForm Head(ReadOnlySpan<byte> data, ref int position, out int major, out int information, out ulong argument)
    {
        (major, information, argument) = (0, 0, 0);
        if (position >= data.Length) return CborForm.Malformed;
        major = data[position] >> 5;
        information = data[position++] & 0x1F;
        if (information < 24) argument = (ulong)information;
        if (information < 24) return CborForm.Deterministic;
        if (information == 31) return major is >= 2 and <= 5 ? CborForm.NotDeterministic : CborForm.Malformed;
        if (information > 27) return CborForm.Malformed;
        var size = 1 << (information - 24);
        if (data.Length - position < size) return CborForm.Malformed;
        var (value, least) = size switch
        {
            1 => (data[position], 24UL),
            2 => (BinaryPrimitives.ReadUInt16BigEndian(data[position..]), 0x100UL),
            4 => (BinaryPrimitives.ReadUInt32BigEndian(data[position..]), 0x1_0000UL),
            _ => (BinaryPrimitives.ReadUInt64BigEndian(data[position..]), 0x1_0000_0000UL),
        };
        argument = value;
        position += size;
        return major == 7 || value >= least ? CborForm.Deterministic : CborForm.NotDeterministic;
    }

    private static CborForm Item(ReadOnlySpan<byte> data, ref int position, int depth)
    {
        if (depth > MaximumDepth) return CborForm.Malformed;
        var form = Head(data, ref position, out var major, out var information, out var argument);
        if (form != CborForm.Deterministic) return form;
        var remaining = (ulong)(data.Length - position);
        return major switch
        {
            0 or 1 => CborForm.Deterministic,
            2 or 3 => argument > remaining ? CborForm.Malformed : Text(data, ref position, (int)argument, major == 3),
            4 => argument > remaining ? CborForm.Malformed : Items(data, ref position, (int)argument, depth),
            5 => argument > remaining / 2 ? CborForm.Malformed : Pairs(data, ref position, (int)argument, depth),
            6 => Item(data, ref position, depth + 1),
            _ => Simple(information, argument),
        };
    }

    private static CborForm Text(ReadOnlySpan<byte> data, ref int position, int length, bool isText)
    {
        var content = data.Slice(position, length);
        position += length;
        return isText && !Utf8.IsValid(content) ? CborForm.Malformed : CborForm.Deterministic;
    }

    private static CborForm Items(ReadOnlySpan<byte> data, ref int position, int count, int depth)
    {
        for (var i = 0; i < count; i++)
        {
            var form = Item(data, ref position, depth + 1);
            if (form != CborForm.Deterministic) return form;
        }
        return CborForm.Deterministic;
    }

    private static CborForm Pairs(ReadOnlySpan<byte> data, ref int position, int count, int depth)
    {
        var previous = ReadOnlySpan<byte>.Empty;
        for (var i = 0; i < count; i++)
        {
            var start = position;
            var form = Item(data, ref position, depth + 1);
            if (form != CborForm.Deterministic) return form;
            var key = data[start..position];
            if (previous.SequenceCompareTo(key) >= 0) return CborForm.NotDeterministic;
            previous = key;
            form = Item(data, ref position, depth + 1);
            if (form != CborForm.Deterministic) return form;
        }
        return CborForm.Deterministic;
    }

    private static CborForm Simple(int information, ulong argument) => information switch
    {
        < 24 => CborForm.Deterministic,
        24 => argument >= 32 ? CborForm.Deterministic : CborForm.Malformed,
        25 => Half.IsNaN(BitConverter.UInt16BitsToHalf((ushort)argument)) && argument != CanonicalNotANumber ? CborForm.NotDeterministic : CborForm.Deterministic,
        26 => FitsHalf(BitConverter.UInt32BitsToSingle((uint)argument)) ? CborForm.NotDeterministic : CborForm.Deterministic,
        _ => FitsSingle(BitConverter.UInt64BitsToDouble(argument)) ? CborForm.NotDeterministic : CborForm.Deterministic,
    };

    private static bool FitsHalf(float value) => float.IsNaN(value) || (float)(Half)value == value;

    private static bool FitsSingle(double value) => double.IsNaN(value) || (float)value == value;
}
