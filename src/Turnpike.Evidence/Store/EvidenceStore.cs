using System.Collections.Concurrent;
using System.Security.Cryptography;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>
/// Sealed segments and manifests in a folder, found and verified by SHA-256. A gateway's log seals into it; an oracle or mirror puts what it fetched into one of its own.
/// A segment is two files, the summary written first: a summary without its segment is one that never arrived or was pruned. Thread-safe.
/// </summary>
public sealed class EvidenceStore
{
    private const string SegmentSuffix = ".seg";
    private const string SummarySuffix = ".json";

    private readonly Lock _putLock = new();
    private readonly string _segmentFolder;
    private readonly string _manifestFolder;
    private readonly ConcurrentDictionary<Bytes32, SegmentSummary> _segments = new();
    private readonly ConcurrentDictionary<Bytes32, Manifest> _manifests = new();

    private EvidenceStore(string folder)
    {
        _segmentFolder = Path.Combine(folder, "segments");
        _manifestFolder = Path.Combine(folder, "manifests");
    }

    /// <summary>Sealed segments, by partition and number ascending.</summary>
    public IReadOnlyList<SegmentSummary> Segments => [.. _segments.Values.Where(segment => File.Exists(SegmentPath(segment.Sha256))).OrderBy(segment => segment.Partition).ThenBy(segment => segment.Number).ThenBy(segment => segment.Sha256)];

    /// <summary>Manifests, by epoch ascending.</summary>
    public IReadOnlyList<Manifest> Manifests => [.. _manifests.OrderBy(entry => entry.Value.Epoch).ThenBy(entry => entry.Key).Select(entry => entry.Value)];

    /// <summary>Opens the store in <paramref name="folder"/>, creating it if need be.</summary>
    /// <exception cref="EvidenceCorruptException">A summary or manifest is not what was written.</exception>
    public static EvidenceStore Open(string folder)
    {
        var store = new EvidenceStore(folder);
        foreach (var path in new[] { store._segmentFolder, store._manifestFolder })
        {
            DurableFile.CreateFolder(path);
            DurableFile.DeleteTemporaries(path);
        }
        foreach (var path in Directory.EnumerateFiles(store._segmentFolder, "*" + SummarySuffix))
        {
            if (!SummaryCodec.TryParse(File.ReadAllBytes(path), out var summary) || store.SummaryPath(summary.Sha256) != path) throw new EvidenceCorruptException(path, "it is no segment's summary");
            store._segments[summary.Sha256] = summary;
        }
        foreach (var path in Directory.EnumerateFiles(store._manifestFolder, "*" + SummarySuffix))
        {
            var manifest = store.ReadManifestFile(path);
            store._manifests[manifest.Hash()] = manifest;
        }
        return store;
    }

    /// <summary>The summary of a sealed segment; false when the store does not hold it.</summary>
    public bool TryGetSegment(Bytes32 sha256, out SegmentSummary summary) => _segments.TryGetValue(sha256, out summary!) && File.Exists(SegmentPath(sha256));

    /// <summary>The manifest of a hash; false when the store does not hold it.</summary>
    public bool TryGetManifest(Bytes32 hash, out Manifest manifest) => _manifests.TryGetValue(hash, out manifest!);

    /// <summary>A segment's bytes as a stream at its start, the whole file verified against its hash first.</summary>
    /// <exception cref="FileNotFoundException">The store does not hold it.</exception>
    /// <exception cref="EvidenceCorruptException">The bytes have another hash.</exception>
    public async Task<Stream> OpenSegmentAsync(Bytes32 sha256, CancellationToken cancellationToken)
    {
        var path = SegmentPath(sha256);
        var stream = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        try
        {
            var found = new Bytes32(await SHA256.HashDataAsync(stream, cancellationToken));
            if (found != sha256) throw new EvidenceCorruptException(path, $"its SHA-256 is {found}");
            stream.Position = 0;
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>A segment's bytes, verified against its hash.</summary>
    /// <exception cref="FileNotFoundException">The store does not hold it.</exception>
    /// <exception cref="EvidenceCorruptException">The bytes have another hash.</exception>
    public async Task<byte[]> ReadSegmentAsync(Bytes32 sha256, CancellationToken cancellationToken)
    {
        var stream = await OpenSegmentAsync(sha256, cancellationToken);
        await using (stream)
        {
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }
    }

    /// <summary>A manifest's canonical bytes, verified against its hash.</summary>
    /// <exception cref="FileNotFoundException">The store does not hold it.</exception>
    /// <exception cref="EvidenceCorruptException">The bytes have another hash.</exception>
    public async Task<byte[]> ReadManifestAsync(Bytes32 hash, CancellationToken cancellationToken)
    {
        var path = ManifestPath(hash);
        var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        var found = new Bytes32(SHA256.HashData(bytes));
        return found == hash ? bytes : throw new EvidenceCorruptException(path, $"its SHA-256 is {found}");
    }

    /// <summary>Keeps a segment fetched from elsewhere, durably, if it is exactly what its summary says; the fault otherwise.</summary>
    public SegmentFault? PutSegment(SegmentSummary summary, Bytes32 networkId, ReadOnlyMemory<byte> bytes)
    {
        if (!SegmentReader.TryOpen(bytes, summary, networkId, out _, out var fault)) return fault;
        lock (_putLock)
        {
            if (TryGetSegment(summary.Sha256, out _)) return null;
            var incoming = SegmentPath(summary.Sha256) + ".put";
            DurableFile.WriteAtomically(incoming, bytes.Span);
            AdoptSegment(incoming, summary);
        }
        return null;
    }

    /// <summary>Keeps a manifest, durably; its hash.</summary>
    public Bytes32 PutManifest(Manifest manifest)
    {
        var bytes = ManifestCodec.Encode(manifest);
        if (bytes.Length > ManifestCodec.MaximumBytes) throw new ArgumentException($"The manifest has {bytes.Length} bytes; at most {ManifestCodec.MaximumBytes} can be read again. Use larger segments.", nameof(manifest));
        var hash = new Bytes32(SHA256.HashData(bytes));
        if (!_manifests.ContainsKey(hash)) DurableFile.WriteAtomically(ManifestPath(hash), bytes);
        _manifests[hash] = manifest;
        return hash;
    }

    /// <summary>The highest number a segment of the partition ever had here, pruned ones included: numbers are not used twice.</summary>
    internal ulong LastNumber(uint partition) => _segments.Values.Where(segment => segment.Partition == partition).Select(segment => segment.Number).DefaultIfEmpty().Max();

    /// <summary>Whether the sealing of a segment with this hash began.</summary>
    internal bool HasSummary(Bytes32 sha256) => _segments.ContainsKey(sha256);

    /// <summary>Takes over a complete, fsynced segment file by renaming it. A crash between the two steps is mended by doing both again.</summary>
    internal void AdoptSegment(string path, SegmentSummary summary)
    {
        DurableFile.WriteAtomically(SummaryPath(summary.Sha256), SummaryCodec.Encode(summary));
        if (File.Exists(path)) DurableFile.Move(path, SegmentPath(summary.Sha256));
        else if (!File.Exists(SegmentPath(summary.Sha256))) throw new FileNotFoundException("The segment to be sealed is gone.", path);
        else DurableFile.FlushFolder(_segmentFolder);
        CommitBoundary.Pass(CommitBoundary.SegmentMoved);
        _segments[summary.Sha256] = summary;
    }

    /// <summary>Removes a segment's bytes for good; its summary stays until <see cref="Forget"/>.</summary>
    internal void Retire(Bytes32 sha256)
    {
        DurableFile.Delete(SegmentPath(sha256));
        CommitBoundary.Pass(CommitBoundary.SegmentRetired);
    }

    /// <summary>Removes a manifest none of whose segments is here any more, and their summaries, except the one by which a partition knows its highest number.</summary>
    internal void Forget(Manifest manifest)
    {
        foreach (var segment in manifest.Segments.Where(segment => segment.Number < LastNumber(segment.Partition)))
        {
            DurableFile.Delete(SummaryPath(segment.Sha256));
            CommitBoundary.Pass(CommitBoundary.SummaryRetired);
            _segments.TryRemove(segment.Sha256, out _);
        }
        var hash = manifest.Hash();
        DurableFile.Delete(ManifestPath(hash));
        _manifests.TryRemove(hash, out _);
    }

    internal string SegmentPath(Bytes32 sha256) => Path.Combine(_segmentFolder, sha256 + SegmentSuffix);

    private string SummaryPath(Bytes32 sha256) => Path.Combine(_segmentFolder, sha256 + SummarySuffix);

    private string ManifestPath(Bytes32 hash) => Path.Combine(_manifestFolder, hash + SummarySuffix);

    private Manifest ReadManifestFile(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (!ManifestCodec.TryParse(bytes, out var manifest, out var problem)) throw new EvidenceCorruptException(path, problem);
        return ManifestPath(new Bytes32(SHA256.HashData(bytes))) == path ? manifest : throw new EvidenceCorruptException(path, "its hash is not its name");
    }
}
