using System.Text;
using System.Threading.Channels;

namespace Turnpike.Evidence.Tests.Log;

public sealed class EvidenceLogTests : IDisposable
{
    private readonly Samples.Folder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Records_come_back_in_order_with_type_time_and_body()
    {
        await using var log = LogHarness.Open(_folder.Path);
        await log.AppendAsync(RecordType.Evidence, "one"u8.ToArray(), 10, Cancel);
        await log.AppendAsync(RecordType.Refusal, "two"u8.ToArray(), 20, Cancel);
        await log.AppendAsync(RecordType.Counters, Array.Empty<byte>(), 15, Cancel);
        var records = log.ReadOpenSegment();
        Assert.Equal([(0, RecordType.Evidence, 10L), (1, RecordType.Refusal, 20L), (2, RecordType.Counters, 15L)], records.Select(record => (record.Index, record.Type, record.ReceivedAt)));
        Assert.Equal(["one", "two", ""], await log.ReadAllAsync());
        await log.SealSegmentAsync(Cancel);
        var summary = Assert.Single(log.Store.Segments);
        Assert.Equal((3, 10L, 20L, 1UL), (summary.Count, summary.FirstReceivedAt, summary.LastReceivedAt, summary.Number));
        Assert.Equal(["one", "two", ""], await log.ReadAllAsync());
    }

    [Fact]
    public async Task Acknowledged_record_is_in_the_file_at_the_moment_of_acknowledgement()
    {
        await using var log = LogHarness.Open(_folder.Path);
        for (var i = 0; i < 50; i++)
        {
            var outcome = await log.AppendAsync($"piece {i}");
            Assert.True(outcome.IsDurable);
            using var file = File.OpenHandle(LogHarness.OpenFile(_folder.Path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var body = new byte[$"piece {i}".Length];
            RandomAccess.Read(file, body, outcome.Offset + RecordFrame.HeaderLength);
            Assert.Equal($"piece {i}", Encoding.UTF8.GetString(body));
        }
    }

    [Fact]
    public async Task Group_commit_keeps_the_order_of_queueing_and_acknowledges_every_piece()
    {
        await using var log = LogHarness.Open(_folder.Path, segmentBytes: 16_384);
        var outcomes = new List<AppendOutcome>();
        foreach (var wave in Enumerable.Range(0, 5_000).Chunk(500)) outcomes.AddRange(await Task.WhenAll(wave.Select(i => log.AppendAsync($"{i}"))));
        Assert.All(outcomes, outcome => Assert.True(outcome.IsDurable));
        Assert.Equal(5_000, outcomes.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 5_000).Select(i => $"{i}"), await log.ReadAllAsync());
        Assert.True(log.Store.Segments.Count > 3, "segments roll by size");
        Assert.Equal(Enumerable.Range(1, log.Store.Segments.Count).Select(number => (ulong)number), log.Store.Segments.Select(segment => segment.Number));
    }

    [Fact]
    public async Task Under_load_records_of_a_moment_share_a_commit_and_one_alone_waits_for_nobody()
    {
        await using var log = EvidenceLog.Open(new EvidenceLogOptions { Folder = _folder.Path, NetworkId = Samples.Network, CommitInterval = TimeSpan.FromSeconds(1) }, TimeProvider.System);
        for (var i = 0; i < 5; i++) await log.AppendAsync($"alone {i}");
        Assert.Equal(5, log.Statistics.Batches);
        // The first may be written by itself; those behind it are a group, after which the log waits.
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => log.AppendAsync($"together {i}")));
        var before = log.Statistics.Batches;
        var trickle = new List<Task>();
        for (var i = 0; i < 20; i++)
        {
            trickle.Add(log.AppendAsync($"later {i}"));
            await Task.Delay(5, Cancel);
        }
        await Task.WhenAll(trickle);
        Assert.InRange(log.Statistics.Batches - before, 1, 3);
    }

    [Fact]
    public async Task Largest_bodies_fill_batches_without_loss()
    {
        await using var log = LogHarness.Open(_folder.Path, segmentBytes: 4 << 20);
        var bodies = Enumerable.Range(0, 40).Select(i => Enumerable.Repeat((byte)i, SegmentFormat.MaximumBodyBytes).ToArray()).ToArray();
        var outcomes = await Task.WhenAll(bodies.Select(body => log.AppendAsync(RecordType.Evidence, body, Samples.Now, Cancel)));
        Assert.All(outcomes, outcome => Assert.True(outcome.IsDurable));
        await log.SealSegmentAsync(Cancel);
        Assert.Equal(40, log.Store.Segments.Sum(segment => segment.Count));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => log.AppendAsync(RecordType.Evidence, new byte[SegmentFormat.MaximumBodyBytes + 1], Samples.Now, Cancel));
    }

    [Fact]
    public async Task Segment_grown_old_is_sealed_at_the_next_append()
    {
        var time = new ManualTime();
        await using var log = LogHarness.Open(_folder.Path, time: time);
        await log.AppendAsync("one");
        time.Advance(TimeSpan.FromMinutes(59));
        await log.AppendAsync("two");
        Assert.Empty(log.Store.Segments);
        time.Advance(TimeSpan.FromMinutes(1));
        await log.AppendAsync("three");
        Assert.Equal(2, Assert.Single(log.Store.Segments).Count);
    }

    [Fact]
    public async Task Sealing_an_empty_log_makes_no_segment()
    {
        await using (var log = LogHarness.Open(_folder.Path)) await log.SealSegmentAsync(Cancel);
        await using var again = LogHarness.Open(_folder.Path);
        Assert.Empty(again.Store.Segments);
    }

    [Fact]
    public async Task Folder_open_once_cannot_be_opened_twice()
    {
        await using (LogHarness.Open(_folder.Path)) Assert.Throws<EvidenceLockedException>(() => LogHarness.Open(_folder.Path));
        await using var after = LogHarness.Open(_folder.Path);
        Assert.True((await after.AppendAsync("one")).IsDurable);
    }

    [Fact]
    public async Task Folder_of_another_network_is_refused()
    {
        await using (var log = LogHarness.Open(_folder.Path)) await log.AppendAsync("one");
        var elsewhere = new EvidenceLogOptions { Folder = _folder.Path, NetworkId = NetworkId.Of(1, default) };
        Assert.Throws<EvidenceCorruptException>(() => EvidenceLog.Open(elsewhere, TimeProvider.System));
    }

    [Fact]
    public async Task Append_after_disposal_throws_and_what_was_queued_before_is_written()
    {
        var log = LogHarness.Open(_folder.Path);
        var queued = Enumerable.Range(0, 500).Select(i => log.AppendAsync($"{i}")).ToArray();
        await log.DisposeAsync();
        Assert.All(await Task.WhenAll(queued), outcome => Assert.True(outcome.IsDurable));
        await Assert.ThrowsAsync<ChannelClosedException>(() => log.AppendAsync("late"));
        await using var again = LogHarness.Open(_folder.Path);
        Assert.Equal(500, (await again.ReadAllAsync()).Count);
    }

    /// <summary>Random lives of a log against a list: whatever was acknowledged is there once and in order after appends, seals, restarts and torn tails.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Random_life_of_a_log_equals_the_list_of_what_was_acknowledged(int seed)
    {
        var random = new Random(seed);
        var expected = new List<string>();
        var log = LogHarness.Open(_folder.Path, segmentBytes: 4096);
        for (var step = 0; step < 120; step++)
        {
            switch (random.Next(6))
            {
                case 0:
                    await log.SealSegmentAsync(Cancel);
                    break;
                case 1:
                    await log.DisposeAsync();
                    var torn = TearRandomly(random);
                    log = LogHarness.Open(_folder.Path, segmentBytes: 4096);
                    Assert.Equal(torn, log.CutBytes);
                    break;
                default:
                    var batch = Enumerable.Range(0, random.Next(1, 20)).Select(i => $"{step}/{i}/" + new string('x', random.Next(200))).ToArray();
                    Assert.All(await Task.WhenAll(batch.Select(text => log.AppendAsync(text))), outcome => Assert.True(outcome.IsDurable));
                    expected.AddRange(batch);
                    break;
            }
            if (step % 10 == 0) Assert.Equal(expected, await log.ReadAllAsync());
        }
        Assert.Equal(expected, await log.ReadAllAsync());
        await log.DisposeAsync();
    }

    /// <summary>Adds a piece of a record that was never finished, as a power cut would.</summary>
    private int TearRandomly(Random random)
    {
        var path = Directory.GetFiles(Path.Combine(_folder.Path, "open")).SingleOrDefault();
        if (path is null || random.Next(3) == 0) return 0;
        var length = (int)new FileInfo(path).Length;
        Assert.Null(SegmentHeader.Decode(File.ReadAllBytes(path), out var header));
        var frame = new byte[RecordFrame.HeaderLength + 100];
        RecordFrame.Write(frame, header.Salt, length, length, RecordType.Evidence, Samples.Now, new byte[100]);
        var torn = random.Next(1, frame.Length);
        using var file = new FileStream(path, FileMode.Append);
        file.Write(frame.AsSpan(0, torn));
        return torn;
    }
}
