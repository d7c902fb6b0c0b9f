using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Ledger;

namespace Turnpike.Node.Epochs;

/// <summary>Where manifests and segments come from: the own store, or a gateway's public URL. Bytes are proved by whoever asks.</summary>
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

/// <summary>What this node holds, and what it lacks fetched from the gateways and kept once it is proved: an oracle that was away when a manifest was certified.</summary>
public sealed class FetchedEvidence(EvidenceStore store, Bytes32 networkId, PublishedEvidence published) : IEvidenceSource
{
    private readonly StoredEvidence _stored = new(store);

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> ManifestAsync(EvidenceCommit commit, CancellationToken cancellation)
    {
        if (store.TryGetManifest(commit.ManifestHash, out _)) return await _stored.ManifestAsync(commit, cancellation);
        var bytes = await published.ManifestAsync(commit, cancellation);
        if (!ManifestCodec.TryParse(bytes, out var manifest, out var problem)) throw new EvidenceException($"Manifest {commit.ManifestHash}: {problem}");
        if (manifest.Hash() != commit.ManifestHash) throw new EvidenceException($"The gateway {commit.Gateway} answers for manifest {commit.ManifestHash} with another one.");
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

/// <summary>Evidence served by gateways at the URLs that the chain names: what an oracle fetches before it certifies, and what an auditor reads.</summary>
public sealed class PublishedEvidence(HttpClient http, Func<Address, string?> gatewayUrl) : IEvidenceSource
{
    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> ManifestAsync(EvidenceCommit commit, CancellationToken cancellation) =>
        FetchAsync(commit.Gateway, $"v1/manifests/{commit.ManifestHash}", ManifestCodec.MaximumBytes, cancellation);

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> SegmentAsync(EvidenceCommit commit, SegmentSummary segment, CancellationToken cancellation) =>
        FetchAsync(commit.Gateway, $"v1/segments/{segment.Sha256}", segment.Bytes, cancellation);

    private async Task<ReadOnlyMemory<byte>> FetchAsync(Address gateway, string path, int maxBytes, CancellationToken cancellation)
    {
        var root = gatewayUrl(gateway) ?? throw new EvidenceException($"The chain names no URL for gateway {gateway}.");
        var url = new Uri(new Uri(root.EndsWith('/') ? root : root + "/"), path);
        try
        {
            using var answer = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode) throw new EvidenceException($"{url} answered {(int)answer.StatusCode}.");
            await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
            using var buffer = new MemoryStream();
            var chunk = new byte[81920];
            for (int read; (read = await stream.ReadAsync(chunk, cancellation)) > 0;)
            {
                if (buffer.Length + read > maxBytes) throw new EvidenceException($"{url} sent more than the {maxBytes} bytes expected.");
                buffer.Write(chunk, 0, read);
            }
            return buffer.ToArray();
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException || fault is TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new EvidenceException($"{url} cannot be read: {fault.Message}", fault);
        }
    }
}
