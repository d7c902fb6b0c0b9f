using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Turnpike.Core;

namespace Turnpike.Networks.Wireless.Protocol.Leg;

/// <summary>Reads big-endian fields one after another; the first one that is not there makes everything after it fail.</summary>
internal ref struct LegReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether every field was there.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Whether every field was there and nothing follows.</summary>
    public readonly bool IsExact => IsWhole && _rest.Length == 0;

    /// <summary>Says that a field holds what it must not.</summary>
    public void Refuse() => IsWhole = false;

    public byte Byte() => Take(1) is [var value] ? value : (byte)0;

    public ushort UInt16() => Take(sizeof(ushort)) is { Length: > 0 } field ? BinaryPrimitives.ReadUInt16BigEndian(field) : (ushort)0;

    public short Int16() => (short)UInt16();

    public uint UInt32() => Take(sizeof(uint)) is { Length: > 0 } field ? BinaryPrimitives.ReadUInt32BigEndian(field) : 0;

    public ulong UInt64() => Take(sizeof(ulong)) is { Length: > 0 } field ? BinaryPrimitives.ReadUInt64BigEndian(field) : 0;

    /// <summary>A number that has to be within bounds.</summary>
    public long Int64(long least, long greatest)
    {
        var value = (long)UInt64();
        if (value < least || value > greatest) IsWhole = false;
        return value;
    }

    public Bytes32 Bytes32() => Take(Core.Bytes32.Length) is { Length: > 0 } field ? new Bytes32(field) : default;

    public ReadOnlySpan<byte> Take(int count)
    {
        if (!IsWhole || _rest.Length < count)
        {
            IsWhole = false;
            return [];
        }
        var field = _rest[..count];
        _rest = _rest[count..];
        return field;
    }

    /// <summary>Printable ASCII behind its length in two bytes.</summary>
    public string Text(int most)
    {
        var length = UInt16();
        var field = length <= most ? Take(length) : [];
        if (field.Length != length || field.ContainsAnyExceptInRange((byte)' ', (byte)'~')) IsWhole = false;
        return IsWhole ? Encoding.ASCII.GetString(field) : "";
    }
}

/// <summary>The reverse of <see cref="LegReader"/>.</summary>
internal static class LegWriting
{
    public static IBufferWriter<byte> Byte(this IBufferWriter<byte> writer, byte value)
    {
        writer.GetSpan(1)[0] = value;
        writer.Advance(1);
        return writer;
    }

    public static IBufferWriter<byte> UInt16(this IBufferWriter<byte> writer, ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(writer.GetSpan(sizeof(ushort)), value);
        writer.Advance(sizeof(ushort));
        return writer;
    }

    public static IBufferWriter<byte> UInt32(this IBufferWriter<byte> writer, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(writer.GetSpan(sizeof(uint)), value);
        writer.Advance(sizeof(uint));
        return writer;
    }

    public static IBufferWriter<byte> UInt64(this IBufferWriter<byte> writer, ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(writer.GetSpan(sizeof(ulong)), value);
        writer.Advance(sizeof(ulong));
        return writer;
    }

    public static IBufferWriter<byte> Bytes32(this IBufferWriter<byte> writer, Bytes32 value)
    {
        value.CopyTo(writer.GetSpan(Core.Bytes32.Length));
        writer.Advance(Core.Bytes32.Length);
        return writer;
    }

    public static IBufferWriter<byte> Raw(this IBufferWriter<byte> writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write(bytes);
        return writer;
    }

    /// <summary>What is not printable ASCII becomes a question mark, what is too long is cut.</summary>
    public static IBufferWriter<byte> Text(this IBufferWriter<byte> writer, string text, int most)
    {
        var bytes = Encoding.ASCII.GetBytes(text.Length <= most ? text : text[..most]);
        foreach (ref var value in bytes.AsSpan())
            if (value is < (byte)' ' or > (byte)'~') value = (byte)'?';
        return writer.UInt16((ushort)bytes.Length).Raw(bytes);
    }
}
