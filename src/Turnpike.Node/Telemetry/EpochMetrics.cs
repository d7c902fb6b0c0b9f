using System.Diagnostics.Metrics;
using System.Numerics;
using Turnpike.Node.Operations;

namespace Turnpike.Node.Telemetry;

/// <summary>Metrics of the meter Turnpike.Epochs.</summary>
public sealed class EpochMetrics
{
    private readonly Meter _meter;
    private readonly Histogram<double> _compute;

    internal EpochMetrics(IMeterFactory factory)
    {
        _meter = factory.Create("Turnpike.Epochs");
        _compute = _meter.CreateHistogram<double>("turnpike.epoch.compute.duration", "s", "Time to fetch an epoch's evidence, compute it and keep the outcome.");
    }

    /// <summary>Notes a computed epoch.</summary>
    public void NoteComputed(TimeSpan duration) => _compute.Record(duration.TotalSeconds);

    /// <summary>Shows where the epochs stand.</summary>
    internal void Observe(NodeContext node)
    {
        _meter.CreateObservableGauge("turnpike.epoch.current", () => (long)EpochCourse.Of(node).Current, "{epoch}", "The epoch of now; 0 before the first.");
        _meter.CreateObservableGauge("turnpike.epoch.closed", () => (long)EpochCourse.Of(node).LastClosed, "{epoch}", "The last epoch that is active or was declared empty.");
        _meter.CreateObservableGauge("turnpike.epoch.lag", () => (long)EpochCourse.Of(node).Overdue, "{epoch}", "Epochs that have passed their whole course and are not settled.");
        _meter.CreateObservableGauge("turnpike.epoch.stage", () => Stage(node), "1", "Stage of the epoch that is next to settle: 2 certifying, 3 computing, 4 pending; 5 when none is open.");
        _meter.CreateObservableGauge("turnpike.epoch.manifests", () => node.History.Read(state => state.CommitsOf(new Core.EpochNumber(state.LastClosedEpoch + 1)).Count), "{manifest}", "Certified manifests of the epoch that is next to settle.");
        _meter.CreateObservableGauge("turnpike.epoch.signatures", () => node.History.Read(state => state.Reports.Count == 0 ? 0 : BitOperations.PopCount(state.Reports[^1].Signers)), "{signature}", "Signatures under the newest report on chain.");
        _meter.CreateObservableCounter("turnpike.epoch.reports", () => Reports(node), "{report}", "Reports on chain, by stage: pending, active or vetoed.");
    }

    private static int Stage(NodeContext node) => (int)(EpochCourse.Of(node).Next?.Stage ?? EpochStage.Closed);

    private static IEnumerable<Measurement<long>> Reports(NodeContext node) => node.History.Read(state =>
        state.Reports.GroupBy(report => report.Stage).Select(stage => new Measurement<long>(stage.Count(), new KeyValuePair<string, object?>("stage", stage.Key.ToString().ToLowerInvariant()))).ToList());
}
