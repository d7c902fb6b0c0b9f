using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>Token buckets by device: <paramref name="burst"/> pieces at once, refilled at <paramref name="piecesPerSecond"/>. Bounded; a forgotten device starts full. Thread-safe.</summary>
public sealed class DeviceAllowances(double piecesPerSecond, int burst, int capacity, TimeProvider time)
{
    private readonly Generations<DeviceId, Bucket> _buckets = new(capacity);

    /// <summary>How many devices it remembers.</summary>
    public int Count => _buckets.Count;

    /// <summary>Whether the device may send a piece now; takes nothing.</summary>
    public bool Has(DeviceId device) => !_buckets.TryGet(device, out var bucket) || Refilled(bucket).Pieces >= 1;

    /// <summary>Takes one piece from the device's allowance; false when there is none left.</summary>
    public bool TrySpend(DeviceId device) => _buckets.Change(device, this, static (known, bucket, self) =>
    {
        var full = self.Refilled(known ? bucket : null);
        return full.Pieces >= 1 ? (full with { Pieces = full.Pieces - 1 }, true) : (full, false);
    });

    private Bucket Refilled(Bucket? bucket)
    {
        var now = time.GetTimestamp();
        if (bucket is not { } past) return new Bucket(burst, now);
        var seconds = Math.Max(0, time.GetElapsedTime(past.At, now).TotalSeconds);
        return new Bucket(Math.Min(burst, past.Pieces + seconds * piecesPerSecond), now);
    }

    private readonly record struct Bucket(double Pieces, long At);
}
