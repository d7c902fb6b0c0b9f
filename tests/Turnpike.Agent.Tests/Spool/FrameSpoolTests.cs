using Turnpike.Agent.Spool;
using Turnpike.Networks.Wireless.Protocol.Leg;

namespace Turnpike.Agent.Tests.Spool;

public sealed class FrameSpoolTests
{
    private const long Room = 1 << 20;

    [Fact]
    public void Frames_come_out_in_order_over_restarts_and_taken_ones_do_not()
    {
        using var folder = new TemporaryFolder();
        using (var spool = FrameSpool.Open(folder.Root, Room))
        {
            Append(spool, 1, 100);
            spool.Acknowledge(ReadAll(spool)[39].Sequence);
            Assert.Equal(60, spool.View.Frames);
        }
        using (var spool = FrameSpool.Open(folder.Root, Room)) Append(spool, 101, 50);
        using var again = FrameSpool.Open(folder.Root, Room);
        var frames = ReadAll(again);

        Assert.Equal(Enumerable.Range(41, 110), frames.Select(frame => Samples.NumberOf(frame.Packet)));
        Assert.Equal(110, again.View.Frames);
        Assert.Equal(41, again.View.OldestHeardAt);
        Assert.Equal(frames.Select(frame => frame.Sequence).Order().Distinct(), frames.Select(frame => frame.Sequence));
    }

    [Fact]
    public void Full_spool_refuses_the_newest_and_takes_again_when_there_is_room()
    {
        using var folder = new TemporaryFolder();
        using var spool = FrameSpool.Open(folder.Root, 16 * 1024);
        var kept = 0;
        while (spool.TryAppend(1, Samples.Packet(kept + 1))) kept++;
        Assert.InRange(spool.View.Bytes, 15 * 1024, 16 * 1024);
        var frames = ReadAll(spool);
        Assert.Equal(Enumerable.Range(1, kept), frames.Select(frame => Samples.NumberOf(frame.Packet)));

        spool.Acknowledge(frames[kept / 2].Sequence);
        Assert.True(spool.TryAppend(1, Samples.Packet(kept + 1)));
        spool.Rewind(0);
        Assert.Equal(Enumerable.Range(kept / 2 + 2, kept - kept / 2), ReadAll(spool).Select(frame => Samples.NumberOf(frame.Packet)));
    }

    [Fact]
    public void Files_of_taken_frames_are_gone()
    {
        using var folder = new TemporaryFolder();
        using var spool = FrameSpool.Open(folder.Root, Room);
        for (var round = 0; round < 20; round++)
        {
            Append(spool, 1, 500);
            spool.Acknowledge(ReadAll(spool)[^1].Sequence);
            spool.Flush();
        }
        Assert.Equal((0, (long?)null), (spool.View.Frames, spool.View.OldestHeardAt));
        Assert.InRange(spool.View.Bytes, 0, 160 * 1024);
        Assert.InRange(new DirectoryInfo(folder.Root).EnumerateFiles().Sum(file => file.Length), 0, 161 * 1024);
    }

    // A power cut takes the end of what was written, though the node may have it: its sequences must never name other frames.
    [Fact]
    public void Torn_tail_costs_its_frames_and_no_sequence_is_used_twice()
    {
        using var folder = new TemporaryFolder();
        List<SequencedFrame> before;
        using (var spool = FrameSpool.Open(folder.Root, Room))
        {
            Append(spool, 1, 10);
            before = ReadAll(spool);
        }
        var file = Directory.EnumerateFiles(folder.Root, "*.frames").Single();
        using (var stream = File.OpenWrite(file)) stream.SetLength(stream.Length - 5);
        using var after = FrameSpool.Open(folder.Root, Room);
        Append(after, 100, 3);
        var frames = ReadAll(after);

        Assert.Equal([.. Enumerable.Range(1, 9), 100, 101, 102], frames.Select(frame => Samples.NumberOf(frame.Packet)));
        Assert.True(after.DamagedBytes > 0);
        Assert.Empty(frames.Skip(9).Select(frame => frame.Sequence).Intersect(before.Select(frame => frame.Sequence)));
    }

    [Fact]
    public void Damaged_or_foreign_file_costs_only_what_is_in_it()
    {
        using var folder = new TemporaryFolder();
        using (var spool = FrameSpool.Open(folder.Root, 64 * 1024)) Append(spool, 1, 300);
        var files = Directory.EnumerateFiles(folder.Root, "*.frames").Order(StringComparer.Ordinal).ToList();
        Assert.True(files.Count >= 3);
        var bytes = File.ReadAllBytes(files[1]);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(files[1], bytes);
        File.WriteAllText(Path.Combine(folder.Root, "0000000000000001.frames"), "nothing of the kind");
        using var after = FrameSpool.Open(folder.Root, 64 * 1024);
        var numbers = ReadAll(after).Select(frame => Samples.NumberOf(frame.Packet)).ToList();

        Assert.Equal(numbers.Order().Distinct(), numbers);
        Assert.Contains(300, numbers);
        Assert.InRange(numbers.Count, 200, 299);
        Assert.Equal(numbers.Count, after.View.Frames);
    }

    [Fact]
    public void Lost_identity_names_another_spool()
    {
        using var folder = new TemporaryFolder();
        Turnpike.Core.Bytes32 first;
        using (var spool = FrameSpool.Open(folder.Root, Room)) first = spool.Id;
        using (var spool = FrameSpool.Open(folder.Root, Room)) Assert.Equal((first, 2u), (spool.Id, spool.Run));
        File.WriteAllBytes(folder["identity"], new byte[40]);
        using var other = FrameSpool.Open(folder.Root, Room);
        Assert.NotEqual(first, other.Id);
    }

    [Fact]
    public void Reader_goes_back_to_where_it_is_told()
    {
        using var folder = new TemporaryFolder();
        using var spool = FrameSpool.Open(folder.Root, 64 * 1024);
        Append(spool, 1, 300);
        var frames = ReadAll(spool);
        spool.Rewind(frames[149].Sequence);
        Assert.Equal(Enumerable.Range(151, 150), ReadAll(spool).Select(frame => Samples.NumberOf(frame.Packet)));
        spool.Acknowledge(frames[199].Sequence);
        spool.Rewind(frames[249].Sequence);
        Append(spool, 301, 1);
        Assert.Equal(Enumerable.Range(251, 51), ReadAll(spool).Select(frame => Samples.NumberOf(frame.Packet)));
    }

    private static void Append(FrameSpool spool, int first, int count)
    {
        foreach (var number in Enumerable.Range(first, count)) Assert.True(spool.TryAppend(number, Samples.Packet(number)));
    }

    private static List<SequencedFrame> ReadAll(FrameSpool spool)
    {
        var frames = new List<SequencedFrame>();
        while (spool.Read(frames, 64) > 0)
        {
        }
        return frames;
    }
}
