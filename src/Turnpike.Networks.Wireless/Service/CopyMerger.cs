using System.Collections.Concurrent;
using System.Security.Cryptography;
using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>
/// Gathers the copies of a frame that several gateways heard. The first copy opens a window; when it closes, all copies go on together. A copy that comes after
/// its window closed is late: it is handed on by itself, marked so, and sold to nobody.
/// Copies are equal when frame, frequency and data rate are: a repetition of the device on another channel is another frame, which the counter then refuses.
/// </summary>
public sealed class CopyMerger : IDisposable
{
    private readonly TimeSpan _window;
    private readonly int _maxOpen;
    private readonly TimeProvider _time;
    private readonly Func<HeardFrame, bool, Task> _handOn;
    private readonly ConcurrentDictionary<Bytes32, Open> _open = new();
    private readonly Queue<(long ClosesAt, Bytes32 Key)> _closing = new();
    private readonly Lock _lock = new();
    private readonly ITimer _timer;

    /// <summary>A merger.</summary>
    /// <param name="window">How long copies are waited for; 200 ms as in ChirpStack.</param>
    /// <param name="maxOpen">Frames in hand at once; beyond, a copy is refused.</param>
    /// <param name="handOn">Takes a frame with its copies, and whether they are late.</param>
    /// <param name="time">Clock and timer.</param>
    public CopyMerger(TimeSpan window, int maxOpen, Func<HeardFrame, bool, Task> handOn, TimeProvider time)
    {
        (_window, _maxOpen, _handOn, _time) = (window, maxOpen, handOn, time);
        var tick = TimeSpan.FromMilliseconds(Math.Max(1, window.TotalMilliseconds / 20));
        _timer = time.CreateTimer(_ => CloseDue(), null, tick, tick);
    }

    /// <summary>Takes a copy; false when too many frames are in hand.</summary>
    public bool TryAdd(ReadOnlyMemory<byte> frame, uint frequency, DataRate dataRate, Reception copy)
    {
        var key = KeyOf(frame.Span, frequency, dataRate);
        while (true)
        {
            if (_open.TryGetValue(key, out var open))
            {
                if (open.TryAdd(copy, out var late)) return true;
                if (late) return HandOnLate(frame, frequency, dataRate, copy);
                continue;
            }
            if (_open.Count >= _maxOpen) return false;
            var first = new Open(frame, frequency, dataRate, copy);
            if (!_open.TryAdd(key, first)) continue;
            lock (_lock) _closing.Enqueue((_time.GetTimestamp() + Ticks(_window), key));
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private bool HandOnLate(ReadOnlyMemory<byte> frame, uint frequency, DataRate dataRate, Reception copy)
    {
        _ = _handOn(new HeardFrame(frame, frequency, dataRate, [copy]), true);
        return true;
    }

    // Twice: once to hand on, and a window later to forget, so that a copy that is late is known to be.
    private void CloseDue()
    {
        var now = _time.GetTimestamp();
        while (true)
        {
            Bytes32 key;
            lock (_lock)
            {
                if (!_closing.TryPeek(out var next) || next.ClosesAt > now) return;
                key = _closing.Dequeue().Key;
            }
            if (!_open.TryGetValue(key, out var open)) continue;
            if (open.TryClose(out var heard))
            {
                lock (_lock) _closing.Enqueue((now + 4 * Ticks(_window), key));
                _ = _handOn(heard, false);
            }
            else _open.TryRemove(key, out _);
        }
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

    private sealed class Open(ReadOnlyMemory<byte> frame, uint frequency, DataRate rate, Reception first)
    {
        private const int MaxCopies = 64;
        private readonly List<Reception> _copies = [first];
        private bool _closed;

        public bool TryAdd(Reception copy, out bool late)
        {
            lock (_copies)
            {
                late = _closed;
                if (_closed) return false;
                // One a gateway: a second copy through the same gateway adds nothing but the wish to be paid twice.
                if (_copies.Count < MaxCopies && _copies.TrueForAll(other => other.Gateway != copy.Gateway)) _copies.Add(copy);
                return true;
            }
        }

        public bool TryClose(out HeardFrame heard)
        {
            lock (_copies)
            {
                heard = null!;
                if (_closed) return false;
                _closed = true;
                heard = new HeardFrame(frame, frequency, rate, [.. _copies.OrderByDescending(copy => copy.Snr).ThenByDescending(copy => copy.Rssi).ThenBy(copy => copy.ReceivedAt)]);
                return true;
            }
        }
    }
}
