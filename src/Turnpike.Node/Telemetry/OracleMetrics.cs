using System.Diagnostics.Metrics;

namespace Turnpike.Node.Telemetry;

/// <summary>Metrics of the meter Turnpike.Oracle.</summary>
public sealed class OracleMetrics
{
    private readonly Counter<long> _certificates;
    private readonly Counter<long> _commitments;
    private readonly Counter<long> _signatures;
    private readonly Counter<long> _disagreements;
    private readonly Counter<long> _observations;

    internal OracleMetrics(IMeterFactory factory)
    {
        var meter = factory.Create("Turnpike.Oracle");
        _certificates = meter.CreateCounter<long>("turnpike.oracle.certificates", "{certificate}", "Answers to requests for availability certificates, by answer: signed or refused.");
        _commitments = meter.CreateCounter<long>("turnpike.oracle.commitments", "{commitment}", "Commitments to outcomes, by origin: own or peer.");
        _signatures = meter.CreateCounter<long>("turnpike.oracle.signatures", "{signature}", "Report signatures, by origin: own or peer.");
        _disagreements = meter.CreateCounter<long>("turnpike.oracle.disagreements", "{epoch}", "Epochs for which a peer signed another outcome than this oracle, by peer.");
        _observations = meter.CreateCounter<long>("turnpike.oracle.observations", "{observation}", "Price observations signed by this oracle.");
    }

    /// <summary>Notes an answer to a gateway.</summary>
    public void NoteCertificate(bool signed) => _certificates.Add(1, new KeyValuePair<string, object?>("answer", signed ? "signed" : "refused"));

    /// <summary>Notes a commitment.</summary>
    public void NoteCommitment(bool own) => _commitments.Add(1, Origin(own));

    /// <summary>Notes a report signature.</summary>
    public void NoteSignature(bool own) => _signatures.Add(1, Origin(own));

    /// <summary>Notes that a peer signed something else.</summary>
    public void NoteDisagreement(string peer) => _disagreements.Add(1, new KeyValuePair<string, object?>("peer", peer));

    /// <summary>Notes a signed price observation.</summary>
    public void NoteObservation() => _observations.Add(1);

    private static KeyValuePair<string, object?> Origin(bool own) => new("origin", own ? "own" : "peer");
}
