using System.Buffers.Binary;
using System.Globalization;

namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>A 64-bit extended unique identifier: DevEUI, JoinEUI or gateway EUI. Written as 16 hexadecimal digits, most significant first; on the air least significant byte first.</summary>
public readonly record struct Eui64(ulong Value) : IComparable<Eui64>
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 8;

    /// <summary>Reads 16 hexadecimal digits, with or without '-' or ':' between the bytes.</summary>
    public static bool TryParse(string? text, out Eui64 eui)
    {
        eui = default;
        if (text is null || text.Length > 23) return false;
        var digits = text.Replace("-", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal);
        if (digits.Length != 2 * Length || !ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) return false;
        eui = new Eui64(value);
        return true;
    }

    /// <summary>Reads the wire's byte order.</summary>
    public static Eui64 ReadLittleEndian(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64LittleEndian(bytes));

    /// <summary>Writes the wire's byte order.</summary>
    public void WriteLittleEndian(Span<byte> bytes) => BinaryPrimitives.WriteUInt64LittleEndian(bytes, Value);

    /// <inheritdoc/>
    public int CompareTo(Eui64 other) => Value.CompareTo(other.Value);

    /// <summary>16 lowercase hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
