using System.Diagnostics;

namespace Turnpike.Node.Telemetry;

/// <summary>The spans of a node. Without a listener nothing is made.</summary>
internal static class Traces
{
    /// <summary>Name of the source.</summary>
    public const string Source = "Turnpike";

    private static readonly ActivitySource Node = new(Source);

    /// <summary>Begins a span about an epoch, such as epoch.compute.</summary>
    public static Activity? Epoch(string name, ulong epoch)
    {
        var span = Node.StartActivity(name);
        span?.SetTag("turnpike.epoch", (long)epoch);
        return span;
    }
}
