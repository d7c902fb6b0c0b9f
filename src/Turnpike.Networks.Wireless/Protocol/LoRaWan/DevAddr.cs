using System.Buffers.Binary;
using System.Globalization;

namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>A device's address within a network: 32 bits, of which the highest name the network (see <see cref="NetId"/>). On the air least significant byte first.</summary>
public readonly record struct DevAddr(uint Value)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 4;

    /// <summary>Reads 8 hexadecimal digits.</summary>
    public static bool TryParse(string? text, out DevAddr address)
    {
        address = default;
        if (text?.Length != 2 * Length || !uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) return false;
        address = new DevAddr(value);
        return true;
    }

    /// <summary>Reads the wire's byte order.</summary>
    public static DevAddr ReadLittleEndian(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt32LittleEndian(bytes));

    /// <summary>Writes the wire's byte order.</summary>
    public void WriteLittleEndian(Span<byte> bytes) => BinaryPrimitives.WriteUInt32LittleEndian(bytes, Value);

    /// <summary>8 lowercase hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x8", CultureInfo.InvariantCulture);
}
