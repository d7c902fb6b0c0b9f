using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Unicode;
using Turnpike.Core;

namespace Turnpike.Evm.Abi;

/// <summary>
/// Reads an ABI encoding strictly: high bits and padding are zero (sign-extended for signed types), bool is 0 or 1, text is UTF-8,
/// offsets and lengths stay inside the data. Every byte can be paid for once only: what is read in sum never exceeds the data, so
/// overlapping offsets cannot blow a small message up. Frames work as in <see cref="AbiWriter"/>. Pass by reference.
/// </summary>
/// <remarks>Every read throws <see cref="AbiException"/> and nothing else for bad data.</remarks>
public ref struct AbiReader
{
    private readonly ReadOnlySpan<byte> _data;
    private int _unread;
    private AbiFrame _frame;

    /// <summary>Reads a parameter list whose head takes <paramref name="headBytes"/>.</summary>
    public AbiReader(ReadOnlySpan<byte> data, int headBytes)
    {
        _data = data;
        _unread = data.Length;
        _frame = Open(0, headBytes);
    }

    /// <summary>Reads calldata or revert data that must begin with <paramref name="selector"/>.</summary>
    public static AbiReader AfterSelector(ReadOnlySpan<byte> data, uint selector, int headBytes)
    {
        if (data.Length < 4 || BinaryPrimitives.ReadUInt32BigEndian(data) != selector)
            throw new AbiException($"The data begins with {Hex.Format(data[..Math.Min(4, data.Length)])}, not with the selector 0x{selector:x8}.");
        return new AbiReader(data[4..], headBytes);
    }

    /// <summary>Reads an unsigned integer of at most 64 bits.</summary>
    public ulong ReadUInt64(int bits)
    {
        var word = Word();
        var value = BinaryPrimitives.ReadUInt64BigEndian(word[24..]);
        if (word[..24].ContainsAnyExcept((byte)0) || (bits < 64 && value >> bits != 0)) throw Bad("high bits are set in a uint", bits);
        return value;
    }

    /// <summary>Reads an unsigned integer of at most 128 bits.</summary>
    public UInt128 ReadUInt128(int bits)
    {
        var word = Word();
        var value = BinaryPrimitives.ReadUInt128BigEndian(word[16..]);
        if (word[..16].ContainsAnyExcept((byte)0) || (bits < 128 && value >> bits != 0)) throw Bad("high bits are set in a uint", bits);
        return value;
    }

    /// <summary>Reads an unsigned integer of at most 256 bits.</summary>
    public BigInteger ReadUInt256(int bits)
    {
        var word = Word();
        if (word[..(32 - (bits / 8))].ContainsAnyExcept((byte)0)) throw Bad("high bits are set in a uint", bits);
        return new BigInteger(word, isUnsigned: true, isBigEndian: true);
    }

    /// <summary>Reads a signed integer of at most 64 bits.</summary>
    public long ReadInt64(int bits)
    {
        var word = SignExtended(bits);
        return BinaryPrimitives.ReadInt64BigEndian(word[24..]);
    }

    /// <summary>Reads a signed integer of at most 128 bits.</summary>
    public Int128 ReadInt128(int bits)
    {
        var word = SignExtended(bits);
        return BinaryPrimitives.ReadInt128BigEndian(word[16..]);
    }

    /// <summary>Reads a signed integer of at most 256 bits.</summary>
    public BigInteger ReadInt256(int bits) => new(SignExtended(bits), isUnsigned: false, isBigEndian: true);

    /// <summary>Reads 0 or 1.</summary>
    public bool ReadBool()
    {
        var word = Word();
        if (word[..31].ContainsAnyExcept((byte)0) || word[31] > 1) throw Bad("neither 0 nor 1 in a bool");
        return word[31] == 1;
    }

    /// <summary>Reads an account.</summary>
    public Address ReadAddress()
    {
        var word = Word();
        if (word[..12].ContainsAnyExcept((byte)0)) throw Bad("high bits are set in an address");
        return new Address(word[12..]);
    }

    /// <summary>Reads a whole word.</summary>
    public Bytes32 ReadBytes32() => new(Word());

    /// <summary>Reads bytesN.</summary>
    public byte[] ReadFixedBytes(int length)
    {
        var word = Word();
        if (word[length..].ContainsAnyExcept((byte)0)) throw Bad("padding is set in a bytes", length);
        return word[..length].ToArray();
    }

    /// <summary>Reads bytes of any length, as a view of the data.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        var start = ReadOffset();
        var length = ReadLength(start);
        var padded = ((long)length + 31) & ~31L;
        Pay(start + AbiWriter.WordBytes, padded);
        var bytes = _data.Slice(start + AbiWriter.WordBytes, (int)padded);
        if (bytes[length..].ContainsAnyExcept((byte)0)) throw Bad("padding is set after bytes");
        return bytes[..length];
    }

    /// <summary>Reads text.</summary>
    public string ReadString()
    {
        var bytes = ReadBytes();
        if (!Utf8.IsValid(bytes)) throw Bad("a string is not UTF-8");
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Opens the frame of a dynamic tuple or of a fixed array of dynamic elements; returns the frame to go back to.</summary>
    public AbiFrame EnterDynamic(int frameBytes)
    {
        var start = ReadOffset();
        var outer = _frame;
        _frame = Open(start, frameBytes);
        return outer;
    }

    /// <summary>Opens the frame of a T[]; the data holds at least the heads of <paramref name="count"/> elements, so the caller may allocate that many.</summary>
    public AbiFrame EnterArray(int elementHeadBytes, out int count)
    {
        var start = ReadOffset();
        count = ReadLength(start);
        var outer = _frame;
        _frame = Open(start + AbiWriter.WordBytes, (long)count * elementHeadBytes);
        return outer;
    }

    /// <summary>Goes back to the frame that the matching Enter returned.</summary>
    public void Leave(AbiFrame outer) => _frame = outer;

    /// <summary>Refuses data that holds more than what was read.</summary>
    public readonly void RequireEnd()
    {
        if (_unread != 0) throw new AbiException($"{_unread} of {_data.Length} bytes belong to no value.");
    }

    private ReadOnlySpan<byte> Word()
    {
        if (_frame.Next >= _frame.End) throw new InvalidOperationException("More values were read than the frame holds.");
        var word = _data.Slice(_frame.Next, AbiWriter.WordBytes);
        _frame = _frame with { Next = _frame.Next + AbiWriter.WordBytes };
        return word;
    }

    private ReadOnlySpan<byte> SignExtended(int bits)
    {
        var word = Word();
        var first = AbiWriter.WordBytes - (bits / 8);
        var sign = (word[first] & 0x80) != 0 ? (byte)0xff : (byte)0;
        if (word[..first].ContainsAnyExcept(sign)) throw Bad("wrong sign extension of an int", bits);
        return word;
    }

    private int ReadOffset()
    {
        var offset = SmallNumber(Word(), "an offset");
        var start = (long)_frame.Start + offset;
        return start <= _data.Length ? (int)start : throw Bad($"the offset {offset} leads outside of the data");
    }

    private int ReadLength(int position)
    {
        Pay(position, AbiWriter.WordBytes);
        return SmallNumber(_data.Slice(position, AbiWriter.WordBytes), "a length");
    }

    private readonly int SmallNumber(ReadOnlySpan<byte> word, string what)
    {
        var value = BinaryPrimitives.ReadUInt32BigEndian(word[28..]);
        if (word[..28].ContainsAnyExcept((byte)0) || value > _data.Length) throw Bad($"{what} beyond the data");
        return (int)value;
    }

    private AbiFrame Open(int start, long bytes)
    {
        Pay(start, bytes);
        return new AbiFrame(start, start, start + (int)bytes);
    }

    private void Pay(int start, long bytes)
    {
        if (start + bytes > _data.Length) throw new AbiException($"The data ends at byte {_data.Length}; {bytes} bytes at {start} were expected.");
        if (bytes > _unread) throw new AbiException("Overlapping offsets: values would take more bytes than the data has.");
        _unread -= (int)bytes;
    }

    private readonly AbiException Bad(string what, int size) => Bad(what + size.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private readonly AbiException Bad(string what) => new($"Near byte {_frame.Next}: {what}.");
}
