using Turnpike.Core;
using Turnpike.Evidence.Tests.Log;

namespace Turnpike.Evidence.Tests.Store;

public sealed class EvidenceStoreTests : IDisposable
{
    private readonly Samples.Folder _folder = new();
    private readonly Samples.Folder _mirror = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _mirror.Dispose();
    }

    [Fact]
    public async Task Mirror_keeps_exactly_what_it_was_given_and_survives_reopening()
    {
        await using var log = LogHarness.Open(_folder.Path);
        await log.AppendAsync("one");
        await log.SealSegmentAsync(Cancel);
        var summary = log.Store.Segments[0];
        var bytes = await log.Store.ReadSegmentAsync(summary.Sha256, Cancel);
        var mirror = EvidenceStore.Open(_mirror.Path);
        Assert.Null(mirror.PutSegment(summary, Samples.Network, bytes));
        Assert.Null(mirror.PutSegment(summary, Samples.Network, bytes));
        Assert.Equal(bytes, await EvidenceStore.Open(_mirror.Path).ReadSegmentAsync(summary.Sha256, Cancel));
        Assert.Equal(summary, Assert.Single(EvidenceStore.Open(_mirror.Path).Segments));
    }

    [Fact]
    public async Task Mirror_refuses_other_bytes_with_the_fault()
    {
        await using var log = LogHarness.Open(_folder.Path);
        await log.AppendAsync("one");
        await log.SealSegmentAsync(Cancel);
        var summary = log.Store.Segments[0];
        var bytes = await log.Store.ReadSegmentAsync(summary.Sha256, Cancel);
        bytes[^1] ^= 1;
        var mirror = EvidenceStore.Open(_mirror.Path);
        Assert.Equal(SegmentFaultKind.BadRecordChecksum, mirror.PutSegment(summary, Samples.Network, bytes)!.Kind);
        Assert.Empty(mirror.Segments);
        Assert.False(mirror.TryGetSegment(summary.Sha256, out _));
    }

    [Fact]
    public async Task Damaged_segment_is_never_served()
    {
        await using var log = LogHarness.Open(_folder.Path);
        await log.AppendAsync("one");
        await log.SealSegmentAsync(Cancel);
        var path = Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, "segments"), "*.seg"));
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        var corrupt = await Assert.ThrowsAsync<EvidenceCorruptException>(() => log.Store.OpenSegmentAsync(log.Store.Segments[0].Sha256, Cancel));
        Assert.Equal(path, corrupt.Path);
    }

    [Fact]
    public async Task Manifest_is_found_by_hash_and_never_served_damaged()
    {
        var store = EvidenceStore.Open(_folder.Path);
        var manifest = new Manifest { NetworkId = Samples.Network, Gateway = default, Epoch = EpochNumber.First, Previous = default, Segments = [] };
        var hash = store.PutManifest(manifest);
        Assert.Equal(manifest.Hash(), hash);
        Assert.Equal(ManifestCodec.Encode(manifest), await store.ReadManifestAsync(hash, Cancel));
        Assert.True(EvidenceStore.Open(_folder.Path).TryGetManifest(hash, out _));
        var path = Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, "manifests")));
        File.AppendAllText(path, " ");
        await Assert.ThrowsAsync<EvidenceCorruptException>(() => store.ReadManifestAsync(hash, Cancel));
        Assert.Throws<EvidenceCorruptException>(() => EvidenceStore.Open(_folder.Path));
    }

    [Fact]
    public async Task What_the_store_does_not_hold_is_not_found()
    {
        var store = EvidenceStore.Open(_folder.Path);
        var hash = Keccak256.Hash("absent"u8);
        Assert.False(store.TryGetSegment(hash, out _));
        Assert.False(store.TryGetManifest(hash, out _));
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.ReadSegmentAsync(hash, Cancel));
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.ReadManifestAsync(hash, Cancel));
    }

    [Fact]
    public void Damaged_summary_is_refused_by_name()
    {
        EvidenceStore.Open(_folder.Path);
        var path = Path.Combine(_folder.Path, "segments", Keccak256.Hash("x"u8) + ".json");
        File.WriteAllText(path, "{}");
        Assert.Equal(path, Assert.Throws<EvidenceCorruptException>(() => EvidenceStore.Open(_folder.Path)).Path);
    }
}
