namespace Turnpike.Core;

/// <summary>Names a device: Keccak-256 of its public key, and the id of its token in the registry. Ordered as a big-endian number.</summary>
/// <param name="Value">The 32 bytes.</param>
public readonly record struct DeviceId(Bytes32 Value) : IComparable<DeviceId>
{
    /// <summary>Bytes of an uncompressed public key without its prefix: x, then y.</summary>
    public const int PublicKeyLength = 64;

    /// <summary>The device that holds the key with these coordinates: keccak256(x || y), either curve.</summary>
    /// <exception cref="ArgumentException">Not 64 bytes.</exception>
    public static DeviceId OfPublicKey(ReadOnlySpan<byte> xy)
    {
        if (xy.Length != PublicKeyLength) throw new ArgumentException($"x and y are 64 bytes, not {xy.Length}.", nameof(xy));
        return new DeviceId(Keccak256.Hash(xy));
    }

    /// <summary>Reads 0x and 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static DeviceId Parse(ReadOnlySpan<char> text) => new(Bytes32.Parse(text));

    /// <summary>Reads 0x and 64 hexadecimal digits; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DeviceId value)
    {
        var ok = Bytes32.TryParse(text, out var bytes);
        value = new DeviceId(bytes);
        return ok;
    }

    /// <inheritdoc/>
    public int CompareTo(DeviceId other) => Value.CompareTo(other.Value);

    /// <summary>0x and 64 lowercase hexadecimal digits.</summary>
    public override string ToString() => Value.ToString();
}
