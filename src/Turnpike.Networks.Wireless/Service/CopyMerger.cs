using System.Collections.Concurrent;
using System.Security.Cryptography;
using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>
/// Gathers the copies of a frame that several gateways heard. The first copy opens a window; when it closes, all copies go on together. A copy that comes after
/// its window closed is late: it is handed on by itself, marked so, and sold to nobody. All copies share what becomes of the frame.
/// Copies are equal when frame, frequency and data rate are: a repetition of the device on another channel is another frame, which the counter then refuses.
/// </summary>
public sealed class CopyMerger : IDisposable
{
    private const int RememberedWindows = 4;

    private readonly TimeSpan _window;
    private readonly int _maxOpen;
    private readonly TimeProvider _time;
    private readonly Func<HeardFrame, bool, Task<bool>> _handOn;
    private readonly ConcurrentDictionary<Bytes32, Gathering> _open = new();
    private readonly Queue<(long At, Bytes32 Key, Gathering Frame)> _closing = new();
    private readonly Queue<(long At, Bytes32 Key, Gathering Frame)> _forgetting = new();
    private readonly Lock _lock = new();
    private readonly ITimer _timer;

    /// <summary>A merger.</summary>
    /// <param name="window">How long copies are waited for; 200 ms as in ChirpStack.</param>
    /// <param name="maxOpen">Frames in hand at once; beyond, a copy is refused.</param>
    /// <param name="handOn">Takes a frame with its copies, and whether they are late; false when nothing came of it and the copies are to be sent again. Never throws.</param>
    /// <param name="time">Clock and timer.</param>
    public CopyMerger(TimeSpan window, int maxOpen, Func<HeardFrame, bool, Task<bool>> handOn, TimeProvider time)
    {
        (_window, _maxOpen, _handOn, _time) = (window, maxOpen, handOn, time);
        var tick = TimeSpan.FromMilliseconds(Math.Max(1, window.TotalMilliseconds / 20));
        _timer = time.CreateTimer(_ => CloseDue(), null, tick, tick);
    }

    /// <summary>Frames that wait for copies, and those whose late copies are still known.</summary>
    public int Open => _open.Count;

    /// <summary>Takes a copy of at most 255 bytes; completes with what became of its frame. Null when too many frames are in hand.</summary>
    public Task<bool>? Add(ReadOnlyMemory<byte> frame, uint frequency, DataRate dataRate, Reception copy)
    {
        var key = KeyOf(frame.Span, frequency, dataRate);
        while (true)
        {
            if (_open.TryGetValue(key, out var open)) return open.TryAdd(copy) ? open.Decided : _handOn(new HeardFrame(frame, frequency, dataRate, [copy]), true);
            if (_open.Count >= _maxOpen) return null;
            var first = new Gathering(frame, frequency, dataRate, copy);
            if (!_open.TryAdd(key, first)) continue;
            lock (_lock) _closing.Enqueue((_time.GetTimestamp() + Ticks(_window), key, first));
            return first.Decided;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    // Twice: once to hand on, and some windows later to forget, so that a copy that is late is known to be. Two queues, as each is in the order of time.
    private void CloseDue()
    {
        var now = _time.GetTimestamp();
        while (TryTake(_closing, now, out var key, out var frame))
        {
            lock (_lock) _forgetting.Enqueue((now + RememberedWindows * Ticks(_window), key, frame));
            _ = HandOnAsync(key, frame, frame.Close());
        }
        while (TryTake(_forgetting, now, out var key, out var frame)) _open.TryRemove(KeyValuePair.Create(key, frame));
    }

    private bool TryTake(Queue<(long At, Bytes32 Key, Gathering Frame)> queue, long now, out Bytes32 key, out Gathering frame)
    {
        lock (_lock)
        {
            var isDue = queue.TryPeek(out var next) && next.At <= now;
            (_, key, frame) = isDue ? queue.Dequeue() : default;
            return isDue;
        }
    }

    private async Task HandOnAsync(Bytes32 key, Gathering frame, HeardFrame heard)
    {
        var isDecided = await _handOn(heard, false);
        // Sent again, the copies open a new window.
        if (!isDecided) _open.TryRemove(KeyValuePair.Create(key, frame));
        frame.Decide(isDecided);
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    private static Bytes32 KeyOf(ReadOnlySpan<byte> frame, uint frequency, DataRate rate)
    {
        Span<byte> input = stackalloc byte[FrameHeader.MaxFrameBytes + 16];
        Span<byte> hash = stackalloc byte[Bytes32.Length];
        frame.CopyTo(input);
        BitConverter.TryWriteBytes(input[frame.Length..], frequency);
        BitConverter.TryWriteBytes(input[(frame.Length + 4)..], rate.SpreadingFactor);
        BitConverter.TryWriteBytes(input[(frame.Length + 8)..], rate.Bandwidth + rate.BitRate);
        SHA256.HashData(input[..(frame.Length + 12)], hash);
        return new Bytes32(hash);
    }

    private sealed class Gathering(ReadOnlyMemory<byte> frame, uint frequency, DataRate rate, Reception first)
    {
        private const int MaxCopies = 64;
        private readonly List<Reception> _copies = [first];
        private readonly TaskCompletionSource<bool> _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _closed;

        public Task<bool> Decided => _decided.Task;

        public void Decide(bool isDecided) => _decided.SetResult(isDecided);

        /// <summary>False when the window is closed to the copy.</summary>
        public bool TryAdd(Reception copy)
        {
            lock (_copies)
            {
                // One a gateway: a second copy through the same gateway adds nothing but the wish to be paid twice. Its agent may only have missed the answer.
                if (_copies.Exists(other => other.Gateway == copy.Gateway)) return true;
                if (_closed || _copies.Count >= MaxCopies) return false;
                _copies.Add(copy);
                return true;
            }
        }

        public HeardFrame Close()
        {
            lock (_copies)
            {
                _closed = true;
                return new HeardFrame(frame, frequency, rate, [.. _copies.OrderByDescending(copy => copy.Snr).ThenByDescending(copy => copy.Rssi).ThenBy(copy => copy.ReceivedAt)]);
            }
        }
    }
}
