using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Turnpike.Node.Settings;

namespace Turnpike.Node.Telemetry;

/// <summary>Sends metrics and traces by OTLP, where a receiver is named; otherwise nothing is loaded.</summary>
internal static class TelemetryExport
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";

    public static void Add(IServiceCollection services, TelemetryOptions options, string defaultInstance)
    {
        if (EndpointOf(options) is not { } endpoint) return;
        var grpc = (options.OtlpProtocol ?? Environment.GetEnvironmentVariable(ProtocolVariable)) == "grpc";
        var version = typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3);
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("turnpike", serviceVersion: version, serviceInstanceId: options.Instance ?? defaultInstance))
            .WithMetrics(metrics => metrics
                .AddMeter("Turnpike.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Net.Http", "System.Runtime")
                .AddOtlpExporter((exporter, reader) =>
                {
                    Address(exporter, endpoint, grpc, "v1/metrics");
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.Interval.TotalMilliseconds;
                }))
            .WithTracing(traces => traces
                .AddSource(Traces.Source)
                // Health is asked every few seconds and says nothing in a trace.
                .AddAspNetCoreInstrumentation(http => http.Filter = context => !context.Request.Path.StartsWithSegments("/health"))
                .AddOtlpExporter(exporter => Address(exporter, endpoint, grpc, "v1/traces")));
    }

    private static Uri? EndpointOf(TelemetryOptions options) =>
        options.Otlp ?? (Uri.TryCreate(Environment.GetEnvironmentVariable(EndpointVariable), UriKind.Absolute, out var named) ? named : null);

    // An endpoint set in code is taken as it is: over HTTP the signal's path belongs to it (OTLP specification, endpoint URLs).
    private static void Address(OtlpExporterOptions exporter, Uri endpoint, bool grpc, string path)
    {
        exporter.Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = grpc ? endpoint : new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);
    }
}
