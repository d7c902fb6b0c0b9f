using System.Net;
using Turnpike.Core;
using Turnpike.Evidence.Tests.Log;

namespace Turnpike.Evidence.Tests.Mirror;

public sealed class EvidenceMirrorTests : IDisposable
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    private readonly Samples.Folder _folder = new();
    private readonly FakeStore _store = new("AKIAIOSFODNN7EXAMPLE", Secret, TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task Certified_evidence_is_found_in_the_bucket_by_hash_and_put_once()
    {
        await using var log = LogHarness.Open(_folder.Path);
        var manifest = await SealAsync(log);
        var mirror = new EvidenceMirror(Bucket());
        await mirror.PutAsync(log.Store, manifest, Cancel);
        Assert.True(mirror.IsComplete(manifest));
        Assert.Equal(ManifestCodec.Encode(manifest), await mirror.ManifestAsync(manifest.Hash(), Cancel));
        var bytes = await mirror.SegmentAsync(manifest.Segments[0], Cancel);
        Assert.True(SegmentReader.TryOpen(bytes!, manifest.Segments[0], Samples.Network, out var reader, out _));
        Assert.Equal(manifest.Segments[0].Count, reader.Records.Count);
        var puts = _store.Requests.Count(request => request.StartsWith("PUT", StringComparison.Ordinal));
        await new EvidenceMirror(Bucket()).PutAsync(log.Store, manifest, Cancel);
        Assert.Equal(puts, _store.Requests.Count(request => request.StartsWith("PUT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Manifest_goes_last_so_that_one_in_the_bucket_is_complete()
    {
        await using var log = LogHarness.Open(_folder.Path);
        await new EvidenceMirror(Bucket()).PutAsync(log.Store, await SealAsync(log), Cancel);
        Assert.Contains("/manifests/", _store.Requests.Last(request => request.StartsWith("PUT", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task Trouble_that_passes_is_tried_again(HttpStatusCode trouble)
    {
        for (var i = 0; i < 3; i++) _store.Failures.Enqueue(trouble);
        var bucket = Bucket();
        await bucket.PutAsync("name", new byte[] { 1, 2, 3 }, Cancel);
        Assert.Equal([1, 2, 3], Assert.Single(_store.Objects.Values));
    }

    [Fact]
    public async Task Wrong_key_is_refused_at_once_and_told()
    {
        var refused = await Assert.ThrowsAsync<S3Exception>(() => Bucket(secret: "another").PutAsync("name", new byte[] { 1 }, Cancel));
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.DoesNotContain("another", refused.ToString(), StringComparison.Ordinal);
        Assert.Single(_store.Requests);
    }

    [Fact]
    public async Task Bytes_that_a_store_altered_are_not_handed_out()
    {
        await using var log = LogHarness.Open(_folder.Path);
        var manifest = await SealAsync(log);
        var mirror = new EvidenceMirror(Bucket());
        await mirror.PutAsync(log.Store, manifest, Cancel);
        foreach (var content in _store.Objects.Values) content[^1] ^= 1;
        await Assert.ThrowsAsync<EvidenceCorruptException>(() => mirror.SegmentAsync(manifest.Segments[0], Cancel));
        await Assert.ThrowsAsync<EvidenceCorruptException>(() => mirror.ManifestAsync(manifest.Hash(), Cancel));
    }

    [Fact]
    public async Task Object_longer_than_allowed_is_not_read_to_its_end()
    {
        var bucket = Bucket();
        await bucket.PutAsync("name", new byte[100], Cancel);
        await Assert.ThrowsAsync<EvidenceCorruptException>(() => bucket.GetAsync("name", Bytes32.Zero, 99, Cancel));
    }

    [Fact]
    public async Task What_is_in_neither_place_is_an_error_and_not_a_hole_in_the_mirror()
    {
        await using var log = LogHarness.Open(_folder.Path);
        var manifest = await SealAsync(log);
        using var empty = new Samples.Folder();
        var mirror = new EvidenceMirror(Bucket());
        await Assert.ThrowsAsync<FileNotFoundException>(() => mirror.PutAsync(EvidenceStore.Open(empty.Path), manifest, Cancel));
        Assert.False(mirror.IsComplete(manifest));
        Assert.Null(await mirror.ManifestAsync(manifest.Hash(), Cancel));
    }

    [Fact]
    public async Task Retention_waits_for_the_mirror_and_an_auditor_reads_there_what_is_gone()
    {
        await using var log = LogHarness.Open(_folder.Path);
        var book = ManifestBook.Open(log, _folder.Path, Samples.Network, Gateway);
        var manifests = new List<Manifest>();
        for (ulong epoch = 1; epoch <= 3; epoch++)
        {
            await log.AppendAsync($"piece {epoch}");
            manifests.Add(await book.SealAsync(new EpochNumber(epoch), Cancel));
            book.MarkCertified(manifests[^1].Epoch, manifests[^1].Hash());
        }
        var mirror = new EvidenceMirror(Bucket());
        await mirror.PutAsync(log.Store, manifests[0], Cancel);
        Assert.Equal(1, book.Retire(new EpochNumber(3), mirror.IsComplete));
        Assert.False(log.Store.TryGetSegment(manifests[0].Segments[0].Sha256, out _));
        Assert.True(log.Store.TryGetSegment(manifests[1].Segments[0].Sha256, out _));
        Assert.NotNull(await mirror.SegmentAsync(manifests[0].Segments[0], Cancel));
        await mirror.PutAsync(log.Store, manifests[1], Cancel);
        Assert.Equal(1, book.Retire(new EpochNumber(3), mirror.IsComplete));
        Assert.Equal([3UL], ManifestBook.Open(log, _folder.Path, Samples.Network, Gateway).Certified.Keys.Select(epoch => epoch.Value));
        await log.AppendAsync("next");
        await log.SealSegmentAsync(Cancel);
        Assert.Equal(4UL, log.Store.Segments[^1].Number);
    }

    [Fact]
    public async Task Evidence_that_no_certified_manifest_lists_stays_whatever_its_age()
    {
        await using var log = LogHarness.Open(_folder.Path);
        var book = ManifestBook.Open(log, _folder.Path, Samples.Network, Gateway);
        await log.AppendAsync("waits");
        await book.SealAsync(new EpochNumber(1), Cancel);
        Assert.Equal(0, book.Retire(new EpochNumber(1_000), _ => true));
        Assert.Single(log.Store.Segments);
        Assert.Single((await book.SealAsync(new EpochNumber(2), Cancel)).Segments);
    }

    private static readonly Address Gateway = Address.Parse("0x70997970c51812dc3a010c7d01b50e0d17dc79c8");

    private S3Bucket Bucket(string secret = Secret) => new(
        new S3BucketOptions { Endpoint = new Uri("http://store.example:9000"), Bucket = "evidence", Prefix = "net work/", FirstWait = TimeSpan.FromMilliseconds(1) },
        new S3Credentials("AKIAIOSFODNN7EXAMPLE", secret), new HttpClient(_store, disposeHandler: false), TimeProvider.System);

    private async Task<Manifest> SealAsync(EvidenceLog log)
    {
        for (var i = 0; i < 5; i++) await log.AppendAsync($"piece {i}");
        return await ManifestBook.Open(log, _folder.Path, Samples.Network, Gateway).SealAsync(new EpochNumber(1), Cancel);
    }
}
