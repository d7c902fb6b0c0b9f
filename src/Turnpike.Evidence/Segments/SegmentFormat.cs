namespace Turnpike.Evidence;

/// <summary>Bounds that every writer keeps and every reader may rely on.</summary>
public static class SegmentFormat
{
    /// <summary>The most bytes a record's body may have: 128 KiB, twice the largest envelope.</summary>
    public const int MaximumBodyBytes = 128 * 1024;

    /// <summary>The most bytes one group commit writes: 1 MiB. A torn tail is never longer.</summary>
    public const int MaximumBatchBytes = 1024 * 1024;

    /// <summary>The most bytes a segment may have: 256 MiB. Whoever certifies or audits holds one whole in memory for each core.</summary>
    public const int MaximumSegmentBytes = 256 * 1024 * 1024;

    /// <summary>The most records a segment may have: 4,194,304, for the same reason.</summary>
    public const int MaximumRecords = 1 << 22;
}
