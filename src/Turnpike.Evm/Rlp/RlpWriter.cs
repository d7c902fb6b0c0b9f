using System.Buffers.Binary;
using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>Writes items in a row; a list is opened, filled and closed, when its header is put before its members.</summary>
public sealed class RlpWriter
{
    private const int LongestShortPayload = 55;

    private byte[] _buffer = new byte[256];
    private int _length;

    /// <summary>Bytes written so far.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>A copy of what was written.</summary>
    public byte[] ToArray() => Written.ToArray();

    /// <summary>Writes one byte as it is, such as the type before a typed transaction.</summary>
    public void WriteRaw(byte value) => Reserve(1)[0] = value;

    /// <summary>Writes a byte string.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 1 || bytes[0] >= 0x80) WriteHeader(0x80, bytes.Length);
        bytes.CopyTo(Reserve(bytes.Length));
    }

    /// <summary>Writes a number without leading zeros; zero is the empty string.</summary>
    public void WriteUInt64(ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        WriteBytes(bytes.TrimStart((byte)0));
    }

    /// <summary>Writes a number of at most 256 bits without leading zeros.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or 2^256 and more.</exception>
    public void WriteUInt256(BigInteger value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        if (!value.TryWriteBytes(bytes, out var written, isUnsigned: true, isBigEndian: true))
            throw new ArgumentOutOfRangeException(nameof(value), "The number has more than 256 bits.");
        WriteBytes(value.IsZero ? default : bytes[..written]);
    }

    /// <summary>Writes 32 bytes as a number, without leading zeros.</summary>
    public void WriteUInt256(Bytes32 value)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        value.CopyTo(bytes);
        WriteBytes(bytes.TrimStart((byte)0));
    }

    /// <summary>Writes the 20 bytes of an address, or the empty string for null.</summary>
    public void WriteAddress(Address? address)
    {
        Span<byte> bytes = stackalloc byte[Address.Length];
        address?.CopyTo(bytes);
        WriteBytes(address is null ? default : bytes);
    }

    /// <summary>Writes all 32 bytes.</summary>
    public void WriteBytes32(Bytes32 value)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        value.CopyTo(bytes);
        WriteBytes(bytes);
    }

    /// <summary>Opens a list; hand the result to <see cref="EndList"/>.</summary>
    public int BeginList() => _length;

    /// <summary>Closes the list that was opened at <paramref name="start"/>.</summary>
    public void EndList(int start)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, _length);
        var payload = _length - start;
        WriteHeader(0xC0, payload);
        // The header was appended after the payload: rotate it to the front.
        var header = _length - start - payload;
        Span<byte> copy = stackalloc byte[1 + sizeof(int)];
        _buffer.AsSpan(start + payload, header).CopyTo(copy);
        _buffer.AsSpan(start, payload).CopyTo(_buffer.AsSpan(start + header));
        copy[..header].CopyTo(_buffer.AsSpan(start));
    }

    private void WriteHeader(byte kind, int length)
    {
        if (length <= LongestShortPayload)
        {
            WriteRaw((byte)(kind + length));
            return;
        }
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        var digits = bytes.TrimStart((byte)0);
        WriteRaw((byte)(kind + LongestShortPayload + digits.Length));
        digits.CopyTo(Reserve(digits.Length));
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count) Array.Resize(ref _buffer, Math.Max(checked(_length + count), (int)Math.Min(_buffer.Length * 2L, Array.MaxLength)));
        _length += count;
        return _buffer.AsSpan(_length - count, count);
    }
}
