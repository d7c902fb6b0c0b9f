namespace Turnpike.Node.Settings;

/// <summary>Everything that can be set of a node: one class a feature. The defaults run a node of the local network.</summary>
public sealed class NodeOptions
{
    /// <summary>Where the node listens.</summary>
    public ListenOptions Listen { get; init; } = new();

    /// <summary>How the chain is reached.</summary>
    public ChainOptions Chain { get; init; } = new();

    /// <summary>What the node does and with which keys.</summary>
    public RoleOptions Roles { get; init; } = new();

    /// <summary>Metrics, traces and logs.</summary>
    public TelemetryOptions Telemetry { get; init; } = new();

    /// <summary>When the node calls itself unwell.</summary>
    public HealthOptions Health { get; init; } = new();

    /// <summary>Limits at the public door.</summary>
    public DoorOptions Door { get; init; } = new();

    /// <summary>Hotspots' agents.</summary>
    public LegOptions Leg { get; init; } = new();

    /// <summary>What is wrong with the values, a sentence each.</summary>
    public IEnumerable<string> Problems() => [.. Listen.Problems(), .. Chain.Problems(), .. Roles.Problems(), .. Telemetry.Problems(), .. Health.Problems(), .. Door.Problems(), .. Leg.Problems()];
}
