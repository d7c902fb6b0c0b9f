using System.Globalization;

namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>
/// A network's identifier, 24 bits, of which the highest three are its type. The type says how many bits of a DevAddr are prefix and how many name the network
/// (LoRaWAN Backend Interfaces 1.0, table 3; types 0 to 7).
/// </summary>
public readonly record struct NetId
{
    private const int AddressBits = 32;

    // By type: bits that name the network, after type + 1 prefix bits (ones, then a zero).
    private static ReadOnlySpan<byte> NetworkBits => [6, 6, 9, 11, 12, 13, 15, 17];

    /// <summary>A NetID.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than 24 bits.</exception>
    public NetId(uint value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 0xFFFFFFu);
        Value = value;
    }

    /// <summary>24 bits.</summary>
    public uint Value { get; }

    /// <summary>0 to 7.</summary>
    public int Type => (int)(Value >> 21);

    /// <summary>The first address of the network.</summary>
    public DevAddr First => new(Prefix << (AddressBits - PrefixLength));

    /// <summary>The last address of the network.</summary>
    public DevAddr Last => new(First.Value | (uint)((1UL << (AddressBits - PrefixLength)) - 1));

    private int PrefixLength => Type + 1 + NetworkBits[Type];

    // Type t: t ones, a zero, then the lowest bits of the NetID.
    private uint Prefix
    {
        get
        {
            var ones = ((1u << Type) - 1) << 1;
            var bits = NetworkBits[Type];
            return (ones << bits) | (Value & ((1u << bits) - 1));
        }
    }

    /// <summary>Whether an address belongs to the network.</summary>
    public bool Contains(DevAddr address) => address.Value >= First.Value && address.Value <= Last.Value;

    /// <summary>Reads 6 hexadecimal digits.</summary>
    public static bool TryParse(string? text, out NetId id)
    {
        id = default;
        if (text?.Length != 6 || !uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) return false;
        id = new NetId(value);
        return true;
    }

    /// <summary>6 lowercase hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x6", CultureInfo.InvariantCulture);
}
