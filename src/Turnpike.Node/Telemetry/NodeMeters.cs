using System.Diagnostics.Metrics;

namespace Turnpike.Node.Telemetry;

/// <summary>The meters of one node, one a feature, each made by the node's own factory so that several nodes in a process are told apart.</summary>
public sealed class NodeMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    /// <summary>Meters that nobody listens to cost a few nanoseconds an event.</summary>
    public NodeMeters()
    {
        Chain = new ChainMetrics(this);
        Log = new LogMetrics(this);
        Oracle = new OracleMetrics(this);
        Epochs = new EpochMetrics(this);
        Market = new MarketMetrics(this);
        Leg = new LegMetrics(this);
    }

    /// <summary>Of the chain and the accounts.</summary>
    public ChainMetrics Chain { get; }

    /// <summary>Of the evidence log.</summary>
    public LogMetrics Log { get; }

    /// <summary>Of the oracle.</summary>
    public OracleMetrics Oracle { get; }

    /// <summary>Of epochs.</summary>
    public EpochMetrics Epochs { get; }

    /// <summary>Of orders.</summary>
    public MarketMetrics Market { get; }

    /// <summary>Of the private leg.</summary>
    public LegMetrics Leg { get; }

    /// <inheritdoc/>
    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        lock (_meters) _meters.Add(meter);
        return meter;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_meters)
        {
            foreach (var meter in _meters) meter.Dispose();
            _meters.Clear();
        }
    }
}
