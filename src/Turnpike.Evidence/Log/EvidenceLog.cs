using System.Diagnostics;
using System.Threading.Channels;

namespace Turnpike.Evidence;

/// <summary>
/// The append-only evidence log of one gateway and partition. Callers on any thread queue records; one loop writes everything that waits in one go, fsyncs
/// once, and only then acknowledges all of it (group commit), so throughput rises with the load while each acknowledgement still means durable.
/// The queue is bounded; when it is full, callers wait.
/// </summary>
public sealed class EvidenceLog : IAsyncDisposable
{
    private readonly Channel<LogCommand> _queue;
    private readonly FolderLock _lock;
    private readonly LogWriter _writer;
    private readonly TimeSpan _commitInterval;
    private readonly Task _loop;

    private EvidenceLog(EvidenceLogOptions options, FolderLock folderLock, EvidenceStore store, LogWriter writer, int cutBytes)
    {
        _queue = Channel.CreateBounded<LogCommand>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        _lock = folderLock;
        _writer = writer;
        _commitInterval = options.CommitInterval;
        Store = store;
        CutBytes = cutBytes;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Where segments go when they are sealed, and manifests.</summary>
    public EvidenceStore Store { get; }

    /// <summary>Bytes of a torn, never acknowledged tail that were cut when the log was opened.</summary>
    public int CutBytes { get; }

    /// <summary>Why the log refuses appends just now; null while it takes them.</summary>
    public Exception? Failure => _writer.Failure;

    /// <summary>What it did since it was opened.</summary>
    public LogStatistics Statistics => _writer.Statistics;

    /// <summary>Opens the log, creating the folder if need be, and brings in order what a crash left.</summary>
    /// <exception cref="EvidenceLockedException">Another process has the folder open.</exception>
    /// <exception cref="EvidenceCorruptException">A file is damaged other than by a torn tail.</exception>
    public static EvidenceLog Open(EvidenceLogOptions options, TimeProvider time)
    {
        options.Validate();
        var openFolder = Path.Combine(options.Folder, "open");
        DurableFile.CreateFolder(openFolder);
        var folderLock = FolderLock.Take(options.Folder);
        LogWriter? writer = null;
        try
        {
            DurableFile.DeleteTemporaries(openFolder);
            var store = EvidenceStore.Open(options.Folder);
            writer = new LogWriter(options, store, time, openFolder);
            return new EvidenceLog(options, folderLock, store, writer, writer.Recover());
        }
        catch
        {
            writer?.Dispose();
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Appends a record; completes when it is durable or refused with <see cref="AdmissionCode.LogUnavailable"/>. The body must not change until then.
    /// Cancelling stops the waiting only: the record may still become durable.
    /// </summary>
    /// <exception cref="ChannelClosedException">The log was disposed.</exception>
    public async Task<AppendOutcome> AppendAsync(RecordType type, ReadOnlyMemory<byte> body, long receivedAt, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(receivedAt);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, SegmentFormat.MaximumBodyBytes);
        if (type is < RecordType.Evidence or > RecordType.Archive) throw new ArgumentOutOfRangeException(nameof(type), type, "No record has this type.");
        var append = new PendingAppend(type, receivedAt, body);
        await _queue.Writer.WriteAsync(append, cancellationToken);
        return await append.Done.WaitAsync(cancellationToken);
    }

    /// <summary>Seals the open segment once everything queued before is written; does nothing when it is empty.</summary>
    /// <exception cref="IOException">The disk failed; what was acknowledged stays durable in the open segment.</exception>
    public async Task SealSegmentAsync(CancellationToken cancellationToken)
    {
        var seal = new PendingSeal();
        await _queue.Writer.WriteAsync(seal, cancellationToken);
        await seal.Done.WaitAsync(cancellationToken);
    }

    /// <summary>The durable records that are not in a sealed segment yet, read back from disk. Works while the log refuses appends.</summary>
    public IReadOnlyList<SegmentRecord> ReadOpenSegment()
    {
        const int Looks = 3;
        for (var look = 1; look <= Looks; look++)
        {
            if (_writer.Readable is not { } readable) return [];
            if (ReadDurable(readable.Segment, readable.Paths) is { } bytes) return Read(readable.Segment, bytes);
            // Found nowhere: sealed in this very moment, so that the answer has changed; or the disk is gone.
        }
        throw new IOException("The open segment is not found on disk.");
    }

    private static List<SegmentRecord> Read(OpenSegment segment, byte[] bytes)
    {
        var records = new List<SegmentRecord>();
        var fault = SegmentScan.Walk(bytes, segment.Header, (record, _) => records.Add(record), out _);
        return fault is null ? records : throw new EvidenceCorruptException(segment.Path, fault.ToString(), fault);
    }

    /// <summary>Writes what is queued, then lets go of the folder. The open segment stays open for the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        _writer.Dispose();
        _lock.Dispose();
    }

    private static byte[]? ReadDurable(OpenSegment segment, string[] paths)
    {
        var bytes = new byte[segment.DurableBytes];
        if (Array.Find(paths, File.Exists) is not { } path) return null;
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (RandomAccess.GetLength(file) < bytes.Length) throw new EvidenceCorruptException(path, "it is shorter than what was made durable");
            for (var read = 0; read < bytes.Length;) read += RandomAccess.Read(file, bytes.AsSpan(read), read);
            return bytes;
        }
        catch (FileNotFoundException)
        {
            // Renamed between the look and the opening.
            return null;
        }
    }

    private async Task RunAsync()
    {
        var batch = new List<PendingAppend>();
        try
        {
            while (await _queue.Reader.WaitToReadAsync())
            {
                Collect(batch);
                if (batch.Count > 0) await CommitAsync(batch);
                else if (_queue.Reader.TryRead(out var command)) _writer.Seal((PendingSeal)command);
                batch.Clear();
            }
        }
        catch (Exception exception)
        {
            // A bug, not the disk: whoever waits is told, and no more is taken.
            _queue.Writer.TryComplete(exception);
            foreach (var append in batch) append.Fail(exception);
            while (_queue.Reader.TryRead(out var command)) command.Fail(exception);
        }
    }

    // Where several callers write at once, the next group gathers for a moment instead of taking what came during one fsync.
    private async ValueTask CommitAsync(List<PendingAppend> batch)
    {
        var started = Stopwatch.GetTimestamp();
        _writer.Write(batch);
        var left = _commitInterval - Stopwatch.GetElapsedTime(started);
        if (batch.Count > 1 && left > TimeSpan.Zero) await Task.Delay(left);
    }

    /// <summary>Takes appends from the queue's head while they fit into one batch, and none that follows a seal.</summary>
    private void Collect(List<PendingAppend> batch)
    {
        var bytes = 0;
        while (_queue.Reader.TryPeek(out var next) && next is PendingAppend append && bytes + append.FrameLength <= SegmentFormat.MaximumBatchBytes)
        {
            _queue.Reader.TryRead(out _);
            bytes += append.FrameLength;
            batch.Add(append);
        }
    }
}
