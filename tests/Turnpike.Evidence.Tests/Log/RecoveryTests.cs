namespace Turnpike.Evidence.Tests.Log;

public sealed class RecoveryTests : IDisposable
{
    private readonly Samples.Folder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tail_torn_at_every_byte_of_the_last_record_is_cut_and_the_rest_kept()
    {
        var (path, bytes, offsets) = await WriteAsync("first", "second", "the last record");
        for (var length = offsets[^1]; length < bytes.Length; length++)
        {
            File.WriteAllBytes(path, bytes[..length]);
            await using (var log = LogHarness.Open(_folder.Path))
            {
                Assert.Equal(length - offsets[^1], log.CutBytes);
                Assert.Equal(["first", "second"], await log.ReadAllAsync());
                Assert.True((await log.AppendAsync("next")).IsDurable);
                Assert.Equal(["first", "second", "next"], await log.ReadAllAsync());
            }
            await using var again = LogHarness.Open(_folder.Path);
            Assert.Equal(0, again.CutBytes);
        }
    }

    [Fact]
    public async Task Tail_of_zeros_or_noise_is_cut()
    {
        var (path, bytes, _) = await WriteAsync("first", "second");
        var noise = new byte[777];
        new Random(5).NextBytes(noise);
        foreach (var tail in new[] { new byte[5000], noise })
        {
            File.WriteAllBytes(path, [.. bytes, .. tail]);
            await using var log = LogHarness.Open(_folder.Path);
            Assert.Equal(tail.Length, log.CutBytes);
            Assert.Equal(["first", "second"], await log.ReadAllAsync());
        }
    }

    [Fact]
    public async Task Bit_flipped_anywhere_is_refused_or_cuts_exactly_the_last_record()
    {
        var (path, bytes, offsets) = await WriteAsync("first", "second", "third");
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = bytes.ToArray();
            changed[i] ^= (byte)(1 << i % 8);
            File.WriteAllBytes(path, changed);
            if (i < offsets[^1])
            {
                var corrupt = Assert.Throws<EvidenceCorruptException>(() => LogHarness.Open(_folder.Path));
                Assert.Equal(path, corrupt.Path);
                var record = offsets.Count(offset => offset <= i) - 1;
                Assert.Equal(record, corrupt.Fault!.RecordIndex);
                if (record >= 0) Assert.Equal(offsets[record], corrupt.Fault.Offset);
            }
            else
            {
                await using var log = LogHarness.Open(_folder.Path);
                Assert.Equal(bytes.Length - offsets[^1], log.CutBytes);
                Assert.Equal(["first", "second"], await log.ReadAllAsync());
            }
        }
    }

    [Fact]
    public async Task Hole_within_the_last_batch_is_a_torn_tail_and_not_corruption()
    {
        var (path, bytes, offsets) = await WriteAsync("first", "second");
        Assert.Null(SegmentHeader.Decode(bytes, out var header));
        var batch = new byte[3 * (RecordFrame.HeaderLength + 3)];
        for (int i = 0, at = 0; i < 3; i++) at += RecordFrame.Write(batch.AsSpan(at), header.Salt, bytes.Length + at, bytes.Length, RecordType.Evidence, Samples.Now, "abc"u8);
        batch.AsSpan(0, RecordFrame.HeaderLength).Clear();
        File.WriteAllBytes(path, [.. bytes, .. batch]);
        await using var log = LogHarness.Open(_folder.Path);
        Assert.Equal(batch.Length, log.CutBytes);
        Assert.Equal(offsets.Length, (await log.ReadAllAsync()).Count);
    }

    /// <summary>A body may carry the bytes of a record; only the salt of the segment makes them one.</summary>
    [Fact]
    public async Task Record_forged_inside_a_torn_body_does_not_pass_for_one()
    {
        var (path, bytes, _) = await WriteAsync("first");
        Assert.Null(SegmentHeader.Decode(bytes, out var header));
        var forged = new byte[RecordFrame.HeaderLength + 4];
        var at = bytes.Length + RecordFrame.HeaderLength;
        RecordFrame.Write(forged, header.Salt + 1, at, at, RecordType.Evidence, Samples.Now, "fake"u8);
        var hostile = new byte[RecordFrame.HeaderLength + forged.Length + 10];
        RecordFrame.Write(hostile, header.Salt, bytes.Length, bytes.Length, RecordType.Evidence, Samples.Now, [.. forged, .. new byte[10]]);
        File.WriteAllBytes(path, [.. bytes, .. hostile[..^1]]);
        await using var log = LogHarness.Open(_folder.Path);
        Assert.Equal(hostile.Length - 1, log.CutBytes);
        Assert.Equal(["first"], await log.ReadAllAsync());
    }

    [Fact]
    public async Task Garbage_longer_than_a_batch_is_corruption()
    {
        var (path, bytes, _) = await WriteAsync("first");
        File.WriteAllBytes(path, [.. bytes, .. new byte[SegmentFormat.MaximumBatchBytes + 1]]);
        Assert.Throws<EvidenceCorruptException>(() => LogHarness.Open(_folder.Path));
    }

    [Fact]
    public async Task Crash_between_summary_and_rename_is_finished_on_start()
    {
        var (path, _, _) = await WriteAsync("first", "second");
        var open = File.ReadAllBytes(path);
        await using (var log = LogHarness.Open(_folder.Path)) await log.SealSegmentAsync(Cancel);
        var segment = Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, "segments"), "*.seg"));
        File.Move(segment, path);
        await using var again = LogHarness.Open(_folder.Path);
        Assert.Equal(open, File.ReadAllBytes(segment));
        Assert.Empty(again.ReadOpenSegment());
        Assert.Equal(["first", "second"], await again.ReadAllAsync());
        await again.AppendAsync("third");
        Assert.Equal(["first", "second", "third"], await again.ReadAllAsync());
    }

    [Fact]
    public async Task Half_written_temporary_files_are_removed()
    {
        await WriteAsync("first");
        foreach (var folder in new[] { "open", "segments", "manifests" }) File.WriteAllText(Path.Combine(_folder.Path, folder, "x.open.tmp"), "half");
        await using var log = LogHarness.Open(_folder.Path);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp", SearchOption.AllDirectories));
        Assert.Equal(["first"], await log.ReadAllAsync());
    }

    [Fact]
    public async Task Number_of_a_pruned_segment_is_not_used_again()
    {
        await WriteAsync("first");
        await using (var log = LogHarness.Open(_folder.Path)) await log.SealSegmentAsync(Cancel);
        File.Delete(Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, "segments"), "*.seg")));
        await using var again = LogHarness.Open(_folder.Path);
        Assert.Equal(2UL, (await again.AppendAsync("second")).Segment);
    }

    private async Task<(string Path, byte[] Bytes, int[] Offsets)> WriteAsync(params string[] texts)
    {
        var offsets = new List<int>();
        await using (var log = LogHarness.Open(_folder.Path))
        {
            foreach (var text in texts) offsets.Add((await log.AppendAsync(text)).Offset);
        }
        var path = LogHarness.OpenFile(_folder.Path);
        return (path, File.ReadAllBytes(path), [.. offsets]);
    }
}
