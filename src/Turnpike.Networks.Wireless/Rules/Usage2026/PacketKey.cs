using System.Buffers.Binary;
using Turnpike.Core;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>
/// A packet as the retransmission rule tells it from others through the same device: the first 96 bits of its hash. Whoever makes two packets with one key, which takes
/// 2^48 hashes, has one of them refused.
/// </summary>
internal readonly record struct PacketKey(ulong High, uint Low) : IComparable<PacketKey>
{
    public const int Length = 12;

    public static PacketKey Of(Bytes32 payloadHash)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        payloadHash.CopyTo(bytes);
        return Read(bytes);
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
