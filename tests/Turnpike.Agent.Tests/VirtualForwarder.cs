using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Turnpike.Networks.Wireless.Protocol.Gwmp;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Agent.Tests;

/// <summary>A packet forwarder without a radio: real datagrams.</summary>
internal sealed class VirtualForwarder(int port, byte version = 2, ulong gateway = 0x0102030405060708) : IDisposable
{
    private static int _tokens;

    private readonly UdpClient _up = Connect(port);
    private UdpClient _down = Connect(port);

    public Eui64 Gateway { get; } = new(gateway);

    /// <summary>Frames that it was given to send, in order.</summary>
    public List<TxPacket> Given { get; } = [];

    public static string RxJson(RxPacket packet, string extra = "") =>
        FormattableString.Invariant($"{{\"tmst\":{packet.Timestamp},\"freq\":{packet.Frequency / 1e6:0.0#####},\"chan\":{packet.Channel},\"rfch\":0,\"stat\":{(int)packet.Crc},\"modu\":\"LORA\",\"datr\":\"{packet.DataRate}\",\"codr\":\"4/5\",\"rssi\":{packet.Rssi / 10.0:0.#},\"lsnr\":{packet.Snr / 10.0:0.#},\"size\":{packet.Frame.Length},\"data\":\"{Convert.ToBase64String(packet.Frame.Span)}\"{extra}}}");

    public static byte[] Json(params IEnumerable<string> rx) => Encoding.UTF8.GetBytes($"{{\"rxpk\":[{string.Join(',', rx)}]}}");

    public void Send(ReadOnlySpan<byte> datagram) => _up.Client.Send(datagram);

    /// <summary>Sends PUSH_DATA and waits for its acknowledgement.</summary>
    public async Task PushAsync(byte[] json, ushort? token = null)
    {
        var packet = new GwmpPacket(version, token ?? (ushort)Interlocked.Increment(ref _tokens), GwmpType.PushData, Gateway, json);
        Send(packet.Write());
        var answer = await ReceiveAsync(_up);
        Assert.Equal(packet.Acknowledge(), answer);
    }

    public Task PushAsync(params IEnumerable<RxPacket> packets) => PushAsync(Json(packets.Select(packet => RxJson(packet))));

    /// <summary>Asks for frames, from a new port if told so.</summary>
    public async Task PullAsync(bool fromNewPort = false)
    {
        if (fromNewPort)
        {
            _down.Dispose();
            _down = Connect(port);
        }
        var packet = new GwmpPacket(version, (ushort)Interlocked.Increment(ref _tokens), GwmpType.PullData, Gateway, ReadOnlyMemory<byte>.Empty);
        await _down.SendAsync(packet.Write(), TestContext.Current.CancellationToken);
        Assert.Equal(packet.Acknowledge(), await ReceiveAsync(_down));
    }

    /// <summary>Takes the next frame to send and says what becomes of it; null says nothing.</summary>
    public async Task<TxPacket> AnswerAsync(string? error)
    {
        var datagram = await ReceiveAsync(_down);
        Assert.Equal((version, (byte)GwmpType.PullResp), (datagram[0], datagram[3]));
        Assert.True(TxPacket.TryRead(datagram.AsMemory(4), out var frame), Encoding.UTF8.GetString(datagram.AsSpan(4)));
        using var json = JsonDocument.Parse(datagram.AsMemory(4));
        Assert.False(json.RootElement.GetProperty("txpk").TryGetProperty("imme", out var immediate) && immediate.GetBoolean());
        Given.Add(frame);
        if (error is not null)
            await _down.SendAsync(new GwmpPacket(version, (ushort)(datagram[1] | datagram[2] << 8), GwmpType.TxAck, Gateway, Encoding.UTF8.GetBytes($"{{\"txpk_ack\":{{\"error\":\"{error}\"}}}}")).Write(), TestContext.Current.CancellationToken);
        return frame;
    }

    public void Dispose()
    {
        _up.Dispose();
        _down.Dispose();
    }

    private static UdpClient Connect(int port)
    {
        var client = new UdpClient(AddressFamily.InterNetwork);
        client.Connect(IPAddress.Loopback, port);
        return client;
    }

    private static async Task<byte[]> ReceiveAsync(UdpClient client)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        return (await client.ReceiveAsync(limit.Token)).Buffer;
    }
}
