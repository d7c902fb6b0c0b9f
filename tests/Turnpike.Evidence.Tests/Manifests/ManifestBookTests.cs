using Turnpike.Core;
using Turnpike.Evidence.Tests.Log;

namespace Turnpike.Evidence.Tests.Manifests;

public sealed class ManifestBookTests : IDisposable
{
    private static readonly Address Gateway = Address.Parse("0x70997970c51812dc3a010c7d01b50e0d17dc79c8");

    private readonly Samples.Folder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Certified_segments_are_not_listed_again_and_the_next_manifest_follows_it()
    {
        await using var log = LogHarness.Open(_folder.Path);
        var book = Open(log);
        await log.AppendAsync("one");
        var first = await book.SealAsync(new EpochNumber(1), Cancel);
        book.MarkCertified(first.Epoch, first.Hash());
        await log.AppendAsync("two");
        var second = await book.SealAsync(new EpochNumber(2), Cancel);
        Assert.Equal(Bytes32.Zero, first.Previous);
        Assert.Equal(first.Hash(), second.Previous);
        Assert.Equal([1UL], first.Segments.Select(segment => segment.Number));
        Assert.Equal([2UL], second.Segments.Select(segment => segment.Number));
    }

    [Fact]
    public async Task Manifest_that_missed_its_cutoff_is_superseded_by_the_next()
    {
        await using var log = LogHarness.Open(_folder.Path);
        var book = Open(log);
        await log.AppendAsync("one");
        var missed = await book.SealAsync(new EpochNumber(1), Cancel);
        await log.AppendAsync("two");
        var next = await book.SealAsync(new EpochNumber(3), Cancel);
        Assert.Equal(missed.Segments, next.Segments.Take(1));
        Assert.Equal(2, next.Segments.Count);
        Assert.Equal(Bytes32.Zero, next.Previous);
        await Assert.ThrowsAsync<ArgumentException>(() => book.SealAsync(new EpochNumber(2), Cancel));
    }

    [Fact]
    public async Task Manifest_of_an_epoch_is_written_once_whatever_restarts_in_between()
    {
        Bytes32 hash;
        await using (var log = LogHarness.Open(_folder.Path))
        {
            await log.AppendAsync("one");
            hash = (await Open(log).SealAsync(new EpochNumber(1), Cancel)).Hash();
            await log.AppendAsync("late");
            Assert.Equal(hash, (await Open(log).SealAsync(new EpochNumber(1), Cancel)).Hash());
        }
        await using var again = LogHarness.Open(_folder.Path);
        Assert.Equal(hash, (await Open(again).SealAsync(new EpochNumber(1), Cancel)).Hash());
        Assert.Equal(2, (await Open(again).SealAsync(new EpochNumber(2), Cancel)).Segments.Count);
    }

    [Fact]
    public async Task Certification_survives_a_restart_and_may_be_noted_twice()
    {
        await using (var log = LogHarness.Open(_folder.Path))
        {
            var book = Open(log);
            await log.AppendAsync("one");
            var manifest = await book.SealAsync(new EpochNumber(1), Cancel);
            book.MarkCertified(manifest.Epoch, manifest.Hash());
            book.MarkCertified(manifest.Epoch, manifest.Hash());
        }
        await using var again = LogHarness.Open(_folder.Path);
        var reopened = Open(again);
        Assert.Equal(new EpochNumber(1), Assert.Single(reopened.Certified).Key);
        Assert.Empty((await reopened.SealAsync(new EpochNumber(2), Cancel)).Segments);
    }

    [Fact]
    public async Task Superseded_manifest_found_on_chain_after_all_takes_its_segments_out_of_the_future()
    {
        await using var log = LogHarness.Open(_folder.Path);
        var book = Open(log);
        await log.AppendAsync("one");
        var late = await book.SealAsync(new EpochNumber(1), Cancel);
        await log.AppendAsync("two");
        await book.SealAsync(new EpochNumber(2), Cancel);
        book.MarkCertified(late.Epoch, late.Hash());
        Assert.Equal([2UL], (await book.SealAsync(new EpochNumber(3), Cancel)).Segments.Select(segment => segment.Number));
    }

    [Fact]
    public async Task Strange_hash_or_epoch_is_not_certified()
    {
        await using var log = LogHarness.Open(_folder.Path);
        var book = Open(log);
        await log.AppendAsync("one");
        var manifest = await book.SealAsync(new EpochNumber(1), Cancel);
        Assert.Throws<ArgumentException>(() => book.MarkCertified(new EpochNumber(1), Keccak256.Hash("x"u8)));
        Assert.Throws<ArgumentException>(() => book.MarkCertified(new EpochNumber(2), manifest.Hash()));
        await Assert.ThrowsAsync<ArgumentException>(() => book.SealAsync(default, Cancel));
    }

    [Fact]
    public async Task Damaged_note_of_certification_is_refused_by_name()
    {
        await using var log = LogHarness.Open(_folder.Path);
        await log.AppendAsync("one");
        var manifest = await Open(log).SealAsync(new EpochNumber(1), Cancel);
        Open(log).MarkCertified(manifest.Epoch, manifest.Hash());
        var note = Path.Combine(_folder.Path, "certified", "1");
        File.WriteAllText(note, Keccak256.Hash("x"u8).ToString());
        Assert.Equal(note, Assert.Throws<EvidenceCorruptException>(() => Open(log)).Path);
    }

    private ManifestBook Open(EvidenceLog log) => ManifestBook.Open(log, _folder.Path, Samples.Network, Gateway);
}
