using System.Collections.Concurrent;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>
/// Manifests and segments in a bucket, each under its hash: <c>segments/HASH.seg</c> and <c>manifests/HASH.json</c>. A manifest goes last, so that one which is there has all it lists there too.
/// Which manifests are complete is remembered for this run only; the next run asks the store again. One caller of <see cref="PutAsync"/> at a time.
/// </summary>
public sealed class EvidenceMirror(S3Bucket bucket)
{
    private readonly ConcurrentDictionary<Bytes32, byte> _complete = [];

    /// <summary>Whether a manifest and all it lists are known to be in the bucket.</summary>
    public bool IsComplete(Manifest manifest) => IsComplete(manifest.Hash());

    /// <summary>The same by the manifest's hash.</summary>
    public bool IsComplete(Bytes32 manifestHash) => _complete.ContainsKey(manifestHash);

    /// <summary>Puts a manifest and the segments that it lists; again is little work.</summary>
    /// <exception cref="S3Exception">The store refuses.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached; try again later.</exception>
    public async Task PutAsync(EvidenceStore store, Manifest manifest, CancellationToken cancellationToken)
    {
        var hash = manifest.Hash();
        if (IsComplete(hash)) return;
        foreach (var segment in manifest.Segments)
            if (store.TryGetSegment(segment.Sha256, out _)) await bucket.PutAsync(SegmentName(segment.Sha256), await store.ReadSegmentAsync(segment.Sha256, cancellationToken), cancellationToken);
            else if (!await bucket.HasAsync(SegmentName(segment.Sha256), cancellationToken)) throw new FileNotFoundException($"Segment {segment.Sha256} is neither here nor in the bucket.");
        await bucket.PutAsync(ManifestName(hash), ManifestCodec.Encode(manifest), cancellationToken);
        _complete[hash] = 0;
    }

    /// <summary>A manifest's bytes, proved against its hash; null when the bucket does not hold it.</summary>
    public Task<byte[]?> ManifestAsync(Bytes32 hash, CancellationToken cancellationToken) => bucket.GetAsync(ManifestName(hash), hash, ManifestCodec.MaximumBytes, cancellationToken);

    /// <summary>A segment's bytes, proved against their hash; null when the bucket does not hold it.</summary>
    public Task<byte[]?> SegmentAsync(SegmentSummary segment, CancellationToken cancellationToken) => bucket.GetAsync(SegmentName(segment.Sha256), segment.Sha256, segment.Bytes, cancellationToken);

    private static string SegmentName(Bytes32 sha256) => $"segments/{sha256}.seg";

    private static string ManifestName(Bytes32 hash) => $"manifests/{hash}.json";
}
