using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Turnpike.Evidence;

/// <summary>
/// The one writer of a log: segments' life, group commit, and what to do when the disk fails. Used by one thread at a time.
///
/// States, and what a crash leaves in each:
///   no segment      nothing but sealed segments; the next append creates one, header fsynced under a temporary name, then renamed: never half a header.
///   open            batches are written at the durable end and fsynced, then acknowledged. A crash leaves whole records, possibly with a torn batch
///                   behind them that nobody was promised; it is cut on start.
///   needs rollback  a write or fsync failed. The batch was refused, its bytes may or may not be on disk. They are cut through a fresh handle before
///                   anything else, because a client will send them again; the segment is then sealed and a fresh one begun, as a failed fsync may
///                   mean a failing place on the disk. A crash here may leave refused records in place: a second copy of a piece is harmless, verdicts count an identity once.
///   sealing         the summary is written beside its place in the store, then the file is renamed there. Both steps may be repeated, so a crash or a full
///                   disk between them is mended by doing both again.
/// After a failure, appends are refused at once until the retry delay has passed; the next one then tries again, so a disk that has space again needs no operator.
/// </summary>
internal sealed class LogWriter(EvidenceLogOptions options, EvidenceStore store, TimeProvider time, string openFolder) : IDisposable
{
    private readonly int[] _offsets = new int[SegmentFormat.MaximumBatchBytes / RecordFrame.HeaderLength];
    private volatile OpenSegment? _segment;
    private volatile SealingSegment? _sealing;
    private ulong _lastNumber;
    private DateTimeOffset _retryAt = DateTimeOffset.MinValue;

    /// <summary>The one segment whose records are not in the store yet, and where its file may lie; also while sealing waits for the disk. For any thread.</summary>
    public (OpenSegment Segment, string[] Paths)? Readable => (_sealing, _segment) switch
    {
        ({ } sealing, _) => (sealing.Segment, [sealing.Segment.Path, store.SegmentPath(sealing.Summary.Sha256)]),
        (_, { } segment) => (segment, [segment.Path]),
        _ => null,
    };

    public Exception? Failure { get; private set; }

    public LogStatistics Statistics { get; } = new();

    /// <summary>Brings what a stopped process left into order; the bytes cut from the torn tail.</summary>
    /// <exception cref="EvidenceCorruptException">A segment is damaged other than by a torn tail.</exception>
    public int Recover()
    {
        _lastNumber = store.LastNumber(options.Partition);
        var cutBytes = 0;
        var paths = Directory.EnumerateFiles(openFolder, FormattableString.Invariant($"{options.Partition:x8}-*{OpenSegment.Suffix}")).Order(StringComparer.Ordinal).ToArray();
        foreach (var path in paths)
        {
            if (_segment is not null) SealOrDelete();
            _segment = OpenSegment.Recover(path, options.NetworkId, mayBeTorn: path == paths[^1], out cutBytes);
            _lastNumber = Math.Max(_lastNumber, _segment.Header.Number);
            // A crash in the midst of sealing left the summary already: finish, or the segment would grow away from it.
            if (store.HasSummary(_segment.Summary().Sha256)) SealOrDelete();
        }
        return cutBytes;
    }

    /// <summary>Writes a batch and completes each of its appends, durable or refused.</summary>
    public void Write(IReadOnlyList<PendingAppend> batch)
    {
        var outcome = TryWrite(batch);
        if (outcome is null) Statistics.AddRefused(batch.Count);
        for (var i = 0; i < batch.Count; i++) batch[i].Complete(outcome is { } number ? new AppendOutcome(AdmissionCode.Admitted, number, _offsets[i]) : AppendOutcome.Unavailable);
    }

    /// <summary>Seals the open segment, if it holds any record.</summary>
    public void Seal(PendingSeal seal)
    {
        try
        {
            FinishSealing();
            if (_segment is { NeedsRollback: true } failed) failed.Rollback();
            if (_segment is not null) SealOrDelete();
            seal.Complete();
        }
        catch (Exception exception) when (IsOfTheDisk(exception))
        {
            Suspend(exception);
            seal.Fail(exception);
        }
    }

    public void Dispose() => _segment?.Dispose();

    private ulong? TryWrite(IReadOnlyList<PendingAppend> batch)
    {
        if (Failure is not null && time.GetUtcNow() < _retryAt) return null;
        try
        {
            MakeReady();
            var started = Stopwatch.GetTimestamp();
            var group = _segment.Append(batch, _offsets);
            Statistics.AddCommit(group.Records, group.Bytes, Stopwatch.GetTimestamp() - started);
            Failure = null;
            options.OnDurable?.Invoke(group);
            return _segment.Header.Number;
        }
        catch (Exception exception) when (IsOfTheDisk(exception))
        {
            Suspend(exception);
            return null;
        }
    }

    [MemberNotNull(nameof(_segment))]
    private void MakeReady()
    {
        FinishSealing();
        if (_segment is { NeedsRollback: true } failed)
        {
            failed.Rollback();
            SealOrDelete();
        }
        var now = time.GetUtcNow();
        if (_segment is { Count: > 0 } old && (old.DurableBytes >= options.SegmentBytes || old.Count >= SegmentFormat.MaximumRecords / 2 || now.ToUnixTimeMilliseconds() - old.Header.CreatedAt >= options.SegmentAge.TotalMilliseconds)) SealOrDelete();
        if (_segment is not null) return;
        _segment = OpenSegment.Create(openFolder, options.NetworkId, options.Partition, _lastNumber + 1, now.ToUnixTimeMilliseconds());
        _lastNumber++;
    }

    private void SealOrDelete()
    {
        var segment = _segment!;
        if (segment.Count > 0) _sealing = new SealingSegment(segment, segment.Summary());
        _segment = null;
        segment.Dispose();
        if (segment.Count == 0) File.Delete(segment.Path);
        FinishSealing();
    }

    private void FinishSealing()
    {
        if (_sealing is not { } sealing) return;
        store.AdoptSegment(sealing.Segment.Path, sealing.Summary);
        _sealing = null;
    }

    private void Suspend(Exception exception)
    {
        Failure = exception;
        _retryAt = time.GetUtcNow() + options.RetryDelay;
    }

    private static bool IsOfTheDisk(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>A segment that is closed but not in the store yet.</summary>
    private sealed record SealingSegment(OpenSegment Segment, SegmentSummary Summary);
}
