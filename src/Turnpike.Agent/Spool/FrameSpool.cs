using System.Buffers;
using System.Buffers.Binary;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Networks.Wireless.Protocol.Gwmp;
using Turnpike.Networks.Wireless.Protocol.Leg;

namespace Turnpike.Agent.Spool;

/// <summary>What a spool holds.</summary>
/// <param name="Frames">Frames that no node took yet.</param>
/// <param name="Bytes">Of the files on disk.</param>
/// <param name="MaximumBytes">The limit of it.</param>
/// <param name="OldestHeardAt">Unix milliseconds; null when it is empty.</param>
public sealed record SpoolView(long Frames, long Bytes, long MaximumBytes, long? OldestHeardAt);

/// <summary>
/// Heard frames between the radio and the node, in order, on disk. Every frame is written before it is sent, so that a lost connection and a killed agent lose nothing; what no node took within
/// the flush interval is forced to disk, so that a power cut loses no more than that; what is taken at once never costs a flush. Bounded: a full spool takes no more, since
/// dropping the oldest in silence would break the order. Sequences rise; each run has its own range. One reader, whose place can be put back. Thread-safe.
/// </summary>
public sealed class FrameSpool : IDisposable
{
    private const int MaxSegmentBytes = 1 << 20;
    private const int WornSegmentBytes = 128 << 10;
    private const int HeadBytes = sizeof(ulong) + sizeof(uint);

    private readonly Lock _lock = new();
    private readonly Lock _flushing = new();
    private readonly string _folder;
    private readonly SpoolIdentity _identity;
    private readonly long _maximumBytes;
    private readonly FolderLock _folderLock;
    private readonly List<FrameSegment> _segments = [];
    private readonly ArrayBufferWriter<byte> _body = new(HeardFrameCodec.MaxBytes);
    private FrameSegment? _open;
    private ulong _last;
    private ulong _taken;
    private ulong _takenOnDisk;
    private int _headOffset = FrameSegment.HeaderBytes;
    private int _readSegment;
    private int _readOffset = FrameSegment.HeaderBytes;
    private long _frames;
    private long _bytes;
    private bool _hasNewFiles;

    private FrameSpool(string folder, SpoolIdentity identity, long maximumBytes, FolderLock folderLock) =>
        (_folder, _identity, _maximumBytes, _folderLock, _last) = (folder, identity, maximumBytes, folderLock, identity.Base);

    /// <summary>Names the spool to the node.</summary>
    public Bytes32 Id => _identity.Id;

    /// <summary>How many times it was opened.</summary>
    public uint Run => _identity.Run;

    /// <summary>Bytes that could not be read when it was opened.</summary>
    public long DamagedBytes { get; private set; }

    /// <summary>What it holds.</summary>
    public SpoolView View
    {
        get
        {
            lock (_lock) return new SpoolView(_frames, _bytes, _maximumBytes, OldestHeardAt());
        }
    }

    /// <summary>Opens a spool, creating the folder if need be.</summary>
    /// <exception cref="EvidenceLockedException">Another agent has it open.</exception>
    public static FrameSpool Open(string folder, long maximumBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumBytes, 4096);
        DurableFile.CreateFolder(folder);
        var folderLock = FolderLock.Take(folder);
        try
        {
            DurableFile.DeleteTemporaries(folder);
            var spool = new FrameSpool(folder, SpoolIdentity.Next(folder), maximumBytes, folderLock);
            spool.Load();
            return spool;
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>Keeps a frame; false when the spool is full and nothing was kept.</summary>
    /// <exception cref="IOException">The disk failed; nothing was kept.</exception>
    public bool TryAppend(long heardAt, RxPacket packet)
    {
        lock (_lock)
        {
            _body.ResetWrittenCount();
            HeardFrameCodec.Write(_body, heardAt, packet);
            if (_bytes + FrameSegment.SizeOf(_body.WrittenCount) + (_open is null ? FrameSegment.HeaderBytes : 0) > _maximumBytes) return false;
            var segment = _open is { } open && open.Length < SegmentBytes ? open : Begin();
            var before = segment.Length;
            segment.Append(_last + 1, _body.WrittenSpan);
            _last++;
            _frames++;
            _bytes += segment.Length - before;
            return true;
        }
    }

    /// <summary>Adds the next frames behind the reader's place, and moves it; how many.</summary>
    public int Read(List<SequencedFrame> into, int most)
    {
        var count = 0;
        lock (_lock)
        {
            while (count < most && TryReadNext(out var sequence, out var body))
            {
                // Checked by its sum, so only another version of the program could have written what cannot be read.
                if (sequence <= _taken || !HeardFrameCodec.TryRead(body, out var heardAt, out var packet)) continue;
                into.Add(new SequencedFrame(sequence, heardAt, packet));
                count++;
            }
        }
        return count;
    }

    /// <summary>Puts the reader's place behind a sequence.</summary>
    public void Rewind(ulong after)
    {
        lock (_lock)
        {
            (_readSegment, _readOffset) = (0, _headOffset);
            while (true)
            {
                var (segment, offset) = (_readSegment, _readOffset);
                if (!TryReadNext(out var sequence, out _)) return;
                if (sequence <= after) continue;
                (_readSegment, _readOffset) = (segment, offset);
                return;
            }
        }
    }

    /// <summary>Lets go of every frame up to a sequence.</summary>
    public void Acknowledge(ulong upTo)
    {
        lock (_lock)
        {
            if (upTo <= _taken) return;
            _taken = Math.Min(upTo, _last);
            MoveHead();
        }
    }

    /// <summary>Forces what no node took yet to disk; nothing when all is taken.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Flush()
    {
        lock (_flushing)
        {
            FrameSegment[] dirty;
            bool hasNewFiles;
            lock (_lock)
            {
                if (_takenOnDisk != _taken) WriteHead();
                if (_frames == 0) return;
                dirty = [.. _segments.Where(segment => segment.Synced != segment.Length)];
                (hasNewFiles, _hasNewFiles) = (_hasNewFiles, false);
            }
            foreach (var segment in dirty) Flush(segment);
            if (hasNewFiles) DurableFolder.Flush(_folder);
        }
    }

    /// <summary>Lets go of the folder; the frames stay.</summary>
    public void Dispose()
    {
        lock (_flushing)
            lock (_lock)
            {
                WriteHead();
                foreach (var segment in _segments) segment.Dispose();
                _segments.Clear();
                _folderLock.Dispose();
            }
    }

    private static void Flush(FrameSegment segment)
    {
        try
        {
            segment.Flush();
        }
        catch (ObjectDisposedException)
        {
            // Every frame of it was taken meanwhile, and the file is gone.
        }
    }

    private int SegmentBytes => (int)Math.Min(MaxSegmentBytes, _maximumBytes / 8);

    private void Load()
    {
        _taken = ReadHead();
        foreach (var path in Directory.EnumerateFiles(_folder, "*" + FrameSegment.Suffix).Order(StringComparer.Ordinal))
        {
            if (FrameSegment.Open(path, Id) is not { } segment)
            {
                DamagedBytes += new FileInfo(path).Length;
                File.Move(path, path + ".bad", overwrite: true);
                continue;
            }
            DamagedBytes += segment.Damaged;
            _segments.Add(segment);
            _bytes += segment.Length;
            _frames += segment.Records;
        }
        MoveHead();
        (_readSegment, _readOffset) = (0, _headOffset);
    }

    private FrameSegment Begin()
    {
        _open = FrameSegment.Create(_folder, Id, _last + 1);
        _segments.Add(_open);
        _bytes += _open.Length;
        _hasNewFiles = true;
        return _open;
    }

    private bool TryReadNext(out ulong sequence, out ReadOnlySpan<byte> body)
    {
        sequence = 0;
        body = default;
        while (_readSegment < _segments.Count)
        {
            if (_segments[_readSegment].TryRead(ref _readOffset, out sequence, out body)) return true;
            // The last segment still grows.
            if (_readSegment == _segments.Count - 1) return false;
            (_readSegment, _readOffset) = (_readSegment + 1, FrameSegment.HeaderBytes);
        }
        return false;
    }

    private void MoveHead()
    {
        while (_segments.Count > 0)
        {
            var head = _segments[0];
            for (var offset = _headOffset; head.TryRead(ref offset, out var sequence, out _) && sequence <= _taken; _headOffset = offset) _frames--;
            if (_headOffset < head.Length || head == _open && head.Length < WornSegmentBytes) break;
            Retire(head);
        }
    }

    private void Retire(FrameSegment head)
    {
        if (head == _open) _open = null;
        _segments.RemoveAt(0);
        _bytes -= head.Length;
        _headOffset = FrameSegment.HeaderBytes;
        if (_readSegment > 0) _readSegment--;
        else _readOffset = FrameSegment.HeaderBytes;
        head.Dispose();
        File.Delete(head.Path);
    }

    private long? OldestHeardAt()
    {
        if (_frames == 0) return null;
        for (var i = 0; i < _segments.Count; i++)
        {
            var offset = i == 0 ? _headOffset : FrameSegment.HeaderBytes;
            if (_segments[i].TryRead(ref offset, out _, out var body) && HeardFrameCodec.TryRead(body, out var heardAt, out _)) return heardAt;
        }
        return null;
    }

    private string HeadPath => Path.Combine(_folder, "taken");

    // Not forced to disk: an older one means that some frames are sent twice, and the node knows them.
    private void WriteHead()
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        BinaryPrimitives.WriteUInt64BigEndian(head, _taken);
        BinaryPrimitives.WriteUInt32BigEndian(head[sizeof(ulong)..], Crc32C.Compute(head[..sizeof(ulong)]));
        File.WriteAllBytes(HeadPath, head);
        _takenOnDisk = _taken;
    }

    private ulong ReadHead()
    {
        if (!File.Exists(HeadPath) || File.ReadAllBytes(HeadPath) is not { Length: HeadBytes } head) return 0;
        return BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(sizeof(ulong))) == Crc32C.Compute(head.AsSpan(0, sizeof(ulong))) ? BinaryPrimitives.ReadUInt64BigEndian(head) : 0;
    }
}
