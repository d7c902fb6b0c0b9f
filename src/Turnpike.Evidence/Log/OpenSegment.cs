using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>The one segment being written. Used by the log's writer alone, but for <see cref="DurableBytes"/>.</summary>
internal sealed class OpenSegment : IDisposable
{
    public const string Suffix = ".open";

    private readonly SegmentTally _tally;
    private readonly byte[] _buffer = new byte[SegmentFormat.MaximumBatchBytes];
    private SafeFileHandle _file;
    private volatile int _durableBytes;

    private OpenSegment(string path, SegmentHeader header, SafeFileHandle file, SegmentTally tally)
    {
        Path = path;
        Header = header;
        _file = file;
        _tally = tally;
        _durableBytes = tally.Bytes;
    }

    public string Path { get; }

    public SegmentHeader Header { get; }

    public int Count => _tally.Count;

    /// <summary>Everything before this length was fsynced.</summary>
    public int DurableBytes => _durableBytes;

    /// <summary>A fresh segment whose header is durable before anything follows it: under its name there is never half a header.</summary>
    public static OpenSegment Create(string folder, Bytes32 networkId, uint partition, ulong number, long createdAt)
    {
        var header = new SegmentHeader { NetworkId = networkId, Partition = partition, Number = number, CreatedAt = createdAt, Salt = NewSalt() };
        var path = System.IO.Path.Combine(folder, FormattableString.Invariant($"{partition:x8}-{number:d20}{Suffix}"));
        var bytes = header.Encode();
        DurableFile.WriteAtomically(path, bytes);
        return new OpenSegment(path, header, Handle(path), new SegmentTally(bytes));
    }

    /// <summary>Continues the segment a stopped process left, its torn tail cut.</summary>
    /// <exception cref="EvidenceCorruptException">It is damaged other than by a torn tail.</exception>
    public static OpenSegment Recover(string path, Bytes32 networkId, bool mayBeTorn, out int cutBytes)
    {
        var bytes = File.ReadAllBytes(path);
        var fault = SegmentHeader.Decode(bytes, out var header);
        if (fault is not null) throw new EvidenceCorruptException(path, fault.ToString(), fault);
        if (header.NetworkId != networkId) throw new EvidenceCorruptException(path, $"it belongs to network {header.NetworkId}, not {networkId}");
        var tally = new SegmentTally(bytes.AsSpan(0, SegmentHeader.Length));
        fault = SegmentScan.Walk(bytes, header, (_, frame) => tally.Append(frame.ReceivedAt, bytes.AsSpan(frame.Offset..frame.End)), out var end);
        if (fault is not null && !(mayBeTorn && SegmentScan.IsTornTail(bytes, header, end))) throw new EvidenceCorruptException(path, fault.ToString(), fault);
        cutBytes = bytes.Length - end;
        var segment = new OpenSegment(path, header, Handle(path), tally);
        // What a killed process wrote may be in the page cache only; the next record's synced field will claim it durable.
        segment.TruncateToDurable();
        return segment;
    }

    /// <summary>Whether an append failed, so that bytes nobody was promised may lie behind the durable ones.</summary>
    public bool NeedsRollback { get; private set; }

    /// <summary>Writes the records at the end in one piece and fsyncs; on return they are durable and their frames begin at <paramref name="offsets"/>.</summary>
    public DurableGroup Append(IReadOnlyList<PendingAppend> batch, Span<int> offsets)
    {
        var begun = Stopwatch.GetTimestamp();
        var start = _durableBytes;
        var length = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            offsets[i] = start + length;
            length += RecordFrame.Write(_buffer.AsSpan(length), Header.Salt, start + length, start, batch[i].Type, batch[i].ReceivedAt, batch[i].Body.Span);
        }
        NeedsRollback = true;
        CommitBoundary.Pass(CommitBoundary.AppendBegins);
        RandomAccess.Write(_file, _buffer.AsSpan(0, length), start);
        CommitBoundary.Pass(CommitBoundary.AppendWritten);
        var written = Stopwatch.GetTimestamp();
        RandomAccess.FlushToDisk(_file);
        var synced = Stopwatch.GetTimestamp();
        CommitBoundary.Pass(CommitBoundary.AppendSynced);
        NeedsRollback = false;
        for (var i = 0; i < batch.Count; i++) _tally.Append(batch[i].ReceivedAt, _buffer.AsSpan(offsets[i] - start, batch[i].FrameLength));
        _durableBytes = start + length;
        return new DurableGroup(batch.Count, length, Stopwatch.GetElapsedTime(begun, written), Stopwatch.GetElapsedTime(written, synced));
    }

    /// <summary>Takes back whatever a failed <see cref="Append"/> left behind, through a new handle: after a failed fsync the old one promises nothing.</summary>
    public void Rollback()
    {
        _file.Dispose();
        _file = Handle(Path);
        TruncateToDurable();
        NeedsRollback = false;
    }

    /// <summary>What the segment is if nothing more is appended.</summary>
    public SegmentSummary Summary() => _tally.Summary(Header);

    public void Dispose()
    {
        _file.Dispose();
        _tally.Dispose();
    }

    private static SafeFileHandle Handle(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.Read | FileShare.Delete);

    private static UInt128 NewSalt()
    {
        Span<byte> salt = stackalloc byte[SegmentHeader.SaltLength];
        RandomNumberGenerator.Fill(salt);
        return BinaryPrimitives.ReadUInt128LittleEndian(salt);
    }

    private void TruncateToDurable()
    {
        if (RandomAccess.GetLength(_file) != _durableBytes) RandomAccess.SetLength(_file, _durableBytes);
        RandomAccess.FlushToDisk(_file);
    }
}
