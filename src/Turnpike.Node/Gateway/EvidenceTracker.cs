using System.Text.Json;
using System.Text.Json.Serialization;
using Turnpike.Core;
using Turnpike.Core.Canonical;
using Turnpike.Evidence;
using Turnpike.Node.Epochs;

namespace Turnpike.Node.Gateway;

/// <summary>What became of a piece at this gateway.</summary>
/// <param name="Identity">The piece.</param>
/// <param name="State">received, listed or certified.</param>
/// <param name="ReceivedAt">Unix milliseconds.</param>
/// <param name="Epoch">Of the manifest that lists it.</param>
/// <param name="Manifest">That manifest's hash.</param>
/// <param name="Proof">That it is in a segment which the manifest lists.</param>
/// <param name="Twin">Set when the epoch is settled and found another piece under its boot and sequence.</param>
public sealed record PieceAnswer(string Identity, string State, long ReceivedAt, string? Epoch, string? Manifest, JsonElement? Proof, [property: JsonPropertyName("clone")] CloneAnswer? Twin);

/// <summary>One boot and sequence of a device stand for two different pieces: its key is in two places, and neither piece is paid.</summary>
/// <param name="Code">Of the verdict.</param>
/// <param name="Boot">The device's start.</param>
/// <param name="Sequence">The piece's number.</param>
/// <param name="First">One piece.</param>
/// <param name="Second">The other.</param>
public sealed record CloneAnswer(ushort Code, ulong Boot, ulong Sequence, string First, string Second);

/// <summary>A certified commit on chain.</summary>
/// <param name="Gateway">Whose.</param>
/// <param name="Manifest">The manifest's hash.</param>
/// <param name="Url">Where the gateway serves it.</param>
public sealed record CommitAnswer(string Gateway, string Manifest, string? Url);

/// <summary>Tells a device what became of its piece, from the log, the manifests, the chain and the outcomes at hand.</summary>
public sealed class EvidenceTracker(NodeContext node, EvidenceLog log, EvidenceFinder finder, EpochArchive archive)
{
    /// <summary>The piece's state; null when this gateway does not hold it.</summary>
    public async Task<PieceAnswer?> TrackAsync(Bytes32 identity, long receivedAt, CancellationToken cancellation)
    {
        if (await finder.FindAsync(identity, receivedAt, cancellation) is not { } found) return null;
        if (found.Proof is not { } proof) return new PieceAnswer(identity.ToString(), "received", found.ReceivedAt, null, null, null, null);
        var manifests = log.Store.Manifests.Where(manifest => manifest.Segments.Contains(proof.Segment)).Select(manifest => (manifest.Epoch, Hash: manifest.Hash())).ToList();
        if (manifests.Count == 0) return new PieceAnswer(identity.ToString(), "received", found.ReceivedAt, null, null, null, null);
        // Listed again and again until one manifest is certified; an epoch that was declared empty rolls its commits forward.
        var certified = manifests.FirstOrDefault(manifest => CommitsAround(manifest.Epoch).Any(commit => commit.ManifestHash == manifest.Hash));
        var (epoch, hash) = certified.Hash.IsZero ? manifests[^1] : certified;
        using var json = JsonDocument.Parse(InclusionProofCodec.Encode(proof));
        return new PieceAnswer(identity.ToString(), certified.Hash.IsZero ? "listed" : "certified", found.ReceivedAt, epoch.ToString(), hash.ToString(), json.RootElement.Clone(), certified.Hash.IsZero ? null : CloneOf(found.Envelope, epoch));
    }

    /// <summary>The certified commits of an epoch.</summary>
    public IReadOnlyList<CommitAnswer> Commits(EpochNumber epoch) => node.History.Read(state =>
        state.CommitsOf(epoch).Select(commit => new CommitAnswer(commit.Gateway.ToString(), commit.ManifestHash.ToString(), state.Gateways.GetValueOrDefault(commit.Gateway))).ToList());

    private IReadOnlyList<Ledger.EvidenceCommit> CommitsAround(EpochNumber epoch) => node.History.Read(state => state.CommitsOf(epoch));

    private CloneAnswer? CloneOf(EvidenceEnvelope envelope, EpochNumber epoch)
    {
        if (!archive.Has(epoch) || node.History.Read(state => state.Reports.All(report => report.Report.Epoch != epoch.Value))) return null;
        var fault = archive.ReadOutcome(epoch).Shards.Where(shard => shard.Name.StartsWith("clones-", StringComparison.Ordinal)).SelectMany(shard => CanonicalReader.ReadLines(shard.Bytes))
            .FirstOrDefault(line => line["device"].DeviceId == envelope.Device && line["boot"].UInt64 == envelope.Content.Boot && line["sequence"].UInt64 == envelope.Content.Sequence);
        return fault is null ? null : new CloneAnswer(VerdictCode.Clone.Number, envelope.Content.Boot, envelope.Content.Sequence, fault["first"].Text, fault["second"].Text);
    }
}
