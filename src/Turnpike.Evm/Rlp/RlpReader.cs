using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>
/// Reads a known sequence of fields without a tree. The first failure sticks: every later read returns a default, so a decoder reads all of its
/// fields in a row and looks at <see cref="Error"/> once, after <see cref="End"/>.
/// </summary>
public ref struct RlpReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Reads items from the start of <paramref name="data"/>.</summary>
    public RlpReader(ReadOnlySpan<byte> data) => _rest = data;

    /// <summary>The first failure, or None.</summary>
    public RlpError Error { get; private set; }

    /// <summary>Whether no item is left, or reading failed.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>A byte string of any length.</summary>
    public ReadOnlySpan<byte> ReadBytes() => ReadPayload(list: false);

    /// <summary>A byte string of exactly this length.</summary>
    public ReadOnlySpan<byte> ReadBytes(int length)
    {
        var bytes = ReadBytes();
        if (Error == RlpError.None && bytes.Length == length) return bytes;
        Fail(RlpError.WrongSize);
        return default;
    }

    /// <summary>A reader over the members of a list. Its failure is its own: pass it to <see cref="Leave"/> when done.</summary>
    public RlpReader ReadList() => new(ReadPayload(list: true)) { Error = Error };

    /// <summary>Ends a list: takes over its failure, and refuses members that nobody read.</summary>
    public void Leave(scoped RlpReader list)
    {
        if (Error != RlpError.None) return;
        if (list.Error == RlpError.None && !list.IsAtEnd) list.Fail(RlpError.TrailingBytes);
        if (list.Error != RlpError.None) Fail(list.Error);
    }

    /// <summary>Refuses bytes after the last item.</summary>
    public void End()
    {
        if (!IsAtEnd) Fail(RlpError.TrailingBytes);
    }

    /// <summary>An unsigned number of at most 64 bits, without leading zeros.</summary>
    public ulong ReadUInt64()
    {
        ulong value = 0;
        foreach (var digit in ReadDigits(sizeof(ulong))) value = (value << 8) | digit;
        return value;
    }

    /// <summary>An unsigned number of at most 8 bits; zero is the empty string.</summary>
    public byte ReadByte()
    {
        var digits = ReadDigits(1);
        return digits.IsEmpty ? (byte)0 : digits[0];
    }

    /// <summary>An unsigned number of at most 256 bits, without leading zeros.</summary>
    public BigInteger ReadUInt256() => new(ReadDigits(Bytes32.Length), isUnsigned: true, isBigEndian: true);

    /// <summary>An unsigned number of at most 256 bits, without leading zeros, as 32 bytes.</summary>
    public Bytes32 ReadUInt256Bytes()
    {
        Span<byte> padded = stackalloc byte[Bytes32.Length];
        padded.Clear();
        var digits = ReadDigits(Bytes32.Length);
        digits.CopyTo(padded[(Bytes32.Length - digits.Length)..]);
        return new Bytes32(padded);
    }

    /// <summary>A 20-byte address.</summary>
    public Address ReadAddress()
    {
        var bytes = ReadBytes(Address.Length);
        return bytes.IsEmpty ? default : new Address(bytes);
    }

    /// <summary>A 20-byte address, or null for an empty string: the recipient of a transaction that creates a contract.</summary>
    public Address? ReadOptionalAddress()
    {
        var bytes = ReadBytes();
        if (bytes.IsEmpty) return null;
        if (bytes.Length == Address.Length) return new Address(bytes);
        Fail(RlpError.WrongSize);
        return null;
    }

    /// <summary>A string of 32 bytes.</summary>
    public Bytes32 ReadBytes32()
    {
        var bytes = ReadBytes(Bytes32.Length);
        return bytes.IsEmpty ? default : new Bytes32(bytes);
    }

    private ReadOnlySpan<byte> ReadDigits(int maxLength)
    {
        var bytes = ReadBytes();
        if (bytes.Length > maxLength) Fail(RlpError.WrongSize);
        else if (!bytes.IsEmpty && bytes[0] == 0) Fail(RlpError.LeadingZero);
        return Error == RlpError.None ? bytes : default;
    }

    private ReadOnlySpan<byte> ReadPayload(bool list)
    {
        if (Error != RlpError.None) return default;
        var error = RlpPrefix.Read(_rest, out var prefix);
        if (error == RlpError.None && prefix.IsList != list) error = RlpError.UnexpectedKind;
        if (error != RlpError.None)
        {
            Fail(error);
            return default;
        }
        var payload = _rest.Slice(prefix.HeaderLength, prefix.PayloadLength);
        _rest = _rest[(prefix.HeaderLength + prefix.PayloadLength)..];
        return payload;
    }

    private void Fail(RlpError error)
    {
        if (Error == RlpError.None) Error = error;
        _rest = default;
    }
}
