using System.Buffers.Binary;

namespace Turnpike.Evidence;

/// <summary>
/// A record in a segment, integers little-endian:
/// 0 body length (4) · 4 CRC-32C (4) · 8 synced (4) · 12 type (1) · 13 received, unix ms (8) · 21 body.
/// The checksum covers the segment's salt, the frame's own offset and every other byte of the frame. Synced is the segment's length at the last completed
/// fsync before this record was written: whoever finds the record knows that everything before that point had been durable.
/// The Merkle leaf is the frame from its type on, so that a proof of inclusion covers the time of receipt too.
/// </summary>
internal readonly struct RecordFrame
{
    public const int HeaderLength = 21;

    /// <summary>Where the bytes of a frame begin that the Merkle tree hashes as its leaf.</summary>
    public const int LeafAt = TypeAt;

    private const int ChecksumAt = 4, SyncedAt = 8, TypeAt = 12, ReceivedAtAt = 13;

    public required int Offset { get; init; }

    public required int BodyLength { get; init; }

    public required int Synced { get; init; }

    public required RecordType Type { get; init; }

    public required long ReceivedAt { get; init; }

    public int BodyOffset => Offset + HeaderLength;

    public int End => BodyOffset + BodyLength;

    /// <summary>The state of the checksum before a frame at <paramref name="offset"/>.</summary>
    private static uint Seed(UInt128 salt, int offset)
    {
        Span<byte> seed = stackalloc byte[SegmentHeader.SaltLength + sizeof(long)];
        BinaryPrimitives.WriteUInt128LittleEndian(seed, salt);
        BinaryPrimitives.WriteInt64LittleEndian(seed[SegmentHeader.SaltLength..], offset);
        return Crc32C.Append(Crc32C.Start, seed);
    }

    public static int Write(Span<byte> destination, UInt128 salt, int offset, int synced, RecordType type, long receivedAt, ReadOnlySpan<byte> body)
    {
        var frame = destination[..(HeaderLength + body.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame[SyncedAt..], synced);
        frame[TypeAt] = (byte)type;
        BinaryPrimitives.WriteInt64LittleEndian(frame[ReceivedAtAt..], receivedAt);
        body.CopyTo(frame[HeaderLength..]);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[ChecksumAt..], Checksum(frame, salt, offset));
        return frame.Length;
    }

    /// <summary>Reads the frame at <paramref name="offset"/>; null when it is whole and right.</summary>
    public static SegmentFaultKind? TryRead(ReadOnlySpan<byte> segment, int offset, UInt128 salt, out RecordFrame frame)
    {
        frame = default;
        var rest = segment[offset..];
        if (rest.Length < HeaderLength) return SegmentFaultKind.TruncatedRecord;
        var bodyLength = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        if (bodyLength > SegmentFormat.MaximumBodyBytes) return SegmentFaultKind.OversizedRecord;
        if (rest.Length - HeaderLength < bodyLength) return SegmentFaultKind.TruncatedRecord;
        rest = rest[..(HeaderLength + (int)bodyLength)];
        if (Checksum(rest, salt, offset) != BinaryPrimitives.ReadUInt32LittleEndian(rest[ChecksumAt..])) return SegmentFaultKind.BadRecordChecksum;
        frame = new RecordFrame
        {
            Offset = offset,
            BodyLength = (int)bodyLength,
            Synced = BinaryPrimitives.ReadInt32LittleEndian(rest[SyncedAt..]),
            Type = (RecordType)rest[TypeAt],
            ReceivedAt = BinaryPrimitives.ReadInt64LittleEndian(rest[ReceivedAtAt..]),
        };
        var possible = frame.Synced >= SegmentHeader.Length && frame.Synced <= offset && frame.ReceivedAt >= 0 && frame.Type is >= RecordType.Evidence and <= RecordType.Archive;
        return possible ? null : SegmentFaultKind.ImpossibleRecord;
    }

    private static uint Checksum(ReadOnlySpan<byte> frame, UInt128 salt, int offset)
    {
        var state = Crc32C.Append(Seed(salt, offset), frame[..ChecksumAt]);
        return Crc32C.Finish(Crc32C.Append(state, frame[SyncedAt..]));
    }
}
