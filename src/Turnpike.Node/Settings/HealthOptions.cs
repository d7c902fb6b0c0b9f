namespace Turnpike.Node.Settings;

/// <summary>When a node calls itself unwell. Each limit is a finding of a check in docs/operations.md.</summary>
public sealed class HealthOptions
{
    /// <summary>Time between two rounds of checks. Default 5s. Too long, /health and alerts lag; too short, more calls to the chain's provider.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time for one check. Default 8s. Too short, a slow provider looks dead.</summary>
    public TimeSpan CheckTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Age of the newest block above which the chain counts as standing still. Default 2m. Below the chain's own block time it alarms for nothing.</summary>
    public TimeSpan MaxHeadAge { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How far this machine's clock may be behind the newest block. Default 15s. A clock that is wrong refuses good evidence and misses commit windows.</summary>
    public TimeSpan MaxClockSkew { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Blocks that the node's ledger may be behind the head. Default 20. Too few alarms for nothing after a restart.</summary>
    public int MaxLedgerLag { get; init; } = 20;

    /// <summary>Free bytes on the disk of the node's folder below which it warns. Default 2 GiB; at a quarter of it the node is not ready. Too low, the disk is full before anybody comes.</summary>
    public long MinFreeBytes { get; init; } = 2L << 30;

    /// <summary>Epochs that may be due and not settled. Default 2. One is normal for a moment after each end.</summary>
    public int MaxEpochLag { get; init; } = 2;

    /// <summary>Settlements for which each account of the node must have gas money at the present gas price. Default 50. Too few, a fee spike empties the account before anybody comes.</summary>
    public int MinSettlements { get; init; } = 50;

    internal IEnumerable<string> Problems()
    {
        if (Interval < TimeSpan.FromMilliseconds(100)) yield return $"health.interval is {Duration.Format(Interval)}: at least 100ms.";
        if (CheckTimeout < TimeSpan.FromMilliseconds(100)) yield return $"health.checkTimeout is {Duration.Format(CheckTimeout)}: at least 100ms.";
        if (MaxHeadAge < TimeSpan.FromSeconds(1)) yield return $"health.maxHeadAge is {Duration.Format(MaxHeadAge)}: at least 1s.";
        if (MaxClockSkew < TimeSpan.FromSeconds(1)) yield return $"health.maxClockSkew is {Duration.Format(MaxClockSkew)}: at least 1s.";
        if (MaxLedgerLag < 1) yield return $"health.maxLedgerLag is {MaxLedgerLag}: at least 1.";
        if (MinFreeBytes < 1 << 20) yield return $"health.minFreeBytes is {MinFreeBytes}: at least 1048576.";
        if (MaxEpochLag < 1) yield return $"health.maxEpochLag is {MaxEpochLag}: at least 1.";
        if (MinSettlements < 1) yield return $"health.minSettlements is {MinSettlements}: at least 1.";
    }
}
