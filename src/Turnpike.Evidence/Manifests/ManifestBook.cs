using System.Text;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>
/// What a gateway offered for each epoch, and what of it the chain holds.
///
/// The life of an epoch: it ends; <see cref="SealAsync(EpochNumber, CancellationToken)"/> seals what was received so far and writes the manifest of everything that no certified manifest lists;
/// oracles fetch and certify it; the gateway commits it on chain; <see cref="MarkCertified"/> notes that durably. A manifest that missed its cutoff is never
/// changed: it is superseded, because the next epoch's lists its segments again. A manifest is written once for an epoch, whatever crashes in between, since
/// oracles may have signed for its hash already. Should the chain turn out to hold a superseded one after all, marking it later is right too: a piece listed twice counts once, by its identity.
/// One caller at a time.
/// </summary>
public sealed class ManifestBook
{
    private readonly EvidenceLog _log;
    private readonly Bytes32 _networkId;
    private readonly Address _gateway;
    private readonly string _certifiedFolder;
    private readonly SortedDictionary<EpochNumber, Manifest> _sealed = [];
    private readonly SortedDictionary<EpochNumber, Bytes32> _certified = [];

    private ManifestBook(EvidenceLog log, string folder, Bytes32 networkId, Address gateway)
    {
        _log = log;
        _networkId = networkId;
        _gateway = gateway;
        _certifiedFolder = Path.Combine(folder, "certified");
    }

    /// <summary>The certified manifests' hashes by epoch.</summary>
    public IReadOnlyDictionary<EpochNumber, Bytes32> Certified => _certified;

    /// <summary>The latest epoch that has a manifest; none before the first.</summary>
    public EpochNumber LastSealed => _sealed.Count == 0 ? default : _sealed.Keys.Last();

    /// <summary>Sealed segments that no certified manifest lists, oldest first.</summary>
    public IReadOnlyList<SegmentSummary> Waiting
    {
        get
        {
            var certified = _certified.Keys.SelectMany(past => _sealed[past].Segments).Select(segment => segment.Sha256).ToHashSet();
            return [.. _log.Store.Segments.Where(segment => !certified.Contains(segment.Sha256)).OrderBy(segment => segment.FirstReceivedAt)];
        }
    }

    /// <summary>Opens the book beside a log; <paramref name="folder"/> is the log's.</summary>
    /// <exception cref="EvidenceCorruptException">A note of certification is damaged or names a manifest that the store does not hold.</exception>
    public static ManifestBook Open(EvidenceLog log, string folder, Bytes32 networkId, Address gateway)
    {
        var book = new ManifestBook(log, folder, networkId, gateway);
        foreach (var manifest in log.Store.Manifests.Where(manifest => manifest.NetworkId == networkId && manifest.Gateway == gateway)) book._sealed[manifest.Epoch] = manifest;
        DurableFile.CreateFolder(book._certifiedFolder);
        DurableFile.DeleteTemporaries(book._certifiedFolder);
        foreach (var path in Directory.EnumerateFiles(book._certifiedFolder))
        {
            var ok = EpochNumber.TryParse(Path.GetFileName(path), out var epoch) & Bytes32.TryParse(File.ReadAllText(path, Encoding.ASCII), out var hash);
            if (!ok || !book._sealed.TryGetValue(epoch, out var manifest) || manifest.Hash() != hash) throw new EvidenceCorruptException(path, "it names no manifest of this gateway and epoch");
            book._certified[epoch] = hash;
        }
        return book;
    }

    /// <summary>The manifest of an epoch: the one written before, or else one of all that was received so far and is in no certified manifest. Durable on return.</summary>
    public Task<Manifest> SealAsync(EpochNumber epoch, CancellationToken cancellationToken) => SealAsync(epoch, long.MaxValue, ulong.MaxValue, cancellationToken);

    /// <summary>
    /// The same, of segments all of whose records were received before <paramref name="receivedBefore"/>, unix milliseconds, and with at most so many bytes of them, the oldest; the rest waits for
    /// the next epoch.
    /// </summary>
    /// <exception cref="ArgumentException">A later epoch was sealed already, and this one not.</exception>
    /// <exception cref="IOException">The disk failed; try again.</exception>
    public async Task<Manifest> SealAsync(EpochNumber epoch, long receivedBefore, ulong maxBytes, CancellationToken cancellationToken)
    {
        if (epoch.IsNone) throw new ArgumentException("The first epoch is 1.", nameof(epoch));
        if (_sealed.TryGetValue(epoch, out var written)) return written;
        if (epoch < LastSealed) throw new ArgumentException($"Epoch {LastSealed} was sealed already; epoch {epoch} was passed over and its evidence is listed there.", nameof(epoch));
        await _log.SealSegmentAsync(cancellationToken);
        var bytes = 0UL;
        var listed = Waiting.Where(segment => segment.LastReceivedAt < receivedBefore).TakeWhile(segment => (bytes += (ulong)segment.Bytes) <= maxBytes);
        var manifest = new Manifest
        {
            NetworkId = _networkId,
            Gateway = _gateway,
            Epoch = epoch,
            Previous = _certified.Count == 0 ? Bytes32.Zero : _certified.Values.Last(),
            Segments = [.. listed.OrderBy(segment => segment.Partition).ThenBy(segment => segment.Number)],
        };
        _log.Store.PutManifest(manifest);
        _sealed[epoch] = manifest;
        return manifest;
    }

    /// <summary>Whether this book's manifest of an epoch is that one. After a disk was lost the chain may hold another of this gateway's.</summary>
    public bool Wrote(EpochNumber epoch, Bytes32 manifestHash) => _sealed.TryGetValue(epoch, out var manifest) && manifest.Hash() == manifestHash;

    /// <summary>Notes durably that the chain holds the certified commit of a manifest; again is no error.</summary>
    /// <exception cref="ArgumentException">The hash is not that of the epoch's manifest.</exception>
    public void MarkCertified(EpochNumber epoch, Bytes32 manifestHash)
    {
        if (!_sealed.TryGetValue(epoch, out var manifest) || manifest.Hash() != manifestHash)
            throw new ArgumentException($"This gateway wrote no manifest {manifestHash} for epoch {epoch}.", nameof(manifestHash));
        DurableFile.WriteAtomically(Path.Combine(_certifiedFolder, epoch.ToString()), Encoding.ASCII.GetBytes(manifestHash.ToString()));
        _certified[epoch] = manifestHash;
    }

    /// <summary>
    /// Deletes the evidence of certified epochs before <paramref name="oldestKept"/> for good: what is not certified stays whatever its age, and so does what
    /// <paramref name="mayGo"/> holds back, for instance because it is not mirrored yet. The last certified manifest stays, since the next one names it. Segments go first, then the note
    /// of certification, then the manifest: what a crash leaves is taken up by the next call, and no note ever names a manifest that is gone. The number of segments deleted.
    /// </summary>
    /// <exception cref="IOException">The disk failed; try again.</exception>
    public int Retire(EpochNumber oldestKept, Func<Manifest, bool> mayGo)
    {
        var retired = 0;
        foreach (var epoch in _certified.Keys.Where(epoch => epoch < oldestKept).ToList())
        {
            if (!_sealed.TryGetValue(epoch, out var manifest) || !mayGo(manifest)) continue;
            foreach (var segment in manifest.Segments.Where(segment => _log.Store.TryGetSegment(segment.Sha256, out _)))
            {
                _log.Store.Retire(segment.Sha256);
                retired++;
            }
        }
        var last = _certified.Count == 0 ? default : _certified.Keys.Last();
        foreach (var (epoch, manifest) in _sealed.Where(entry => entry.Key < oldestKept && entry.Key < last).ToList())
        {
            if (manifest.Segments.Any(segment => _log.Store.TryGetSegment(segment.Sha256, out _))) continue;
            DurableFile.Delete(Path.Combine(_certifiedFolder, epoch.ToString()));
            CommitBoundary.Pass(CommitBoundary.NoteRetired);
            _certified.Remove(epoch);
            _log.Store.Forget(manifest);
            _sealed.Remove(epoch);
        }
        return retired;
    }
}
