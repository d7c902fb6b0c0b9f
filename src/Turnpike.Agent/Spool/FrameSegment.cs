using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Networks.Wireless.Protocol.Leg;

namespace Turnpike.Agent.Spool;

/// <summary>
/// One append-only file of the frame spool. Header: 8 bytes magic, 32 spool id. Record: 2 length of the body · 4 CRC-32C over length, sequence and body · 8 sequence · body, a
/// <see cref="HeardFrameCodec"/> frame. Integers big-endian. What does not check ends the file: after a power cut its tail may be torn. Not thread-safe.
/// </summary>
internal sealed class FrameSegment : IDisposable
{
    public const string Suffix = ".frames";
    public const int HeaderBytes = 8 + Bytes32.Length;

    private const int LengthBytes = sizeof(ushort), ChecksumBytes = sizeof(uint), SequenceBytes = sizeof(ulong);
    private const int PrefixBytes = LengthBytes + ChecksumBytes + SequenceBytes;

    private static readonly byte[] Magic = "TPFRAME1"u8.ToArray();

    private readonly SafeFileHandle _file;
    private readonly byte[] _record = new byte[PrefixBytes + HeardFrameCodec.MaxBytes];

    private FrameSegment(string path, SafeFileHandle file, ulong first, int length) => (Path, _file, First, Length) = (path, file, first, length);

    public string Path { get; }

    /// <summary>Sequence of its first record.</summary>
    public ulong First { get; }

    /// <summary>Sequence of its last record; 0 before there is one.</summary>
    public ulong Last { get; private set; }

    /// <summary>Records that it held when it was opened.</summary>
    public int Records { get; private set; }

    /// <summary>Bytes that check.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that were forced to disk.</summary>
    public int Synced { get; private set; }

    /// <summary>Bytes behind <see cref="Length"/> that do not check, when it was opened.</summary>
    public int Damaged { get; private set; }

    public static int SizeOf(int bodyBytes) => PrefixBytes + bodyBytes;

    public static FrameSegment Create(string folder, Bytes32 spool, ulong first)
    {
        var path = System.IO.Path.Combine(folder, first.ToString("x16", CultureInfo.InvariantCulture) + Suffix);
        // A file of that name holds no record: its first sequence was never used.
        var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            RandomAccess.Write(file, [.. Magic, .. spool.ToArray()], 0);
            return new FrameSegment(path, file, first, HeaderBytes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens what an earlier run left; null when it is no file of this spool.</summary>
    public static FrameSegment? Open(string path, Bytes32 spool)
    {
        if (!ulong.TryParse(System.IO.Path.GetFileNameWithoutExtension(path), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var first)) return null;
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        var header = new byte[HeaderBytes];
        if (RandomAccess.Read(file, header, 0) != HeaderBytes || !header.AsSpan(0, Magic.Length).SequenceEqual(Magic) || new Bytes32(header.AsSpan(Magic.Length)) != spool)
        {
            file.Dispose();
            return null;
        }
        var segment = new FrameSegment(path, file, first, (int)Math.Min(RandomAccess.GetLength(file), int.MaxValue));
        segment.Check();
        return segment;
    }

    /// <summary>Appends a frame; on return a killed process leaves it behind, a power cut only after <see cref="Flush"/>.</summary>
    public void Append(ulong sequence, ReadOnlySpan<byte> body)
    {
        var record = _record.AsSpan(0, PrefixBytes + body.Length);
        BinaryPrimitives.WriteUInt16BigEndian(record, (ushort)body.Length);
        BinaryPrimitives.WriteUInt64BigEndian(record[(LengthBytes + ChecksumBytes)..], sequence);
        body.CopyTo(record[PrefixBytes..]);
        BinaryPrimitives.WriteUInt32BigEndian(record[LengthBytes..], Checksum(record));
        RandomAccess.Write(_file, record, Length);
        Length += record.Length;
        Last = sequence;
    }

    /// <summary>Reads the record at an offset and moves the offset behind it; false at the end.</summary>
    public bool TryRead(ref int offset, out ulong sequence, out ReadOnlySpan<byte> body)
    {
        sequence = 0;
        body = default;
        if (offset >= Length) return false;
        var read = RandomAccess.Read(_file, _record.AsSpan(0, (int)Math.Min(_record.Length, Length - offset)), offset);
        if (read < PrefixBytes) return false;
        var record = _record.AsSpan(0, read);
        var length = BinaryPrimitives.ReadUInt16BigEndian(record);
        if (length > HeardFrameCodec.MaxBytes || read < PrefixBytes + length) return false;
        record = record[..(PrefixBytes + length)];
        if (BinaryPrimitives.ReadUInt32BigEndian(record[LengthBytes..]) != Checksum(record)) return false;
        sequence = BinaryPrimitives.ReadUInt64BigEndian(record[(LengthBytes + ChecksumBytes)..]);
        body = record[PrefixBytes..];
        offset += record.Length;
        return true;
    }

    /// <summary>Forces what was appended to disk.</summary>
    public void Flush()
    {
        var length = Length;
        if (Synced == length) return;
        RandomAccess.FlushToDisk(_file);
        Synced = length;
    }

    public void Dispose() => _file.Dispose();

    private void Check()
    {
        var offset = HeaderBytes;
        for (; TryRead(ref offset, out var sequence, out _); Records++) Last = sequence;
        (Damaged, Length) = (Length - offset, offset);
    }

    private static uint Checksum(ReadOnlySpan<byte> record) =>
        Crc32C.Finish(Crc32C.Append(Crc32C.Append(Crc32C.Start, record[..LengthBytes]), record[(LengthBytes + ChecksumBytes)..]));
}
