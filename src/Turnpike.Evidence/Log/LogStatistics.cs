using System.Diagnostics;

namespace Turnpike.Evidence;

/// <summary>What a log did since it was opened. Written by the log's one writer; any thread may read, each number whole by itself.</summary>
public sealed class LogStatistics
{
    private long _records, _bytes, _batches, _refused, _writeTicks, _slowestTicks;

    /// <summary>Records made durable.</summary>
    public long Records => Volatile.Read(ref _records);

    /// <summary>Bytes made durable, frames included.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Group commits, each with one fsync.</summary>
    public long Batches => Volatile.Read(ref _batches);

    /// <summary>Appends refused because the disk failed.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Time spent writing and fsyncing in all.</summary>
    public TimeSpan WriteTime => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _writeTicks));

    /// <summary>The slowest group commit.</summary>
    public TimeSpan SlowestWrite => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _slowestTicks));

    internal void AddCommit(int records, int bytes, long ticks)
    {
        Volatile.Write(ref _records, _records + records);
        Volatile.Write(ref _bytes, _bytes + bytes);
        Volatile.Write(ref _batches, _batches + 1);
        Volatile.Write(ref _writeTicks, _writeTicks + ticks);
        Volatile.Write(ref _slowestTicks, Math.Max(_slowestTicks, ticks));
    }

    internal void AddRefused(int records) => Volatile.Write(ref _refused, _refused + records);
}
