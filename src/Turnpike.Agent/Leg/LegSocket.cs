using System.Buffers;
using System.Net.WebSockets;
using System.Security.Authentication;
using Turnpike.Networks.Wireless.Protocol.Leg;

namespace Turnpike.Agent.Leg;

/// <summary>A WebSocket to the node that carries messages of the leg: one reader and one writer at a time.</summary>
internal sealed class LegSocket : IDisposable
{
    private static readonly TimeSpan LongestSend = TimeSpan.FromSeconds(15);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[LegCodec.MaxBytes];
    private readonly ArrayBufferWriter<byte> _writer = new(1024);

    /// <summary>Connects. TLS is verified against this machine's authorities, or those of a file; plain only to this machine itself.</summary>
    /// <exception cref="LegEndedException">It is not reached, not believed, or no node.</exception>
    public static async Task<LegSocket> ConnectAsync(Uri node, NodeTrust? trust, CancellationToken cancellation)
    {
        var socket = new LegSocket();
        try
        {
            var url = new UriBuilder(new Uri(node, LegStatement.Path)) { Scheme = node.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs }.Uri;
            if (url.Scheme == Uri.UriSchemeWs && !url.IsLoopback) throw new LegEndedException(AgentCodes.NodeUntrusted, "without TLS only this machine itself can be a node", TimeSpan.Zero, false);
            socket._socket.Options.AddSubProtocol(LegStatement.Protocol);
            socket._socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
            socket._socket.Options.CollectHttpResponseDetails = true;
            if (trust is not null) socket._socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, errors) => trust.IsVouchedFor(certificate, errors);
            await socket._socket.ConnectAsync(url, cancellation);
            return socket;
        }
        catch (WebSocketException fault)
        {
            var status = (int)socket._socket.HttpStatusCode;
            socket.Dispose();
            throw fault.GetBaseException() is AuthenticationException untrusted ? new LegEndedException(AgentCodes.NodeUntrusted, untrusted.Message, TimeSpan.Zero, false, fault)
                : status > 0 ? LegEndedException.Protocol($"{node} answered {status}")
                : new LegEndedException(AgentCodes.NodeUnreachable, $"{node}: {fault.GetBaseException().Message}", TimeSpan.Zero, false, fault);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The next message; null when the node closes.</summary>
    /// <exception cref="LegEndedException">What came is no message of the leg.</exception>
    public async Task<LegMessage?> ReceiveAsync(CancellationToken cancellation)
    {
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), cancellation);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            length += part.Count;
            if (!part.EndOfMessage)
            {
                if (length == _buffer.Length) throw LegEndedException.Protocol("the node sent a message that is too long");
                continue;
            }
            return part.MessageType == WebSocketMessageType.Binary && LegCodec.TryDecode(_buffer.AsSpan(0, length), out var message) ? message : throw LegEndedException.Protocol("the node sent what is no message of the leg");
        }
    }

    public async Task SendAsync(LegMessage message, CancellationToken cancellation)
    {
        _writer.ResetWrittenCount();
        LegCodec.Write(_writer, message);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestSend);
        await _socket.SendAsync(_writer.WrittenMemory, WebSocketMessageType.Binary, endOfMessage: true, limit.Token);
    }

    /// <summary>Says goodbye, briefly.</summary>
    public async Task CloseAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            // The line is gone already.
        }
    }

    public void Dispose() => _socket.Dispose();
}
