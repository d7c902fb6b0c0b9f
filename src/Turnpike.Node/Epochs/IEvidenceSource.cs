using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Ledger;

namespace Turnpike.Node.Epochs;

/// <summary>Where manifests and segments come from: the own store, or the URLs of who has them. Bytes are proved by whoever asks.</summary>
public interface IEvidenceSource
{
    /// <summary>The manifest's bytes.</summary>
    /// <exception cref="EvidenceException">It cannot be had.</exception>
    Task<ReadOnlyMemory<byte>> ManifestAsync(EvidenceCommit commit, CancellationToken cancellation);

    /// <summary>The segment's bytes.</summary>
    /// <exception cref="EvidenceException">It cannot be had.</exception>
    Task<ReadOnlyMemory<byte>> SegmentAsync(EvidenceCommit commit, SegmentSummary segment, CancellationToken cancellation);
}

/// <summary>Evidence that this node holds itself.</summary>
public sealed class StoredEvidence(EvidenceStore store) : IEvidenceSource
{
    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> ManifestAsync(EvidenceCommit commit, CancellationToken cancellation) =>
        GuardAsync(() => store.ReadManifestAsync(commit.ManifestHash, cancellation), "manifest", commit.ManifestHash);

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> SegmentAsync(EvidenceCommit commit, SegmentSummary segment, CancellationToken cancellation) =>
        GuardAsync(() => store.ReadSegmentAsync(segment.Sha256, cancellation), "segment", segment.Sha256);

    private static async Task<ReadOnlyMemory<byte>> GuardAsync(Func<Task<byte[]>> read, string what, Bytes32 hash)
    {
        try
        {
            return await read();
        }
        catch (Exception fault) when (fault is FileNotFoundException or EvidenceCorruptException)
        {
            throw new EvidenceException($"The {what} {hash} is not in the store: {fault.Message}", fault);
        }
    }
}

/// <summary>What this node holds, and what it lacks fetched from whoever has it and kept once it is proved: an oracle that was away when a manifest was certified.</summary>
public sealed class FetchedEvidence(EvidenceStore store, Bytes32 networkId, PublishedEvidence published) : IEvidenceSource
{
    private readonly StoredEvidence _stored = new(store);

    /// <summary>What a node holds in a store and finds at the places that its ledger names now.</summary>
    public static FetchedEvidence Of(NodeContext node, EvidenceStore store) =>
        new(store, node.Deployment.NetworkId, new PublishedEvidence(node.Http, commit => node.History.Read(state => PublishedEvidence.PlacesOf(state, commit))));

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> ManifestAsync(EvidenceCommit commit, CancellationToken cancellation)
    {
        if (store.TryGetManifest(commit.ManifestHash, out _)) return await _stored.ManifestAsync(commit, cancellation);
        var bytes = await published.ManifestAsync(commit, cancellation);
        if (!ManifestCodec.TryParse(bytes, out var manifest, out var problem)) throw new EvidenceException($"Manifest {commit.ManifestHash}: {problem}");
        store.PutManifest(manifest);
        return bytes;
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> SegmentAsync(EvidenceCommit commit, SegmentSummary segment, CancellationToken cancellation)
    {
        if (store.TryGetSegment(segment.Sha256, out _)) return await _stored.SegmentAsync(commit, segment, cancellation);
        var bytes = await published.SegmentAsync(commit, segment, cancellation);
        return store.PutSegment(segment, networkId, bytes) is { } fault ? throw new EvidenceException($"Segment {segment.Sha256}: {fault}") : bytes;
    }
}
