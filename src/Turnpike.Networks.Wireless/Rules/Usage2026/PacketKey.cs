using System.Buffers.Binary;
using System.Security.Cryptography;
using Turnpike.Core;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>
/// A packet as the retransmission rule tells it from others through the same device and for the same organisation: the first 96 bits of SHA-256(payload hash || organisation).
/// The organisation is in it so that nobody's purchase, however late and worthless, stands in the way of another's. Whoever makes two packets with one key, which takes
/// 2^48 hashes, has one of them refused.
/// </summary>
internal readonly record struct PacketKey(ulong High, uint Low) : IComparable<PacketKey>
{
    public const int Length = 12;

    public static PacketKey Of(Bytes32 payloadHash, Address organisation)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length + Address.Length];
        payloadHash.CopyTo(bytes);
        organisation.CopyTo(bytes[Bytes32.Length..]);
        Span<byte> hash = stackalloc byte[Bytes32.Length];
        SHA256.HashData(bytes, hash);
        return Read(hash);
    }

    public static PacketKey Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[sizeof(ulong)..]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt32BigEndian(destination[sizeof(ulong)..], Low);
    }

    public int CompareTo(PacketKey other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    // Keys are chosen by strangers: the framework's seeded hash keeps them from choosing collisions.
    public override int GetHashCode() => HashCode.Combine(High, Low);
}
