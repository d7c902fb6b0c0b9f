using System.Net.WebSockets;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Networks.Wireless.Protocol.Leg;

namespace Turnpike.Agent.Tests.Leg;

/// <summary>A WebSocket that says whatever the test wants.</summary>
internal sealed class RawAgent : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[LegCodec.MaxBytes];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<RawAgent> ConnectAsync(Uri node)
    {
        var agent = new RawAgent();
        agent._socket.Options.AddSubProtocol(LegStatement.Protocol);
        await agent._socket.ConnectAsync(new UriBuilder(new Uri(node, LegStatement.Path)) { Scheme = "ws" }.Uri, Stop);
        return agent;
    }

    public static async Task<RawAgent> EnterAsync(Uri node, IDeviceKey key)
    {
        var agent = await ConnectAsync(node);
        await agent.SendAsync(Prove(key, (await agent.ReadAsync<LegChallenge>()).Nonce, node));
        await agent.ReadAsync<LegWelcome>();
        return agent;
    }

    public static LegProof Prove(IDeviceKey key, Bytes32 nonce, Uri node)
    {
        var (r, s) = DeviceSignature.SignLowS(key, LegStatement.Digest(Samples.Network, key.Public.Id, nonce, LegStatement.UrlOf(node)));
        return new LegProof(key.Public.Id, Bytes32.Zero, (byte[])[.. r.ToArray(), .. s.ToArray()], LegStatement.UrlOf(node), "test");
    }

    public Task SendAsync(LegMessage message) => SendAsync(LegCodec.Encode(message));

    public Task SendAsync(byte[] bytes) => _socket.SendAsync(bytes, WebSocketMessageType.Binary, true, Stop);

    public async Task<T> ReadAsync<T>()
        where T : LegMessage => Assert.IsType<T>(await ReadAsync());

    public async Task<LegMessage> ReadAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var part = await _socket.ReceiveAsync(_buffer.AsMemory(), limit.Token);
        Assert.True(part.EndOfMessage && LegCodec.TryDecode(_buffer.AsSpan(0, part.Count), out _), $"{part.MessageType}");
        LegCodec.TryDecode(_buffer.AsSpan(0, part.Count), out var message);
        return message;
    }

    public void Dispose() => _socket.Dispose();
}
