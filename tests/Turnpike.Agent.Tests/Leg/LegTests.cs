using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Networks.Wireless.Protocol.Leg;
using Turnpike.Node.Settings;

namespace Turnpike.Agent.Tests.Leg;

/// <summary>Agent and node over real sockets: frames, cuts, refusals.</summary>
public sealed class LegTests
{
    [Fact]
    public async Task Frames_of_a_forwarder_reach_the_router_in_order_with_all_their_fields()
    {
        await using var node = await TestNode.StartAsync();
        await using var agent = new TestAgent();
        node.Register(agent.Key);
        agent.Start(node.Url);
        using var forwarder = agent.NewForwarder();
        var sent = Enumerable.Range(1, 300).Select(number => Samples.Packet(number)).ToList();
        foreach (var pair in sent.Chunk(2)) await forwarder.PushAsync(pair);

        await Wait.UntilAsync(() => node.Sink.Count == 300 && agent.Host.Status().Spool.Frames == 0, () => $"{node.Sink.Count}");
        Assert.Equal(Enumerable.Range(1, 300), node.Sink.Numbers);
        foreach (var (packet, frame) in sent.Zip(node.Sink.Frames))
        {
            Assert.Equal(agent.Key.Public.Id, frame.Gateway);
            Assert.Equal((packet.Timestamp, packet.Frequency, packet.DataRate, packet.Rssi, packet.Snr, packet.Channel), (frame.Packet.Timestamp, frame.Packet.Frequency, frame.Packet.DataRate, frame.Packet.Rssi, frame.Packet.Snr, frame.Packet.Channel));
            Assert.True(packet.Frame.Span.SequenceEqual(frame.Packet.Frame.Span));
            Assert.InRange(frame.HeardAt, frame.ReceivedAt - 60_000, frame.ReceivedAt + 1000);
        }
    }

    [Fact]
    public async Task Line_that_is_cut_in_the_middle_again_and_again_loses_nothing_doubles_nothing_and_keeps_the_order()
    {
        await using var node = await TestNode.StartAsync();
        await using var proxy = new CuttingProxy(node.Url.Port) { CutAfter = 3_000 };
        node.AlsoKnownAs(proxy.Url);
        await using var agent = new TestAgent();
        node.Register(agent.Key);
        // Some are decided at once, some later: what the router has in hand when the line breaks is what must not come twice.
        node.Sink.Decide = frame => Samples.NumberOf(frame.Packet) % 3 == 0 ? ValueTask.FromResult(true) : LaterAsync();
        agent.Start(proxy.Url);
        using var forwarder = agent.NewForwarder();
        foreach (var group in Enumerable.Range(1, 600).Chunk(6)) await forwarder.PushAsync(group.Select(number => Samples.Packet(number)));

        await Wait.UntilAsync(() => agent.Host.Status().Spool.Frames == 0, () => $"{node.Sink.Count} taken over {proxy.Connections} connections, {agent.Host.Status().Spool}");
        Assert.True(proxy.Connections >= 5, $"{proxy.Connections} connections");
        Assert.Equal(Enumerable.Range(1, 600), node.Sink.Numbers);

        static async ValueTask<bool> LaterAsync()
        {
            await Task.Delay(15, CancellationToken.None);
            return true;
        }
    }

    [Fact]
    public async Task Outage_is_spooled_and_frames_keep_the_time_at_which_they_were_heard()
    {
        await using var node = await TestNode.StartAsync();
        await using var proxy = new CuttingProxy(node.Url.Port);
        node.AlsoKnownAs(proxy.Url);
        await using var agent = new TestAgent();
        node.Register(agent.Key);
        agent.Start(proxy.Url);
        await agent.UntilConnectedAsync();
        proxy.IsDown = true;
        proxy.Cut();
        await Wait.UntilAsync(() => agent.Host.Status().Leg.State != "connected");
        using var forwarder = agent.NewForwarder();
        await forwarder.PushAsync(Enumerable.Range(1, 20).Select(number => Samples.Packet(number)));
        await Wait.UntilAsync(() => agent.Host.Status().Spool.Frames == 20);
        var status = agent.Host.Status();
        Assert.False(status.Ok);
        Assert.Equal(9230, status.Problems[0].Code);
        Assert.NotNull(status.Spool.OldestHeardAt);
        // Longer than the clock's grain, so that the two times differ.
        var back = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 50;
        await Wait.UntilAsync(() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() > back);
        proxy.IsDown = false;

        await Wait.UntilAsync(() => agent.Host.Status().Spool.Frames == 0);
        Assert.Equal(Enumerable.Range(1, 20), node.Sink.Numbers);
        Assert.All(node.Sink.Frames, frame => Assert.True(frame.HeardAt < back && frame.ReceivedAt >= back));
    }

    [Fact]
    public async Task Router_that_cannot_take_a_frame_gets_it_again_before_what_follows()
    {
        await using var node = await TestNode.StartAsync();
        await using var agent = new TestAgent();
        node.Register(agent.Key);
        var refused = new HashSet<int>();
        node.Sink.Decide = frame => ValueTask.FromResult(Samples.NumberOf(frame.Packet) % 10 != 0 || !refused.Add(Samples.NumberOf(frame.Packet)));
        agent.Start(node.Url);
        using var forwarder = agent.NewForwarder();
        foreach (var group in Enumerable.Range(1, 40).Chunk(10)) await forwarder.PushAsync(group.Select(number => Samples.Packet(number)));

        await Wait.UntilAsync(() => agent.Host.Status().Spool.Frames == 0 && node.Sink.Count >= 44);
        Assert.Equal(Enumerable.Range(1, 40), node.Sink.Numbers.Distinct());
        Assert.All([10, 20, 30, 40], number => Assert.Equal(2, node.Sink.Numbers.Count(other => other == number)));
        Assert.Equal(44, node.Sink.Count);
        Assert.Equal(node.Sink.Numbers.Order(), node.Sink.Numbers);
        Assert.Contains(agent.Host.Status().Refusals, refusal => refusal.Code == 9114);
    }

    [Fact]
    public async Task Killed_agent_leaves_every_frame_to_the_next_one()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var node = await TestNode.StartAsync();
        using var folder = new TemporaryFolder();
        var key = Keys.DeviceKeyFile.Create(folder["device.key"]);
        // Nobody answers at first: port 9 of this machine discards, or is closed.
        var settings = new Settings.AgentSettings { NetworkId = Samples.Network.ToString(), Node = new Uri("http://127.0.0.1:9"), Listen = new Settings.ListenSettings { Port = 0 } };
        settings.Write(folder.Root);
        var (process, port) = await ChildAgent.StartAsync(folder.Root, stop);
        using (process)
        using (var forwarder = new VirtualForwarder(port))
        {
            foreach (var group in Enumerable.Range(1, 100).Chunk(10)) await forwarder.PushAsync(group.Select(number => Samples.Packet(number)));
            // Its acknowledgement is sent before a datagram is handled, so the last one may be lost: one more, whose acknowledgement says that those before are written.
            await forwarder.PullAsync();
            process.Kill();
            await process.WaitForExitAsync(stop);
        }
        node.Register(key);
        await using var next = new TestAgent();
        foreach (var path in Directory.EnumerateFiles(folder["spool"]))
        {
            Directory.CreateDirectory(Path.Combine(next.Folder, "spool"));
            File.Copy(path, Path.Combine(next.Folder, "spool", Path.GetFileName(path)));
        }
        next.Start(node.Url, key);

        await Wait.UntilAsync(() => node.Sink.Count >= 100 && next.Host.Status().Spool.Frames == 0, () => $"{node.Sink.Count}");
        Assert.Equal(Enumerable.Range(1, 100), node.Sink.Numbers);
    }

    [Theory]
    [InlineData("unknown", 9104, "unknown")]
    [InlineData("suspended", 9106, "suspended")]
    [InlineData("router", 9105, "not a hotspot")]
    [InlineData("wrong key", 9103, "not asked yet")]
    [InlineData("other url", 9107, "not asked yet")]
    public async Task Device_that_may_not_is_refused_with_its_code(string fault, int code, string registration)
    {
        await using var node = await TestNode.StartAsync(knowsItself: fault != "other url");
        await using var agent = new TestAgent();
        if (fault != "unknown") node.Register(agent.Key, kind: fault == "router" ? 2u : 1u, fault == "suspended" ? DeviceStatus.Suspended : DeviceStatus.Active);
        agent.Start(node.Url, fault == "wrong key" ? new KeyOfAnother(agent.Key) : null);

        await Wait.UntilAsync(() => agent.Host.Status().Leg.LastEnd is not null);
        var status = agent.Host.Status();
        Assert.Equal((code, "refused", registration, false), (status.Leg.LastEnd!.Code, status.Leg.State, status.Registration, status.Ok));
        Assert.NotEmpty(status.Problems[0].Advice);
        Assert.False(node.Hub.IsConnected(agent.Key.Public.Id));
    }

    [Fact]
    public async Task Proof_of_one_challenge_serves_no_other()
    {
        await using var node = await TestNode.StartAsync();
        using var key = P256DeviceKey.Generate();
        node.Register(key);
        using var first = await RawAgent.ConnectAsync(node.Url);
        var challenge = await first.ReadAsync<LegChallenge>();
        var proof = RawAgent.Prove(key, challenge.Nonce, node.Url);
        await first.SendAsync(proof);
        await first.ReadAsync<LegWelcome>();

        using var second = await RawAgent.ConnectAsync(node.Url);
        Assert.NotEqual(challenge.Nonce, (await second.ReadAsync<LegChallenge>()).Nonce);
        await second.SendAsync(proof);
        Assert.Equal(9103, (await second.ReadAsync<LegRefusal>()).Code);
    }

    [Fact]
    public async Task Newest_connection_of_a_device_counts()
    {
        await using var node = await TestNode.StartAsync();
        using var key = P256DeviceKey.Generate();
        node.Register(key);
        using var first = await RawAgent.EnterAsync(node.Url, key);
        using var second = await RawAgent.EnterAsync(node.Url, key);

        Assert.Equal(9108, (await first.ReadAsync<LegRefusal>()).Code);
        await second.SendAsync(new LegPing(7, 1));
        Assert.Equal(7u, (await second.ReadAsync<LegPong>()).Number);
    }

    [Fact]
    public async Task Suspension_ends_a_connection()
    {
        await using var node = await TestNode.StartAsync();
        using var key = P256DeviceKey.Generate();
        node.Register(key);
        using var agent = await RawAgent.EnterAsync(node.Url, key);
        node.Register(key, status: DeviceStatus.Suspended);

        Assert.Equal(9106, (await agent.ReadAsync<LegRefusal>()).Code);
    }

    [Fact]
    public async Task Message_that_is_too_large_or_none_ends_the_connection_with_its_code()
    {
        await using var node = await TestNode.StartAsync();
        using var key = P256DeviceKey.Generate();
        node.Register(key);
        using (var large = await RawAgent.EnterAsync(node.Url, key))
        {
            await large.SendAsync(new byte[LegCodec.MaxBytes + 1000]);
            Assert.Equal(9109, (await large.ReadAsync<LegRefusal>()).Code);
        }
        using (var garbage = await RawAgent.EnterAsync(node.Url, key))
        {
            await garbage.SendAsync([5, 0, 0]);
            Assert.Equal(9101, (await garbage.ReadAsync<LegRefusal>()).Code);
        }
        using var wrong = await RawAgent.ConnectAsync(node.Url);
        await wrong.ReadAsync<LegChallenge>();
        await wrong.SendAsync(new LegPing(1, 1));
        Assert.Equal(9101, (await wrong.ReadAsync<LegRefusal>()).Code);
    }

    [Fact]
    public async Task Agent_beyond_its_allowance_is_told_from_where_to_send_again()
    {
        await using var node = await TestNode.StartAsync(new LegOptions { FramesPerSecond = 1, FrameBurst = 5 });
        using var key = P256DeviceKey.Generate();
        node.Register(key);
        using var agent = await RawAgent.EnterAsync(node.Url, key);
        await agent.SendAsync(new LegFrames(0, [.. Enumerable.Range(1, 20).Select(number => new SequencedFrame((ulong)number, 1, Samples.Packet(number)))]));

        LegMessage message;
        do message = await agent.ReadAsync();
        while (message is LegAck);
        var again = Assert.IsType<LegAgain>(message);
        Assert.Equal((1u, (ushort)9111), (again.Generation, again.Code));
        // Under load a second may pass between two frames; what was taken is what was acknowledged, without a gap.
        Assert.Equal(Enumerable.Range(1, (int)again.From - 1), node.Sink.Numbers);
        Assert.InRange(again.From, 6ul, 20ul);
    }

    [Fact]
    public async Task Room_for_connections_is_bounded()
    {
        await using var node = await TestNode.StartAsync(new LegOptions { MaxConnections = 1 });
        using var key = P256DeviceKey.Generate();
        node.Register(key);
        using var first = await RawAgent.EnterAsync(node.Url, key);
        using var second = await RawAgent.ConnectAsync(node.Url);

        LegMessage message;
        do message = await second.ReadAsync();
        while (message is LegChallenge);
        Assert.Equal(9112, Assert.IsType<LegRefusal>(message).Code);
    }

    [Fact]
    public async Task Node_that_stops_says_so_and_frames_wait_for_the_next()
    {
        var node = await TestNode.StartAsync();
        await using var agent = new TestAgent();
        node.Register(agent.Key);
        agent.Start(node.Url);
        await agent.UntilConnectedAsync();
        var sink = node.Sink;
        await node.DisposeAsync();
        await Wait.UntilAsync(() => agent.Host.Status().Leg.State != "connected");
        Assert.Contains(agent.Host.Status().Refusals, refusal => refusal.Code == 9113);
        using var forwarder = agent.NewForwarder();
        await forwarder.PushAsync(Samples.Packet(1));

        await using var next = await TestNode.StartAsync(port: node.Url.Port, sink: sink);
        next.Register(agent.Key);
        await Wait.UntilAsync(() => sink.Count == 1);
    }

    /// <summary>Signs with another key than it says to have.</summary>
    private sealed class KeyOfAnother(IDeviceKey said) : IDeviceKey
    {
        private readonly P256DeviceKey _own = P256DeviceKey.Generate();

        public DeviceKey Public => said.Public;

        public void Sign(Bytes32 digest, Span<byte> signature) => _own.Sign(digest, signature);
    }
}
