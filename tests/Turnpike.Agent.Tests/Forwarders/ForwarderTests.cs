using System.Text;
using Turnpike.Agent.Settings;
using Turnpike.Networks.Wireless.Protocol.Gwmp;

namespace Turnpike.Agent.Tests.Forwarders;

/// <summary>What packet forwarders and others send to the port. No node answers: what is taken stays in the spool.</summary>
public sealed class ForwarderTests
{
    private static readonly Uri Nobody = new("http://127.0.0.1:9");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Push_and_pull_are_acknowledged_and_counted(byte version)
    {
        await using var agent = Started();
        using var forwarder = agent.NewForwarder(version);
        await forwarder.PushAsync(Samples.Packet(1), Samples.Packet(2));
        await forwarder.PullAsync();
        await forwarder.PushAsync(Encoding.UTF8.GetBytes("{\"stat\":{\"time\":\"2026-01-01 00:00:00 GMT\",\"lati\":46.24,\"long\":3.2523,\"alti\":145,\"rxnb\":2,\"rxok\":2,\"rxfw\":2,\"ackr\":95.5,\"dwnb\":2,\"txnb\":2}}"));
        await forwarder.PullAsync();

        var seen = Assert.Single(agent.Host.Status().Forwarders);
        Assert.Equal(("0102030405060708", (int)version, 2L, 95.5, 46.24), (seen.Gateway, seen.Version, seen.Frames, seen.AckPercent!.Value, seen.Latitude!.Value));
        Assert.NotNull(seen.LastPush);
        Assert.NotNull(seen.LastPull);
        Assert.Equal(2, agent.Host.Status().Spool.Frames);
    }

    [Fact]
    public async Task Frames_with_a_wrong_check_sum_without_one_or_with_absurd_fields_are_counted_and_left()
    {
        await using var agent = Started();
        using var forwarder = agent.NewForwarder();
        var good = VirtualForwarder.RxJson(Samples.Packet(1));
        await forwarder.PushAsync(VirtualForwarder.Json(
            good,
            VirtualForwarder.RxJson(Samples.Packet(2) with { Crc = CrcStatus.Bad }),
            VirtualForwarder.RxJson(Samples.Packet(3) with { Crc = CrcStatus.None }),
            good.Replace("868.1", "99999999999", StringComparison.Ordinal).Replace("1000", "1001", StringComparison.Ordinal),
            good.Replace("\"rssi\":-110", "\"rssi\":\"loud\"", StringComparison.Ordinal),
            "7"));
        await forwarder.PullAsync();

        var seen = Assert.Single(agent.Host.Status().Forwarders);
        Assert.Equal((1L, 1L, 1L, 3L), (seen.Frames, seen.BadCrc, seen.NoCrc, seen.Unreadable));
        Assert.Equal([(9206, 3L), (9207, 1L), (9208, 1L)], Counted(agent, 9206, 9207, 9208));
    }

    [Fact]
    public async Task Missing_padding_is_read_and_what_comes_twice_is_taken_once()
    {
        await using var agent = Started();
        using var forwarder = agent.NewForwarder();
        var packet = Samples.Packet(1) with { Frame = new byte[] { 0x40, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 } };
        var json = VirtualForwarder.Json(VirtualForwarder.RxJson(packet).Replace("=", "", StringComparison.Ordinal));
        await forwarder.PushAsync(json, token: 7);
        await forwarder.PushAsync(json, token: 7);
        await forwarder.PushAsync(json, token: 8);
        // The same bytes a second later are another reception.
        await forwarder.PushAsync(packet with { Timestamp = packet.Timestamp + 1_000_000 });
        await forwarder.PullAsync();

        var seen = Assert.Single(agent.Host.Status().Forwarders);
        Assert.Equal((2L, 2L), (seen.Frames, seen.Repeated));
    }

    [Fact]
    public async Task Garbage_is_counted_by_code_and_the_port_goes_on()
    {
        await using var agent = Started();
        using var forwarder = agent.NewForwarder();
        forwarder.Send([]);
        forwarder.Send([2, 0, 0]);
        forwarder.Send([3, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
        forwarder.Send([2, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8]);
        forwarder.Send(new byte[40_000]);
        forwarder.Send(new byte[GwmpPacket.MaxBytes + 1]);
        forwarder.Send([2, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, (byte)'{']);
        var random = new Random(4);
        var good = new GwmpPacket(2, 1, GwmpType.PushData, forwarder.Gateway, VirtualForwarder.Json(VirtualForwarder.RxJson(Samples.Packet(1)))).Write();
        for (var i = 0; i < 500; i++)
        {
            var bytes = good.ToArray();
            for (var change = 0; change < 4; change++) bytes[random.Next(12, bytes.Length)] = (byte)random.Next(256);
            forwarder.Send(bytes.AsSpan(0, random.Next(bytes.Length)));
            // Answered on a port of its own, behind everything before it: the system's buffer must not run full.
            if (i % 50 == 0) await forwarder.PullAsync();
        }
        await forwarder.PullAsync();

        Assert.All(Counted(agent, 9201, 9202, 9203, 9204, 9205), count => Assert.True(count.Count > 0, $"{count.Code}"));
        Assert.True(agent.Host.Status().Refusals.Count < 20);
    }

    [Fact]
    public async Task Forwarders_are_bounded()
    {
        await using var agent = Started(new ListenSettings { Port = 0, Forwarders = 2 });
        using var first = agent.NewForwarder(gateway: 1);
        using var second = agent.NewForwarder(gateway: 2);
        using var third = agent.NewForwarder(gateway: 3);
        await first.PullAsync();
        await second.PullAsync();
        third.Send(new GwmpPacket(2, 1, GwmpType.PullData, third.Gateway, ReadOnlyMemory<byte>.Empty).Write());
        await first.PullAsync();

        Assert.Equal(2, agent.Host.Status().Forwarders.Count);
        Assert.Equal([(9210, 1L)], Counted(agent, 9210));
    }

    [Fact]
    public async Task Full_spool_refuses_with_its_code_and_the_status_says_so()
    {
        await using var agent = Started(spool: new SpoolSettings { Mebibytes = 1 });
        using var forwarder = agent.NewForwarder();
        var number = 0;
        while (agent.Host.Status().Spool.RefusedFull == 0)
            await forwarder.PushAsync(Enumerable.Range(0, 30).Select(_ => Samples.Packet(++number) with { Frame = Long(number) }));

        var status = agent.Host.Status();
        Assert.Contains(status.Problems, problem => problem.Code == 9220);
        Assert.InRange(status.Spool.Bytes, (1 << 20) - 1000, 1 << 20);
        Assert.False(status.Ok);

        // Of a size that few of them fill a datagram's 16 KiB.
        static byte[] Long(int number)
        {
            var frame = new byte[120];
            BitConverter.TryWriteBytes(frame.AsSpan(8), number);
            return frame;
        }
    }

    [Fact]
    public void Port_in_use_and_other_machines_are_refused_with_what_to_do()
    {
        using var taken = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var port = ((System.Net.IPEndPoint)taken.Client.LocalEndPoint!).Port;
        Assert.Contains("listen.port", Assert.Throws<AgentException>(() => Started(new ListenSettings { Port = port })).Message, StringComparison.Ordinal);
        Assert.Contains("listen.network", Assert.Throws<AgentException>(() => Started(new ListenSettings { Address = "0.0.0.0", Port = 0 })).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(int Code, long Count)> Counted(TestAgent agent, params int[] codes)
    {
        var refusals = agent.Host.Status().Refusals;
        return codes.Select(code => (code, refusals.SingleOrDefault(refusal => refusal.Code == code)?.Count ?? 0)).ToList();
    }

    private static TestAgent Started(ListenSettings? listen = null, SpoolSettings? spool = null)
    {
        var agent = new TestAgent();
        agent.Start(Nobody, listen: listen, spool: spool);
        return agent;
    }
}
