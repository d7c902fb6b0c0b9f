using Turnpike.Networks.Wireless.Protocol.Gwmp;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;
using Turnpike.Networks.Wireless.Service;

namespace Turnpike.Agent.Tests.Leg;

/// <summary>Frames to send: from the node's hub over the line to a forwarder that answers, and back.</summary>
public sealed class DownlinkTests
{
    private const uint Heard = 4_294_000_000;
    private static readonly byte[] Frame = [0x60, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

    [Fact]
    public async Task First_window_is_tried_first_and_the_counter_wraps()
    {
        await using var line = await LineAsync();
        var answer = line.SendAsync(rx1Seconds: 5);
        var given = await line.Forwarder.AnswerAsync("NONE");

        Assert.Equal(TxResult.Ok, await answer);
        Assert.Equal((unchecked(Heard + 5_000_000), 868_100_000u, DataRate.LoRa(7, 125), 14), (given.Timestamp, given.Frequency, given.DataRate, given.Power));
        Assert.Equal(Frame, given.Frame.ToArray());
        Assert.Equal((1L, 1L, 0L), line.Counted(view => (view.Asked, view.Sent, view.InSecondWindow)));
    }

    [Theory]
    [InlineData("TOO_LATE")]
    [InlineData("COLLISION_PACKET")]
    [InlineData("COLLISION_BEACON")]
    [InlineData("TX_FREQ")]
    public async Task Second_window_follows_when_the_forwarder_cannot_send_in_the_first(string error)
    {
        await using var line = await LineAsync();
        var answer = line.SendAsync(rx1Seconds: 10);
        await line.Forwarder.AnswerAsync(error);
        var given = await line.Forwarder.AnswerAsync("NONE");

        Assert.Equal(TxResult.Ok, await answer);
        Assert.Equal((unchecked(Heard + 11_000_000), 869_525_000u, DataRate.LoRa(12, 125), 27), (given.Timestamp, given.Frequency, given.DataRate, given.Power));
        Assert.Equal((1L, 1L), line.Counted(view => (view.Sent, view.InSecondWindow)));
    }

    [Fact]
    public async Task Second_window_is_the_only_one_where_the_region_has_no_first()
    {
        await using var line = await LineAsync();
        var answer = line.SendAsync(rx1Seconds: 10, hasRx1: false);
        var given = await line.Forwarder.AnswerAsync("NONE");

        Assert.Equal(TxResult.Ok, await answer);
        Assert.Equal(unchecked(Heard + 11_000_000), given.Timestamp);
    }

    [Fact]
    public async Task First_window_that_is_over_is_passed_over()
    {
        await using var line = await LineAsync();
        var since = DateTime.UtcNow;
        await Wait.UntilAsync(() => DateTime.UtcNow - since > TimeSpan.FromSeconds(1));
        // RX1 was one second after the uplink; RX2, which here is far, is left.
        var answer = line.SendAsync(rx1Seconds: 1, rx2Seconds: 12);
        var given = await line.Forwarder.AnswerAsync("NONE");

        Assert.Equal(TxResult.Ok, await answer);
        Assert.Equal(unchecked(Heard + 12_000_000), given.Timestamp);
    }

    [Fact]
    public async Task Frame_that_is_refused_in_both_windows_or_is_over_says_so()
    {
        await using var line = await LineAsync();
        var answer = line.SendAsync(rx1Seconds: 10);
        await line.Forwarder.AnswerAsync("TX_FREQ");
        await line.Forwarder.AnswerAsync("TOO_LATE");
        Assert.Equal(TxResult.TooLate, await answer);

        var since = DateTime.UtcNow;
        await Wait.UntilAsync(() => DateTime.UtcNow - since > TimeSpan.FromSeconds(1));
        Assert.Equal(TxResult.TooLate, await line.SendAsync(rx1Seconds: 1, rx2Seconds: 1));
        Assert.Equal((2L, 2L), line.Counted(view => (view.Asked, view.TooLate)));
        Assert.Contains(line.Agent.Host.Status().Refusals, refusal => refusal.Code == 9240 && refusal.Count == 2);
    }

    [Fact]
    public async Task Forwarder_of_version_1_says_nothing_and_is_believed()
    {
        await using var line = await LineAsync(version: 1);
        var answer = line.SendAsync(rx1Seconds: 10);
        await line.Forwarder.AnswerAsync(null);

        Assert.Equal(TxResult.Ok, await answer);
    }

    [Fact]
    public async Task Forwarder_of_version_2_that_says_nothing_is_counted()
    {
        await using var line = await LineAsync();
        var answer = line.SendAsync(rx1Seconds: 10);
        await line.Forwarder.AnswerAsync(null);

        Assert.Null(await answer);
        Assert.Equal(1, line.Counted(view => view.Unanswered));
    }

    [Fact]
    public async Task Frame_goes_to_the_port_of_the_last_pull_and_to_the_forwarder_that_heard_the_device()
    {
        await using var line = await LineAsync();
        using var other = line.Agent.NewForwarder(gateway: 0xFF);
        await other.PushAsync(Samples.Packet(2, timestamp: 77));
        await other.PullAsync();
        await line.Forwarder.PullAsync(fromNewPort: true);
        await other.PullAsync();
        var answer = line.SendAsync(rx1Seconds: 10);
        await line.Forwarder.AnswerAsync("NONE");

        Assert.Equal(TxResult.Ok, await answer);
        Assert.Equal([("00000000000000ff", 0L), ("0102030405060708", 1L)], line.Agent.Host.Status().Forwarders.Select(forwarder => (forwarder.Gateway, forwarder.Sent)));
    }

    [Fact]
    public async Task Nothing_is_sent_without_a_forwarder_or_without_an_agent()
    {
        await using var line = await LineAsync(pulls: false);
        Assert.Null(await line.SendAsync(rx1Seconds: 10));
        Assert.Equal(1, line.Counted(view => view.NoForwarder));
        Assert.Contains(line.Agent.Host.Status().Problems, problem => problem.Code == 9241);

        await line.Agent.StopAsync();
        await Wait.UntilAsync(() => !line.Node.Hub.IsConnected(line.Agent.Key.Public.Id));
        Assert.Null(await line.SendAsync(rx1Seconds: 10));
    }

    private static async Task<Line> LineAsync(byte version = 2, bool pulls = true)
    {
        var node = await TestNode.StartAsync();
        var agent = new TestAgent();
        node.Register(agent.Key);
        agent.Start(node.Url);
        var forwarder = agent.NewForwarder(version);
        await agent.UntilConnectedAsync();
        if (pulls) await forwarder.PullAsync();
        await forwarder.PushAsync(Samples.Packet(1, Heard));
        await Wait.UntilAsync(() => node.Sink.Count == 1);
        return new Line(node, agent, forwarder);
    }

    private sealed record Line(TestNode Node, TestAgent Agent, VirtualForwarder Forwarder) : IAsyncDisposable
    {
        public Task<TxResult?> SendAsync(uint rx1Seconds, bool hasRx1 = true, uint? rx2Seconds = null)
        {
            var rx1 = new TxWindow(unchecked(Heard + rx1Seconds * 1_000_000), 868_100_000, DataRate.LoRa(7, 125), 14);
            var rx2 = new TxWindow(unchecked(Heard + (rx2Seconds ?? rx1Seconds + 1) * 1_000_000), 869_525_000, DataRate.LoRa(12, 125), 27);
            return Node.Hub.SendAsync(new Downlink(Agent.Key.Public.Id, Frame, hasRx1 ? rx1 : null, rx2), TestContext.Current.CancellationToken);
        }

        public T Counted<T>(Func<Turnpike.Agent.Status.DownlinkStatus, T> read) => read(Agent.Host.Status().Downlinks);

        public async ValueTask DisposeAsync()
        {
            Forwarder.Dispose();
            await Agent.DisposeAsync();
            await Node.DisposeAsync();
        }
    }
}
