using Microsoft.Extensions.Logging;
using Turnpike.Blueprints;
using Turnpike.Node.Deploy;

namespace Turnpike.Node.Replay;

/// <summary>How a trace is replayed.</summary>
public sealed record ReplayOptions
{
    /// <summary>Where the replay's network lives; empty or absent.</summary>
    public required NetworkFolder Folder { get; init; }

    /// <summary>The local profile of a blueprint.</summary>
    public required Blueprint Blueprint { get; init; }

    /// <summary>Length of an epoch, in the trace's time.</summary>
    public TimeSpan EpochLength { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Least level that the node logs, to standard error.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Warning;
}

/// <summary>What a replay is doing.</summary>
public enum ReplayStage
{
    /// <summary>Contracts go onto the chain.</summary>
    Deploy,

    /// <summary>The archive registry takes the hotspots' keys.</summary>
    Register,

    /// <summary>Epochs are imported, settled and activated.</summary>
    Settle,

    /// <summary>Epochs are computed again from public data.</summary>
    Audit,
}

/// <summary>How far a replay is.</summary>
/// <param name="Stage">What it does.</param>
/// <param name="Done">Parts done.</param>
/// <param name="Total">Parts in all.</param>
public readonly record struct ReplayProgress(ReplayStage Stage, int Done, int Total);
