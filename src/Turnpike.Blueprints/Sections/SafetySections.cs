using Turnpike.Blueprints.Schema;

namespace Turnpike.Blueprints;

/// <summary>The circuit breaker of the reward contract.</summary>
public sealed record DistributorSection
{
    /// <summary>Window over which outflow decays to nothing.</summary>
    public required TimeSpan BreakerWindow { get; init; }

    /// <summary>Claims within a window pay at most this many times the recent mint.</summary>
    public required uint BreakerMultiple { get; init; }
}

/// <summary>What the guardian may do, and no more.</summary>
public sealed record GuardianSection
{
    /// <summary>Most vetoes within a window.</summary>
    public required uint VetoMax { get; init; }

    /// <summary>Length of that window in epochs.</summary>
    public required uint VetoWindowEpochs { get; init; }

    /// <summary>Longest pause of claims; it ends by itself.</summary>
    public required TimeSpan PauseMax { get; init; }
}

internal static class SafetyKeys
{
    internal static readonly ScalarKey<TimeSpan> BreakerWindow = new("breaker_window", ScalarTypes.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)), "Window over which the outflow of claims decays to nothing.");
    internal static readonly ScalarKey<ulong> BreakerMultiple = new("breaker_multiple", ScalarTypes.Integer(1, 20), "Claims within a window pay at most this many times the recent mint; the rest waits.");
    internal static readonly GroupKey Distributor = new(new("distributor", "The circuit breaker of the reward contract.", [BreakerWindow, BreakerMultiple]));

    internal static readonly ScalarKey<ulong> VetoMax = new("veto_max", ScalarTypes.Integer(0, 100), "Most vetoes of pending epochs within a window.");
    internal static readonly ScalarKey<ulong> VetoWindow = new("veto_window", ScalarTypes.Integer(1, 10_000), "Length of that window, in epochs.");
    internal static readonly ScalarKey<TimeSpan> PauseMax = new("pause_max", ScalarTypes.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)), "Longest pause of claims; it ends by itself.");
    internal static readonly GroupKey Guardian = new(new("guardian", "What the guardian may do, and no more.", [VetoMax, VetoWindow, PauseMax]));

    internal static DistributorSection? ReadDistributor(SectionReader? section) => section is null ? null : new()
    {
        BreakerWindow = section.Read(BreakerWindow).Value,
        BreakerMultiple = (uint)section.Read(BreakerMultiple).Value,
    };

    internal static GuardianSection? ReadGuardian(SectionReader? section)
    {
        if (section is null) return null;
        var (most, window) = (section.Read(VetoMax), section.Read(VetoWindow));
        // A guardian who may veto every epoch of a window could stop all pay for ever.
        if (most.Given && window.Given && most.Value >= window.Value)
            section.Problems.Add(BlueprintFault.Inconsistent, most.Node, $"{most.Value} vetoes in {window.Value} epochs would stop every epoch", "let the guardian veto fewer epochs than the window has");
        return new GuardianSection { VetoMax = (uint)most.Value, VetoWindowEpochs = (uint)window.Value, PauseMax = section.Read(PauseMax).Value };
    }
}
