using System.Threading.Channels;
using Turnpike.Evidence;
using Turnpike.Networks.Wireless.Protocol.Leg;

namespace Turnpike.Agent.Leg;

/// <summary>
/// One connection to the node, from the challenge to its end. One task reads messages, one writes: frames in the order of the spool as far as the node's window and allowance go, and what else is to be
/// said before them. What both touch is under one lock.
/// </summary>
internal sealed class LegSession(LegSocket socket, LegContext context)
{
    // A line that breaks after a few kilobytes must still get on: messages begin small, and grow with each that arrives.
    private const int FirstBatch = 8;
    private const int MaxDownlinks = 32;
    private const int MaxWaiting = 256;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Channel<LegMessage> _waiting = Channel.CreateBounded<LegMessage>(MaxWaiting);
    private readonly SentFrames _sent = new();
    private readonly Dictionary<uint, (long Timestamp, long UnixMilliseconds)> _pings = [];
    private readonly List<SequencedFrame> _batch = new(LegCodec.MaxFrames);
    private FrameAllowance _allowance = null!;
    private int _window;
    private int _batchLimit = FirstBatch;
    private ulong _highest;
    private uint _generation;
    private long _resumeAt;
    private long _heardAt;
    private long _nextPing;
    private uint _lastPing;
    private int _downlinks;

    /// <summary>Proves the device and waits to be let in.</summary>
    /// <exception cref="LegEndedException">The node refuses.</exception>
    public async Task EnterAsync(CancellationToken cancellation)
    {
        if (await ReadAsync(cancellation) is not LegChallenge challenge) throw LegEndedException.Protocol("the node began without a challenge");
        var url = LegStatement.UrlOf(context.Node);
        var (r, s) = DeviceSignature.SignLowS(context.Key, LegStatement.Digest(context.Network, context.Key.Public.Id, challenge.Nonce, url));
        await socket.SendAsync(new LegProof(context.Key.Public.Id, context.Spool.Id, (byte[])[.. r.ToArray(), .. s.ToArray()], url, context.Software), cancellation);
        if (await ReadAsync(cancellation) is not LegWelcome welcome) throw LegEndedException.Protocol("the node did not say that the device is let in");
        context.Status.Measured(null, welcome.NodeTime - context.Now);
        (_window, _allowance) = (welcome.Window, new FrameAllowance(welcome.FramesPerSecond, welcome.Burst, context.Time));
        context.Spool.Acknowledge(welcome.Taken);
        context.Spool.Rewind(welcome.Taken);
        _heardAt = _nextPing = context.Time.GetTimestamp();
        context.Status.Connected();
    }

    /// <summary>Carries frames until the line ends; always by an exception that says why.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = ReadAllAsync(ending.Token);
        var writing = WriteAllAsync(ending.Token);
        try
        {
            await await Task.WhenAny(reading, writing);
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(reading, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAllAsync(CancellationToken cancellation)
    {
        while (true)
            switch (await ReadAsync(cancellation))
            {
                case LegAck ack: Take(ack); break;
                case LegAgain again: SendAgain(again); break;
                case LegPong pong: Measure(pong); break;
                case LegDownlink downlink: _ = SendDownAsync(downlink, cancellation); break;
                default: throw LegEndedException.Protocol("the node sent a message out of place");
            }
    }

    private async Task<LegMessage> ReadAsync(CancellationToken cancellation)
    {
        var message = await socket.ReceiveAsync(cancellation) ?? throw new LegEndedException(AgentCodes.NodeUnreachable, "the node closed the connection", TimeSpan.Zero, false);
        Volatile.Write(ref _heardAt, context.Time.GetTimestamp());
        if (message is not LegRefusal refusal) return message;
        var code = LegCodes.Module.Codes.FirstOrDefault(known => known.Number == refusal.Code);
        throw new LegEndedException(code ?? AgentCodes.NodeProtocol, refusal.Text, TimeSpan.FromSeconds(Math.Min(refusal.RetryAfterSeconds, 3600)), isRefusal: true);
    }

    private void Take(LegAck ack)
    {
        List<SequencedFrame> taken;
        lock (_lock)
        {
            if (ack.UpTo > _highest) throw LegEndedException.Protocol("the node took frames that were not sent");
            taken = _sent.TakeUpTo(ack.UpTo);
            context.Spool.Acknowledge(ack.UpTo);
            _batchLimit = Math.Min(LegCodec.MaxFrames, 2 * _batchLimit);
            context.Status.Moved(0, taken.Count, _sent.Count);
        }
        if (taken.Count > 0) context.OnTaken(taken);
        context.Signal.Set();
    }

    private void SendAgain(LegAgain again)
    {
        if (again.From == 0) throw LegEndedException.Protocol("the node asked for a frame before the first");
        lock (_lock)
        {
            _generation = again.Generation;
            _sent.DropFrom(again.From);
            context.Spool.Rewind(again.From - 1);
            _resumeAt = context.Time.GetTimestamp() + (long)(Math.Min(again.PauseMilliseconds, 60_000) / 1000.0 * context.Time.TimestampFrequency);
            context.Status.Moved(0, 0, _sent.Count);
        }
        if (LegCodes.Module.Codes.FirstOrDefault(known => known.Number == again.Code) is { } code) context.Counts.Note(code);
        context.Signal.Set();
    }

    private void Measure(LegPong pong)
    {
        lock (_lock)
        {
            if (!_pings.Remove(pong.Number, out var ping)) return;
            var trip = context.Time.GetElapsedTime(ping.Timestamp);
            context.Status.Measured(trip, pong.NodeTime - ping.UnixMilliseconds - (long)(trip.TotalMilliseconds / 2));
        }
    }

    private async Task SendDownAsync(LegDownlink downlink, CancellationToken cancellation)
    {
        var result = new LegResult(downlink.Token, 0, null);
        try
        {
            if (Interlocked.Increment(ref _downlinks) <= MaxDownlinks) result = await context.Downlinks.SendAsync(downlink, cancellation);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        finally
        {
            Interlocked.Decrement(ref _downlinks);
        }
        _waiting.Writer.TryWrite(result);
        context.Signal.Set();
    }

    private async Task WriteAllAsync(CancellationToken cancellation)
    {
        while (true)
        {
            while (_waiting.Reader.TryRead(out var message)) await socket.SendAsync(message, cancellation);
            if (PingIfDue() is { } ping) await socket.SendAsync(ping, cancellation);
            if (context.Time.GetElapsedTime(Volatile.Read(ref _heardAt)) > context.Options.Silence) throw new LegEndedException(AgentCodes.NodeUnreachable, "the node said nothing for too long", TimeSpan.Zero, false);
            if (NextFrames(out var wait) is { } frames) await socket.SendAsync(frames, cancellation);
            else await context.Signal.WaitAsync(wait, cancellation);
        }
    }

    private LegPing? PingIfDue()
    {
        lock (_lock)
        {
            var now = context.Time.GetTimestamp();
            if (now < _nextPing) return null;
            _nextPing = now + (long)(context.Options.PingInterval.TotalSeconds * context.Time.TimestampFrequency);
            if (_pings.Count > 8) _pings.Clear();
            _pings[++_lastPing] = (now, context.Now);
            return new LegPing(_lastPing, context.Now);
        }
    }

    // What is there goes at once; nothing waits to fill a message.
    private LegFrames? NextFrames(out TimeSpan wait)
    {
        wait = Tick;
        lock (_lock)
        {
            var now = context.Time.GetTimestamp();
            if (now < _resumeAt)
            {
                wait = context.Time.GetElapsedTime(now, _resumeAt);
                return null;
            }
            var granted = _allowance.Take(Math.Min(_batchLimit, _window - _sent.Count));
            if (granted == 0)
            {
                wait = _sent.Count < _window ? TimeSpan.FromMilliseconds(20) : Tick;
                return null;
            }
            _batch.Clear();
            var read = context.Spool.Read(_batch, granted);
            _allowance.GiveBack(granted - read);
            if (read == 0) return null;
            foreach (var frame in _batch) _sent.Add(frame);
            _highest = Math.Max(_highest, _sent.Last);
            context.Status.Moved(read, 0, _sent.Count);
            return new LegFrames(_generation, [.. _batch]);
        }
    }
}
