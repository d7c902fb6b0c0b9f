using System.Diagnostics.Metrics;
using Turnpike.Node.Operations;

namespace Turnpike.Node.Telemetry;

/// <summary>Metrics of the meter Turnpike.Watch: what the node thinks of itself.</summary>
internal static class WatchMetrics
{
    public static void Observe(IMeterFactory factory, NodeWatch watch)
    {
        var meter = factory.Create("Turnpike.Watch");
        meter.CreateObservableGauge("turnpike.alerts.open", () => watch.Alerts.Open.GroupBy(alert => alert.Code).Select(Measure), "{alert}", "Open alerts, by code, name and severity.");
        meter.CreateObservableGauge("turnpike.check", () => watch.Checks.Select(check => new Measurement<int>(check.Worst is null ? 1 : 0, new KeyValuePair<string, object?>("check", check.Name))), "1", "1 while a check finds all well, by check.");
        meter.CreateObservableGauge("turnpike.ready", () => watch.IsReady ? 1 : 0, "1", "1 while no check finds anything critical.");
        meter.CreateObservableCounter("turnpike.loop.failures", () => watch.LoopFailures.Select(loop => new Measurement<long>(loop.Value, new KeyValuePair<string, object?>("loop", loop.Key))), "{failure}", "Failed steps of the node's services, by service.");
    }

    private static Measurement<int> Measure(IGrouping<AlertCode, Alert> alerts)
    {
        var described = AlertCodes.Describe(alerts.Key);
        return new(alerts.Count(), new("code", (int)alerts.Key), new("name", described.Name), new("severity", described.Severity.ToString().ToLowerInvariant()));
    }
}
