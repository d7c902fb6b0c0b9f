using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Ledger;
using Turnpike.Node.Epochs;

namespace Turnpike.Node.Gateway;

/// <summary>What a receipt proves.</summary>
public enum ReceiptVerdict
{
    /// <summary>The promise was kept: a certified manifest lists the piece.</summary>
    Kept,

    /// <summary>The time for the promise is not over.</summary>
    NotDue,

    /// <summary>The promise was broken: the gateway signed that it has the piece, and no certified manifest of the promised time lists it. Proof of censorship.</summary>
    Broken,

    /// <summary>It is no receipt of a registered gateway of this network.</summary>
    Invalid,
}

/// <summary>A verdict on a receipt with its reason.</summary>
/// <param name="Verdict">Which.</param>
/// <param name="Detail">For a person.</param>
public sealed record ReceiptFinding(ReceiptVerdict Verdict, string Detail);

/// <summary>
/// Judges a receipt from public data alone: the signature, the chain's registry and commits, and the certified manifests and segments by hash. What the chain fixed cannot change, so a
/// broken promise stays proved for ever, and anyone comes to the same finding.
/// </summary>
public sealed class ReceiptJudge(NetworkDeployment deployment, LedgerState ledger, long chainTime, IEvidenceSource evidence)
{
    /// <summary>Judges the receipt at the chain's time given, unix milliseconds.</summary>
    /// <exception cref="EvidenceException">A certified manifest or segment cannot be had, so that nothing can be said.</exception>
    public async Task<ReceiptFinding> JudgeAsync(SignedReceipt signed, CancellationToken cancellation)
    {
        var receipt = signed.Receipt;
        if (receipt.NetworkId != deployment.NetworkId) return Invalid($"it is of network {receipt.NetworkId}, not {deployment.NetworkId}");
        if (!signed.Verify()) return Invalid($"the signature is not that of {receipt.Gateway}");
        if (!ledger.GatewayUrls.ContainsKey(receipt.Gateway)) return Invalid($"{receipt.Gateway} never was a registered gateway");
        if (receipt.PromisedEpoch != Receipt.PromiseOf(ledger.Clock, receipt.ReceivedAt)) return Invalid("it promises another epoch than the one after its time of receipt");
        if (!ledger.Clock.TryAt(receipt.ReceivedAt, out var epoch)) epoch = EpochNumber.First;
        for (; epoch <= receipt.PromisedEpoch; epoch = epoch.Next)
            foreach (var commit in ledger.CommitsOf(epoch).Where(commit => commit.Gateway == receipt.Gateway))
                if (await FindAsync(commit, receipt, cancellation) is { } where) return new ReceiptFinding(ReceiptVerdict.Kept, where);
        var deadline = ledger.Clock.EndOf(receipt.PromisedEpoch) + (long)ledger.Grace.TotalMilliseconds;
        return chainTime < deadline
            ? new ReceiptFinding(ReceiptVerdict.NotDue, $"the piece is in no certified manifest yet; the promise is due {DateTimeOffset.FromUnixTimeMilliseconds(deadline):u}")
            : new ReceiptFinding(ReceiptVerdict.Broken, $"gateway {receipt.Gateway} signed that it received {receipt.Identity} at {DateTimeOffset.FromUnixTimeMilliseconds(receipt.ReceivedAt):u}, and none of its certified manifests up to epoch {receipt.PromisedEpoch} lists it");
    }

    private async Task<string?> FindAsync(EvidenceCommit commit, Receipt receipt, CancellationToken cancellation)
    {
        var bytes = await evidence.ManifestAsync(commit, cancellation);
        if (!ManifestCodec.TryParse(bytes, out var manifest, out var problem) || manifest.Hash() != commit.ManifestHash) throw new EvidenceException($"Manifest {commit.ManifestHash}: {(problem.Length > 0 ? problem : "its hash is another")}");
        // A segment's times are under its hash, and so is each record's: a piece received then can only lie in these.
        foreach (var segment in manifest.Segments.Where(segment => segment.FirstReceivedAt <= receipt.ReceivedAt && receipt.ReceivedAt <= segment.LastReceivedAt))
        {
            if (!SegmentReader.TryOpen(await evidence.SegmentAsync(commit, segment, cancellation), segment, deployment.NetworkId, out var reader, out var fault)) throw new EvidenceException($"Segment {segment.Sha256}: {fault}");
            foreach (var record in reader.Records)
                if (record.Type == RecordType.Evidence && EnvelopeCodec.TryDecode(record.Body, out var envelope, out _) && envelope.Identity(deployment.NetworkId) == receipt.Identity)
                    return $"epoch {commit.Epoch}, manifest {commit.ManifestHash}, segment {segment.Sha256}, record {record.Index}";
        }
        return null;
    }

    private static ReceiptFinding Invalid(string why) => new(ReceiptVerdict.Invalid, why);
}
