using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Threading.Channels;
using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.Gwmp;
using Turnpike.Networks.Wireless.Protocol.Leg;
using Turnpike.Networks.Wireless.Service;

namespace Turnpike.Node.Router.Leg;

/// <summary>
/// One agent's WebSocket. One loop reads, one writes; what is to be written waits in a bounded queue, and an agent that does not read is cut off. Acknowledgements are cumulative, so that any number of
/// them waits as one.
/// </summary>
internal sealed class LegConnection : IDisposable
{
    private const int MaxWaiting = 512;
    private const int MaxDownlinks = 64;
    private static readonly TimeSpan LongestSend = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(2);

    private readonly WebSocket _socket;
    private readonly LegServices _services;
    private readonly Channel<LegMessage> _waiting = Channel.CreateBounded<LegMessage>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<TxResult?>> _downlinks = new();
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(LegCodec.MaxBytes);
    private readonly TaskCompletionSource _reading = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _acknowledged;
    private int _hasAck;
    private int _hasEnded;
    private uint _lastToken;
    private long _heardAt;

    public LegConnection(WebSocket socket, LegServices services)
    {
        (_socket, _services) = (socket, services);
        _heardAt = services.Time.GetTimestamp();
    }

    /// <summary>Time since the agent said anything.</summary>
    public TimeSpan Silence => _services.Time.GetElapsedTime(Volatile.Read(ref _heardAt));

    private bool HasEnded => Volatile.Read(ref _hasEnded) != 0;

    /// <summary>The next message; null when the agent is gone. After the end, what still comes is read and dropped, so that the reason reaches the agent.</summary>
    public async Task<LegMessage?> ReceiveAsync(CancellationToken cancellation)
    {
        var length = 0;
        while (true)
        {
            if (HasEnded) length = 0;
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length, LegCodec.MaxBytes - length), cancellation);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            if (HasEnded) continue;
            length += part.Count;
            if (!part.EndOfMessage)
            {
                if (length == LegCodec.MaxBytes) End(LegCodes.TooLarge);
                continue;
            }
            Volatile.Write(ref _heardAt, _services.Time.GetTimestamp());
            if (part.MessageType == WebSocketMessageType.Binary && LegCodec.TryDecode(_buffer.AsSpan(0, length), out var message)) return message;
            End(LegCodes.Malformed);
        }
    }

    /// <summary>Puts a message into the queue; an agent that lets it run full is cut off.</summary>
    public void Send(LegMessage message)
    {
        if (HasEnded || _waiting.Writer.TryWrite(message)) return;
        End(LegCodes.NotReading);
        _socket.Abort();
    }

    /// <summary>Everything up to here may be forgotten.</summary>
    public void Acknowledge(ulong upTo)
    {
        Volatile.Write(ref _acknowledged, upTo);
        if (Interlocked.Exchange(ref _hasAck, 1) == 0) Send(new LegAck(upTo));
    }

    /// <summary>Says why, and ends the connection. The first reason stands.</summary>
    public void End(VerdictCode code, int retryAfterSeconds = 0, string? detail = null)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0) return;
        _services.Metrics.NoteEnd(code);
        _waiting.Writer.TryWrite(new LegRefusal(code.Number, retryAfterSeconds, detail ?? code.Description));
        _waiting.Writer.TryComplete();
    }

    /// <summary>Sends a frame and waits for what the forwarder says; null when it does not say in time.</summary>
    public async Task<TxResult?> SendAsync(Downlink downlink, CancellationToken cancellation)
    {
        if (HasEnded || _downlinks.Count >= MaxDownlinks) return null;
        var token = Interlocked.Increment(ref _lastToken);
        var answer = _downlinks[token] = new TaskCompletionSource<TxResult?>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            Send(new LegDownlink(token, downlink.Frame, downlink.Rx1, downlink.Rx2));
            return await answer.Task.WaitAsync(_services.Options.DownlinkTimeout, _services.Time, cancellation);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            _downlinks.TryRemove(token, out _);
        }
    }

    /// <summary>Notes what a forwarder said.</summary>
    public void Note(LegResult result)
    {
        if (_downlinks.TryRemove(result.Token, out var waiting)) waiting.TrySetResult(result.Result);
    }

    /// <summary>Writes what waits until the connection ends, then says goodbye.</summary>
    public async Task WriteAsync()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        try
        {
            await foreach (var message in _waiting.Reader.ReadAllAsync())
            {
                buffer.ResetWrittenCount();
                LegCodec.Write(buffer, message is LegAck ? LatestAck() : message);
                using var limit = new CancellationTokenSource(LongestSend);
                await _socket.SendAsync(buffer.WrittenMemory, WebSocketMessageType.Binary, endOfMessage: true, limit.Token);
            }
            using var goodbye = new CancellationTokenSource(LongestGoodbye);
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, goodbye.Token);
            await Task.WhenAny(_reading.Task, Task.Delay(LongestGoodbye, CancellationToken.None));
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The agent is gone; the reading loop ends likewise.
        }
        finally
        {
            _socket.Abort();
        }
    }

    /// <summary>Nothing is read any more; the writing ends with what waits.</summary>
    public void FinishReading()
    {
        Interlocked.Exchange(ref _hasEnded, 1);
        _waiting.Writer.TryComplete();
        _reading.TrySetResult();
    }

    /// <summary>Lets go of everybody who waits for an answer.</summary>
    public void Dispose()
    {
        foreach (var waiting in _downlinks.Values) waiting.TrySetResult(null);
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private LegAck LatestAck()
    {
        Interlocked.Exchange(ref _hasAck, 0);
        return new LegAck(Volatile.Read(ref _acknowledged));
    }
}
