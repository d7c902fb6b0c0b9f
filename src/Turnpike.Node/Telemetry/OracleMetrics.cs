using System.Diagnostics.Metrics;
using Turnpike.Node.Oracle.Rounds;

namespace Turnpike.Node.Telemetry;

/// <summary>Metrics of the meter Turnpike.Oracle.</summary>
public sealed class OracleMetrics
{
    private readonly Counter<long> _certificates;
    private readonly Counter<long> _signatures;
    private readonly Counter<long> _disagreements;
    private readonly Counter<long> _observations;
    private readonly Meter _meter;

    internal OracleMetrics(IMeterFactory factory)
    {
        _meter = factory.Create("Turnpike.Oracle");
        _certificates = _meter.CreateCounter<long>("turnpike.oracle.certificates", "{certificate}", "Answers to gateways' requests for availability certificates, by answer: signed or refused.");
        _signatures = _meter.CreateCounter<long>("turnpike.oracle.signatures", "{signature}", "Reports that this oracle signed.");
        _disagreements = _meter.CreateCounter<long>("turnpike.oracle.disagreements", "{report}", "Reports that another oracle signed and that differ from the settled one, by oracle.");
        _observations = _meter.CreateCounter<long>("turnpike.oracle.observations", "{observation}", "Price observations that this oracle signed.");
    }

    /// <summary>Notes an answer to a gateway.</summary>
    public void NoteCertificate(bool signed) => _certificates.Add(1, new KeyValuePair<string, object?>("answer", signed ? "signed" : "refused"));

    /// <summary>Notes a report signature of this oracle.</summary>
    public void NoteSignature() => _signatures.Add(1);

    /// <summary>Notes that an oracle signed something else.</summary>
    public void NoteDisagreement(string oracle) => _disagreements.Add(1, new KeyValuePair<string, object?>("oracle", oracle));

    /// <summary>Notes a signed price observation.</summary>
    public void NoteObservation() => _observations.Add(1);

    /// <summary>Shows the round of the epoch that is next to settle.</summary>
    internal void Observe(NodeContext node, RoundBooks rounds)
    {
        _meter.CreateObservableGauge("turnpike.oracle.commitments", () => Count(node, rounds, entry => entry.Commitments.Count > 0), "{oracle}", "Oracles whose commitment to the epoch that is next to settle is here.");
        _meter.CreateObservableGauge("turnpike.oracle.reveals", () => Count(node, rounds, entry => entry.Reveals.Count > 0), "{oracle}", "Oracles that have shown their report of it.");
    }

    private static int Count(NodeContext node, RoundBooks rounds, Func<RoundEntry, bool> wanted)
    {
        if (node.History.Block is null) return 0;
        var key = node.History.Read(state => new RoundKey(state.LastClosedEpoch + 1, (uint)state.Reports.Count(report => report.Report.Epoch == state.LastClosedEpoch + 1 && report.Stage == Ledger.ReportStage.Vetoed)));
        return rounds.Find(key) is { } book ? Enumerable.Range(0, book.Oracles.Oracles.Count).Count(oracle => wanted(book.EntryOf(oracle))) : 0;
    }
}
