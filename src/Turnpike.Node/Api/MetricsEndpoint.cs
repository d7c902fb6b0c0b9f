using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Turnpike.Node.Telemetry;

namespace Turnpike.Node.Api;

/// <summary>GET /metrics on the port of telemetry.metrics and on no other: the public port does not have it, whatever Host a request names.</summary>
internal static class MetricsEndpoint
{
    public static void Map(WebApplication app, NodeContext node)
    {
        if (node.Options.Telemetry.Metrics is not { } address) return;
        var metrics = new PrometheusText(node.Meters);
        app.Lifetime.ApplicationStopped.Register(metrics.Dispose);
        app.MapGet("/metrics", (HttpContext context) => context.Connection.LocalPort == address.Port ? Results.Text(metrics.Render(), "text/plain; version=0.0.4") : Results.NotFound()).ExcludeFromDescription();
    }
}
