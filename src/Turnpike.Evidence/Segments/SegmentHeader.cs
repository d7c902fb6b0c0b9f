using System.Buffers.Binary;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>
/// The first 80 bytes of a segment, integers little-endian:
/// 0 magic (8) · 8 partition (4) · 12 number (8) · 20 created, unix ms (8) · 28 network id (32) · 60 salt (16) · 76 CRC-32C of all before (4).
/// The salt enters every record's checksum, so that a hostile body cannot carry bytes that pass for a record of this segment.
/// </summary>
internal sealed record SegmentHeader
{
    public const int Length = 80;
    public const int SaltLength = 16;

    private const int PartitionAt = 8, NumberAt = 12, CreatedAtAt = 20, NetworkIdAt = 28, SaltAt = 60, ChecksumAt = 76;

    private static ReadOnlySpan<byte> Magic => "TPEVSEG1"u8;

    public required Bytes32 NetworkId { get; init; }

    public required uint Partition { get; init; }

    public required ulong Number { get; init; }

    public required long CreatedAt { get; init; }

    public required UInt128 Salt { get; init; }

    public byte[] Encode()
    {
        var bytes = new byte[Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(PartitionAt), Partition);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(NumberAt), Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(CreatedAtAt), CreatedAt);
        NetworkId.CopyTo(bytes.AsSpan(NetworkIdAt));
        BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(SaltAt), Salt);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ChecksumAt), Crc32C.Compute(bytes.AsSpan(0, ChecksumAt)));
        return bytes;
    }

    public static SegmentFault? Decode(ReadOnlySpan<byte> segment, out SegmentHeader header)
    {
        header = null!;
        if (segment.Length < Length) return new SegmentFault(SegmentFaultKind.TruncatedHeader, segment.Length, -1, $"a segment has at least {Length} bytes");
        if (!segment[..Magic.Length].SequenceEqual(Magic)) return new SegmentFault(SegmentFaultKind.NotASegment, 0, -1, "the first eight bytes are not a segment's");
        var stored = BinaryPrimitives.ReadUInt32LittleEndian(segment[ChecksumAt..]);
        if (stored != Crc32C.Compute(segment[..ChecksumAt])) return new SegmentFault(SegmentFaultKind.BadHeaderChecksum, ChecksumAt, -1, "the header does not match its checksum");
        header = new SegmentHeader
        {
            Partition = BinaryPrimitives.ReadUInt32LittleEndian(segment[PartitionAt..]),
            Number = BinaryPrimitives.ReadUInt64LittleEndian(segment[NumberAt..]),
            CreatedAt = BinaryPrimitives.ReadInt64LittleEndian(segment[CreatedAtAt..]),
            NetworkId = new Bytes32(segment.Slice(NetworkIdAt, Bytes32.Length)),
            Salt = BinaryPrimitives.ReadUInt128LittleEndian(segment[SaltAt..]),
        };
        return null;
    }
}
