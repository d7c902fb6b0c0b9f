using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Turnpike.Core;

namespace Turnpike.Evm.Abi;

/// <summary>
/// Writes an ABI encoding in one pass. A frame is the head of one tuple or array: values go to the frame's head in order, dynamic
/// values leave an offset there and go to the end. Static tuples and static fixed arrays need no frame of their own.
/// The buffer is pooled: call <see cref="ToArray"/> exactly once, last. Pass by reference.
/// </summary>
public ref struct AbiWriter
{
    /// <summary>Every value takes a multiple of this many bytes.</summary>
    public const int WordBytes = 32;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private byte[] _buffer;
    private int _length;
    private AbiFrame _frame;

    /// <summary>Starts with <paramref name="prefix"/> (bytecode, a selector or nothing) and a parameter list whose head takes <paramref name="headBytes"/>.</summary>
    public AbiWriter(scoped ReadOnlySpan<byte> prefix, int headBytes)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(prefix.Length + Math.Max(headBytes, 256));
        prefix.CopyTo(_buffer);
        _length = prefix.Length;
        _frame = Open(headBytes);
    }

    /// <summary>Starts calldata or revert data: four bytes of selector, then a parameter list.</summary>
    public AbiWriter(uint selector, int headBytes)
        : this([(byte)(selector >> 24), (byte)(selector >> 16), (byte)(selector >> 8), (byte)selector], headBytes)
    {
    }

    /// <summary>Writes an unsigned integer that must fit <paramref name="bits"/>.</summary>
    public void WriteUInt(ulong value, int bits)
    {
        if (bits < 64 && value >> bits != 0) throw OutOfRange(value, "uint", bits);
        BinaryPrimitives.WriteUInt64BigEndian(Word()[24..], value);
    }

    /// <summary>Writes an unsigned integer that must fit <paramref name="bits"/>.</summary>
    public void WriteUInt(UInt128 value, int bits)
    {
        if (bits < 128 && value >> bits != 0) throw OutOfRange(value, "uint", bits);
        BinaryPrimitives.WriteUInt128BigEndian(Word()[16..], value);
    }

    /// <summary>Writes an unsigned integer that must fit <paramref name="bits"/>.</summary>
    public void WriteUInt(BigInteger value, int bits)
    {
        if (value.Sign < 0 || value.GetBitLength() > bits) throw OutOfRange(value, "uint", bits);
        WriteBig(value, Word());
    }

    /// <summary>Writes a signed integer that must fit <paramref name="bits"/>.</summary>
    public void WriteInt(long value, int bits)
    {
        if (bits < 64 && value >> (bits - 1) is not (0 or -1)) throw OutOfRange(value, "int", bits);
        var word = Word();
        if (value < 0) word.Fill(0xff);
        BinaryPrimitives.WriteInt64BigEndian(word[24..], value);
    }

    /// <summary>Writes a signed integer that must fit <paramref name="bits"/>.</summary>
    public void WriteInt(Int128 value, int bits)
    {
        var high = bits < 128 ? value >> (bits - 1) : Int128.Zero;
        if (high != 0 && high != -1) throw OutOfRange(value, "int", bits);
        var word = Word();
        if (value < 0) word.Fill(0xff);
        BinaryPrimitives.WriteInt128BigEndian(word[16..], value);
    }

    /// <summary>Writes a signed integer that must fit <paramref name="bits"/>.</summary>
    public void WriteInt(BigInteger value, int bits)
    {
        if (value.GetBitLength() > bits - 1) throw OutOfRange(value, "int", bits);
        WriteBig(value, Word());
    }

    /// <summary>Writes 0 or 1.</summary>
    public void WriteBool(bool value) => Word()[31] = value ? (byte)1 : (byte)0;

    /// <summary>Writes an account.</summary>
    public void WriteAddress(Address value) => value.CopyTo(Word()[12..]);

    /// <summary>Writes a whole word.</summary>
    public void WriteBytes32(Bytes32 value) => value.CopyTo(Word());

    /// <summary>Writes exactly <paramref name="length"/> bytes, padded on the right.</summary>
    public void WriteFixedBytes(ReadOnlySpan<byte> value, int length)
    {
        if (value.Length != length) throw new ArgumentException($"bytes{length} needs {length} bytes, not {value.Length}.", nameof(value));
        value.CopyTo(Word());
    }

    /// <summary>Writes bytes of any length.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value) => value.CopyTo(Tail(value.Length));

    /// <summary>Writes text as UTF-8; a lone surrogate is an <see cref="ArgumentException"/>.</summary>
    public void WriteString(string value) => StrictUtf8.GetBytes(value, Tail(StrictUtf8.GetByteCount(value)));

    /// <summary>Opens the frame of a dynamic tuple or of a fixed array of dynamic elements; returns the frame to go back to.</summary>
    public AbiFrame EnterDynamic(int frameBytes)
    {
        WriteOffset();
        var outer = _frame;
        _frame = Open(frameBytes);
        return outer;
    }

    /// <summary>Opens the frame of a T[] with <paramref name="count"/> elements; returns the frame to go back to.</summary>
    public AbiFrame EnterArray(int count, int elementHeadBytes)
    {
        WriteOffset();
        BinaryPrimitives.WriteInt32BigEndian(Reserve(WordBytes)[28..], count);
        var outer = _frame;
        _frame = Open(checked(count * elementHeadBytes));
        return outer;
    }

    /// <summary>Goes back to the frame that the matching Enter returned.</summary>
    public void Leave(AbiFrame outer) => _frame = outer;

    /// <summary>Guards the length of a T[k].</summary>
    public static void RequireLength(int count, int length)
    {
        if (count != length) throw new ArgumentException($"An array of {length} elements was expected, not {count}.");
    }

    /// <summary>The encoding; gives the buffer back to the pool.</summary>
    public byte[] ToArray()
    {
        var result = _buffer.AsSpan(0, _length).ToArray();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        return result;
    }

    /// <summary>Two's complement, big-endian, sign-extended over the whole zeroed word; the caller has checked the range.</summary>
    internal static void WriteBig(BigInteger value, Span<byte> word)
    {
        var isUnsigned = value.Sign >= 0;
        if (!isUnsigned) word.Fill(0xff);
        var count = value.GetByteCount(isUnsigned);
        value.TryWriteBytes(word[(WordBytes - count)..], out _, isUnsigned, isBigEndian: true);
    }

    internal static ArgumentOutOfRangeException OutOfRange(object value, string family, int bits) =>
        new(nameof(value), $"{value} does not fit {family}{bits}.");

    private Span<byte> Word()
    {
        if (_frame.Next >= _frame.End) throw new InvalidOperationException("More values were written than the frame has room for.");
        var word = _buffer.AsSpan(_frame.Next, WordBytes);
        _frame = _frame with { Next = _frame.Next + WordBytes };
        return word;
    }

    private void WriteOffset() => BinaryPrimitives.WriteInt32BigEndian(Word()[28..], _length - _frame.Start);

    private Span<byte> Tail(int length)
    {
        WriteOffset();
        var tail = Reserve(checked(WordBytes + length + (-length & (WordBytes - 1))));
        BinaryPrimitives.WriteInt32BigEndian(tail[28..], length);
        return tail[WordBytes..];
    }

    private AbiFrame Open(int bytes)
    {
        var start = _length;
        Reserve(bytes);
        return new AbiFrame(start, start, _length);
    }

    private Span<byte> Reserve(int bytes)
    {
        var needed = checked(_length + bytes);
        if (needed > _buffer.Length) Grow(needed);
        var span = _buffer.AsSpan(_length, bytes);
        span.Clear();
        _length = needed;
        return span;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(needed, 2L * _buffer.Length), Array.MaxLength));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
