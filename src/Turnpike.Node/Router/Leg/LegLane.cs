using Microsoft.Extensions.Logging;
using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.Leg;
using Turnpike.Networks.Wireless.Service;

namespace Turnpike.Node.Router.Leg;

/// <summary>
/// The frames of one hotspot's spool, across its connections.
///
/// Frames are handed to the router in the order of their sequences, each once, as long as this process lives: what comes again after a cut is known by its sequence and not handed over twice. A frame
/// that the router cannot take stops the lane: the agent is told from where to send again, and everything under the old generation is ignored, so that nothing overtakes it. Frames behind it that
/// the router had in hand already stay decided. Acknowledged is what is decided without a gap. After a restart of the node the lane is empty and the agent begins with the oldest frame that it
/// keeps; the router then meets frames that it may have made durable before, and knows them by their content.
/// Calls of one connection come one after another; decisions of the router come at any time.
/// </summary>
internal sealed partial class LegLane(DeviceId device, Bytes32 spool, LegServices services, CancellationToken stopping)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly LinkedList<Hand> _inHand = [];
    private readonly LegAllowance _allowance = new(services.Options, services.Time);
    private LegConnection? _connection;
    private uint _generation;
    private ulong _handed;
    private ulong _taken;

    public Bytes32 Spool => spool;

    /// <summary>Whether nothing of it is under way.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock) return _inHand.Count == 0 && _connection is null;
        }
    }

    /// <summary>Begins with a connection; the last sequence that the agent may forget.</summary>
    public ulong Attach(LegConnection connection)
    {
        lock (_lock)
        {
            _connection = connection;
            _generation = 0;
            _handed = _taken;
            return _taken;
        }
    }

    /// <summary>Ends with a connection; what the router has in hand it goes on with.</summary>
    public void Detach(LegConnection connection)
    {
        lock (_lock)
            if (_connection == connection) _connection = null;
    }

    /// <summary>Takes a message's frames.</summary>
    public void Take(LegConnection connection, LegFrames message)
    {
        foreach (var frame in message.Frames)
        {
            LinkedListNode<Hand>? hand;
            lock (_lock)
            {
                if (_connection != connection || message.Generation != _generation) return;
                if (frame.Sequence <= _handed || IsKnown(frame.Sequence)) continue;
                if (Refuses() is { } refusal)
                {
                    Rewind(frame.Sequence, refusal);
                    return;
                }
                _handed = frame.Sequence;
                hand = Insert(frame.Sequence);
            }
            HandOver(frame, hand);
        }
    }

    private VerdictCode? Refuses()
    {
        if (_inHand.Count >= services.Options.FramesInHand) return LegCodes.TooMuchInHand;
        if (!_allowance.TryTake()) return LegCodes.TooFast;
        return services.Load.TryTake() ? null : LegCodes.TooMuchInHand;
    }

    // The router had it before a rewind or a cut.
    private bool IsKnown(ulong sequence)
    {
        if (_inHand.Last is not { } last || last.Value.Sequence < sequence) return false;
        for (var node = _inHand.First; node is not null && node.Value.Sequence <= sequence; node = node.Next)
        {
            if (node.Value.Sequence != sequence) continue;
            _handed = sequence;
            Acknowledge();
            return true;
        }
        return false;
    }

    private LinkedListNode<Hand> Insert(ulong sequence)
    {
        var before = _inHand.Last;
        while (before is not null && before.Value.Sequence > sequence) before = before.Previous;
        return before is null ? _inHand.AddFirst(new Hand(sequence)) : _inHand.AddAfter(before, new Hand(sequence));
    }

    private void HandOver(SequencedFrame frame, LinkedListNode<Hand> hand)
    {
        services.Metrics.NoteFrame();
        ValueTask<bool> decision;
        try
        {
            decision = services.Sink.TakeAsync(new LegFrame(device, frame.Packet, frame.HeardAt, services.Time.GetUtcNow().ToUnixTimeMilliseconds()), stopping);
        }
        catch (Exception fault)
        {
            decision = ValueTask.FromException<bool>(fault);
        }
        if (decision.IsCompletedSuccessfully) Decide(hand, decision.Result);
        else _ = AwaitAsync(hand, decision);
    }

    private async Task AwaitAsync(LinkedListNode<Hand> hand, ValueTask<bool> decision)
    {
        try
        {
            Decide(hand, await decision);
        }
        catch (Exception fault)
        {
            // A router that fails has not taken the frame; when the node stops, nobody waits for the answer.
            if (!stopping.IsCancellationRequested) RouterFails(services.Logger, device, fault);
            Decide(hand, false);
        }
    }

    private void Decide(LinkedListNode<Hand> hand, bool isTaken)
    {
        services.Load.Release();
        lock (_lock)
        {
            hand.Value.IsDecided = isTaken;
            if (isTaken)
            {
                Acknowledge();
                return;
            }
            _inHand.Remove(hand);
            if (hand.Value.Sequence <= _handed) Rewind(hand.Value.Sequence, LegCodes.NotTaken);
        }
    }

    private void Acknowledge()
    {
        var before = _taken;
        while (_inHand.First is { Value: { IsDecided: true } first } && first.Sequence <= _handed)
        {
            _taken = first.Sequence;
            _inHand.RemoveFirst();
        }
        if (_taken != before) _connection?.Acknowledge(_taken);
    }

    private void Rewind(ulong from, VerdictCode code)
    {
        _handed = from - 1;
        _generation++;
        services.Metrics.NoteAgain(code);
        _connection?.Send(new LegAgain(_generation, from, (int)Pause.TotalMilliseconds, code.Number));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The router failed on a frame of {Device}; the agent sends it again.")]
    private static partial void RouterFails(ILogger logger, DeviceId device, Exception fault);

    private sealed class Hand(ulong sequence)
    {
        public ulong Sequence { get; } = sequence;

        public bool IsDecided { get; set; }
    }
}
