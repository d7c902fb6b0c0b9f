using Microsoft.Extensions.Logging;

namespace Turnpike.Node.Settings;

/// <summary>How a node tells about itself.</summary>
public sealed class TelemetryOptions
{
    /// <summary>OTLP receiver of metrics and traces, such as http://127.0.0.1:4318. Default: the standard variable OTEL_EXPORTER_OTLP_ENDPOINT; neither set, nothing is exported. An unreachable receiver costs nothing but the figures.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>Protocol of that receiver: http/protobuf or grpc. Default: OTEL_EXPORTER_OTLP_PROTOCOL, else http/protobuf. The wrong one: nothing arrives.</summary>
    public string? OtlpProtocol { get; init; }

    /// <summary>Time between two exports of metrics. Default 15s. Too long, alarms come late; too short, more traffic.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Address of its own for GET /metrics in Prometheus' text format, such as http://127.0.0.1:9464. Default none. Nothing protects it: keep it on loopback or a private net.</summary>
    public Uri? Metrics { get; init; }

    /// <summary>Name of this node in metrics and traces (service.instance.id). Default: the node's public URL. Two nodes of one name add up to nonsense.</summary>
    public string? Instance { get; init; }

    /// <summary>Least level written to standard error: Debug, Information, Warning or Error. Default Information. Above Warning troubles go unseen.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    internal IEnumerable<string> Problems()
    {
        if (OtlpProtocol is not (null or "http/protobuf" or "grpc")) yield return $"telemetry.otlpProtocol is '{OtlpProtocol}': http/protobuf or grpc.";
        if (Interval < TimeSpan.FromMilliseconds(100) || Interval > TimeSpan.FromHours(1)) yield return $"telemetry.interval is {Duration.Format(Interval)}: 100ms to 1h.";
        if (Metrics is { } metrics && metrics.Scheme != Uri.UriSchemeHttp) yield return $"telemetry.metrics is '{metrics}': it begins with http://.";
    }
}
