using System.Diagnostics.Metrics;
using Turnpike.Evidence;
using Turnpike.Node.Gateway;

namespace Turnpike.Node.Telemetry;

/// <summary>Metrics of the meter Turnpike.Log: the gateway's door and evidence log.</summary>
public sealed class LogMetrics
{
    private readonly Meter _meter;
    private readonly Histogram<double> _group;
    private readonly Histogram<double> _sync;
    private readonly Histogram<long> _pieces;
    private readonly Counter<long> _bytes;

    internal LogMetrics(IMeterFactory factory)
    {
        _meter = factory.Create("Turnpike.Log");
        _group = _meter.CreateHistogram<double>("turnpike.log.append.duration", "s", "Time from the beginning of a group's write to its durability, as everyone in the group waits.");
        _sync = _meter.CreateHistogram<double>("turnpike.log.sync.duration", "s", "The disk's own part of it: fsync.");
        _pieces = _meter.CreateHistogram<long>("turnpike.log.group.size", "{piece}", "Pieces that became durable by one fsync.");
        _bytes = _meter.CreateCounter<long>("turnpike.log.bytes", "By", "Bytes made durable.");
    }

    /// <summary>Notes a group that became durable.</summary>
    public void NoteGroup(DurableGroup group)
    {
        _group.Record((group.Write + group.Sync).TotalSeconds);
        _sync.Record(group.Sync.TotalSeconds);
        _pieces.Record(group.Records);
        _bytes.Add(group.Bytes);
    }

    /// <summary>Shows a gateway's door and log.</summary>
    internal void Observe(EvidenceIntake intake, EvidenceLog log)
    {
        _meter.CreateObservableCounter("turnpike.gateway.admissions", () => intake.Counts.Select(count => Measure(count.Key, count.Value)), "{piece}", "Pieces and orders at the door, by admission code and name.");
        _meter.CreateObservableGauge("turnpike.log.refusing", () => log.Failure is null ? 0 : 1, "1", "1 while the log refuses evidence because the disk fails.");
        _meter.CreateObservableGauge("turnpike.log.segments", () => log.Store.Segments.Count, "{segment}", "Sealed segments on disk.");
        _meter.CreateObservableGauge("turnpike.log.segments.bytes", () => log.Store.Segments.Sum(segment => (long)segment.Bytes), "By", "Bytes of those.");
    }

    private static Measurement<long> Measure(AdmissionCode code, ulong count) => new((long)count, new("code", (int)code), new("name", AdmissionCodes.Describe(code).Name));
}
