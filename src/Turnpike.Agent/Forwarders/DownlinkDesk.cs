using System.Collections.Concurrent;
using System.Net;
using Turnpike.Networks.Wireless.Protocol.Gwmp;
using Turnpike.Networks.Wireless.Protocol.Leg;
using Turnpike.Networks.Wireless.Service;

namespace Turnpike.Agent.Forwarders;

/// <summary>What became of frames to send since the start.</summary>
/// <param name="Asked">Frames that the node asked to send.</param>
/// <param name="Sent">Accepted by a forwarder; version 1 does not say, so handed to it.</param>
/// <param name="InSecondWindow">Of those, in RX2.</param>
/// <param name="TooLate">Too late for both windows.</param>
/// <param name="Refused">Refused by the forwarder for another reason.</param>
/// <param name="Unanswered">The forwarder did not say.</param>
/// <param name="NoForwarder">There was no forwarder to send.</param>
public sealed record DownlinkView(long Asked, long Sent, long InSecondWindow, long TooLate, long Refused, long Unanswered, long NoForwarder);

/// <summary>
/// Hands frames to send to the forwarder whose concentrator heard what they answer: for RX1 first, and for RX2 when the forwarder cannot send then or RX1 is too near. The forwarder's own queue holds a frame
/// until its time, so it is handed over as soon as it comes. How near a window is follows from the reception that the frame answers: its counter then, and the time since. Thread-safe.
/// </summary>
internal sealed class DownlinkDesk(ForwarderServer server, AgentCounts counts, TimeProvider time)
{
    // A stock forwarder needs about 45 ms before the time to send (jitqueue.c: start delay, margin, jitter), and a reception reaches us up to 20 ms after its counter was read.
    private static readonly TimeSpan LeastLead = TimeSpan.FromMilliseconds(70);
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<ushort, (Forwarder Forwarder, TaskCompletionSource<TxResult> Answer)> _waiting = new();
    private int _lastToken;
    private long _asked, _sent, _second, _late, _refused, _unanswered, _none;

    public DownlinkView View => new(_asked, _sent, _second, _late, _refused, _unanswered, _none);

    /// <summary>Sends a frame; what became of it, and in which window.</summary>
    public async Task<LegResult> SendAsync(LegDownlink downlink, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _asked);
        var (forwarder, counter, notedAt) = Choose(downlink);
        if (forwarder?.DownstreamNow() is not { } to)
        {
            Interlocked.Increment(ref _none);
            counts.Note(AgentCodes.NoForwarder);
            return new LegResult(downlink.Token, 0, null);
        }
        var result = new LegResult(downlink.Token, 0, TxResult.TooLate);
        foreach (var (number, window) in Windows(downlink))
        {
            if (notedAt is { } at && Lead(window, counter, at) < LeastLead) continue;
            result = new LegResult(downlink.Token, number, await HandOverAsync(forwarder, to, downlink.Frame, window, cancellation));
            if (result.Result is null or TxResult.Ok) break;
        }
        Count(result, forwarder);
        return result;
    }

    /// <summary>Notes TX_ACK.</summary>
    public void Note(GwmpPacket packet, Forwarder forwarder)
    {
        if (!TxAck.TryRead(packet.Json, out var result)) counts.Note(AgentCodes.BadJson, $"TX_ACK of gateway {packet.Gateway}");
        else if (_waiting.TryGetValue(packet.Token, out var waiting) && waiting.Forwarder == forwarder) waiting.Answer.TrySetResult(result);
    }

    // By the counter where it can be told; else by who asked for frames last.
    private (Forwarder? Forwarder, uint Counter, long? NotedAt) Choose(LegDownlink downlink)
    {
        (Forwarder? Forwarder, uint Counter, long? NotedAt) best = default;
        foreach (var forwarder in server.Forwarders)
            if (forwarder.TryFind(downlink, out var counter, out var at) && (best.NotedAt is not { } known || at > known)) best = (forwarder, counter, at);
        return best.Forwarder is not null ? best : (server.Forwarders.Where(forwarder => forwarder.DownstreamNow() is not null).MaxBy(forwarder => forwarder.View.LastPull), 0, null);
    }

    private static IEnumerable<(byte Number, TxWindow Window)> Windows(LegDownlink downlink)
    {
        if (downlink.Rx1 is { } rx1) yield return (1, rx1);
        yield return (2, downlink.Rx2);
    }

    private TimeSpan Lead(TxWindow window, uint counter, long notedAt) => TimeSpan.FromMicroseconds(unchecked(window.Timestamp - counter)) - time.GetElapsedTime(notedAt);

    private async Task<TxResult?> HandOverAsync(Forwarder forwarder, IPEndPoint to, ReadOnlyMemory<byte> frame, TxWindow window, CancellationToken cancellation)
    {
        var json = new TxPacket { Frame = frame, Timestamp = window.Timestamp, Frequency = window.Frequency, DataRate = window.DataRate, Power = window.Power }.WriteJson();
        var answer = new TaskCompletionSource<TxResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var token = (ushort)Interlocked.Increment(ref _lastToken);
        var version = forwarder.Version;
        if (!_waiting.TryAdd(token, (forwarder, answer))) return TxResult.CollisionPacket;
        try
        {
            if (!server.TrySend(GwmpPacket.WritePullResp(version, token, json), to)) return TxResult.Other;
            // Version 1 says nothing more.
            return version == 1 ? TxResult.Ok : await answer.Task.WaitAsync(LongestAnswer, time, cancellation);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            _waiting.TryRemove(token, out _);
        }
    }

    private void Count(LegResult result, Forwarder forwarder)
    {
        switch (result.Result)
        {
            case TxResult.Ok:
                Interlocked.Increment(ref _sent);
                if (result.Window == 2) Interlocked.Increment(ref _second);
                forwarder.NoteSent();
                break;
            case null:
                Interlocked.Increment(ref _unanswered);
                counts.Note(AgentCodes.DownlinkUnanswered, $"gateway {forwarder.Gateway}");
                break;
            case TxResult.TooLate:
                Interlocked.Increment(ref _late);
                counts.Note(AgentCodes.DownlinkTooLate, $"gateway {forwarder.Gateway}");
                break;
            default:
                Interlocked.Increment(ref _refused);
                counts.Note(AgentCodes.DownlinkRefused, $"gateway {forwarder.Gateway}: {result.Result}");
                break;
        }
    }
}
