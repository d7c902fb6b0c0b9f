using Microsoft.Extensions.Logging;
using Turnpike.Core;
using Turnpike.Networks.Wireless.Service;
using Turnpike.Node.Settings;
using Turnpike.Node.Telemetry;

namespace Turnpike.Node.Router.Leg;

/// <summary>What every connection of the leg works with.</summary>
public sealed class LegServices
{
    private readonly Lazy<IFrameSink> _sink;

    /// <summary>The router is asked for when the first frame comes: it needs the leg itself, to answer.</summary>
    public LegServices(Func<IFrameSink> sink) => _sink = new Lazy<IFrameSink>(sink);

    /// <summary>Limits.</summary>
    public required LegOptions Options { get; init; }

    /// <summary>Chain and registry, in every proof.</summary>
    public required Bytes32 Network { get; init; }

    /// <summary>This node's URLs, as <see cref="Networks.Wireless.Protocol.Leg.LegStatement.UrlOf"/> writes them.</summary>
    public required IReadOnlySet<string> Urls { get; init; }

    /// <summary>The registry as the node knows it now; null for a device that is not in it.</summary>
    public required Func<DeviceId, LegDevice?> Registry { get; init; }

    /// <summary>Counters.</summary>
    public required LegMetrics Metrics { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Log.</summary>
    public required ILogger Logger { get; init; }

    internal LegLoad Load => field ??= new LegLoad(Options.TotalInHand);

    internal IFrameSink Sink => _sink.Value;
}
