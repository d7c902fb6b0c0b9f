using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>Where and how a gateway keeps its evidence.</summary>
public sealed class EvidenceLogOptions
{
    /// <summary>The folder of the evidence; created if need be. One process at a time.</summary>
    public required string Folder { get; init; }

    /// <summary>The network whose evidence it is; a folder of another network is refused.</summary>
    public required Bytes32 NetworkId { get; init; }

    /// <summary>The partition this log writes. Default 0.</summary>
    public uint Partition { get; init; }

    /// <summary>A segment that reached this many bytes is sealed. Default 64 MiB; from 4 KiB to 256 MiB less one batch.</summary>
    public int SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>A segment this old is sealed at the next append. Default one hour; shorter means more files.</summary>
    public TimeSpan SegmentAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many appends may wait for the disk; further callers wait in turn. Default 8,192; memory is this times the size of a piece.</summary>
    public int QueueCapacity { get; init; } = 8_192;

    /// <summary>
    /// Under load, least time from one group's commit to the next: where an fsync begins as soon as the one before ends, few records share it and the door admits a third less on the same processor (docs/performance.md).
    /// A record that comes alone waits for nobody. Default 2 ms; zero commits whenever the disk is free.
    /// </summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>After a failure of the disk appends are refused at once for this long before the next attempt. Default one second.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Told of every group that became durable, before it is acknowledged; must be quick and not throw. Null for none.</summary>
    public Action<DurableGroup>? OnDurable { get; init; }

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(SegmentBytes, 4096);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SegmentBytes, SegmentFormat.MaximumSegmentBytes - SegmentFormat.MaximumBatchBytes);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(SegmentAge, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(CommitInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CommitInterval, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(RetryDelay, TimeSpan.Zero);
    }
}
