namespace Turnpike.Core;

/// <summary>
/// Which epoch a moment belongs to. Epoch n covers [start + (n-1) * length, start + n * length), in UTC, the same arithmetic as the contracts'.
/// It reads no clock: the moment is the caller's.
/// </summary>
public sealed class EpochClock
{
    private const long MillisecondsPerSecond = 1_000;

    /// <summary>A clock whose first epoch begins at <paramref name="startUnixSeconds"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative start, or a length that is not positive.</exception>
    public EpochClock(long startUnixSeconds, long lengthSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(startUnixSeconds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lengthSeconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(startUnixSeconds, long.MaxValue / MillisecondsPerSecond);
        StartUnixSeconds = startUnixSeconds;
        LengthSeconds = lengthSeconds;
    }

    /// <summary>Begin of epoch 1, unix seconds.</summary>
    public long StartUnixSeconds { get; }

    /// <summary>Seconds of each epoch.</summary>
    public long LengthSeconds { get; }

    /// <summary>The epoch of a moment in unix milliseconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Before the first epoch.</exception>
    public EpochNumber At(long unixMilliseconds) =>
        TryAt(unixMilliseconds, out var epoch) ? epoch : throw new ArgumentOutOfRangeException(nameof(unixMilliseconds), "The moment is before the first epoch.");

    /// <summary>The epoch of a moment in unix milliseconds; false before the first.</summary>
    public bool TryAt(long unixMilliseconds, out EpochNumber epoch)
    {
        var start = StartUnixSeconds * MillisecondsPerSecond;
        var ok = unixMilliseconds >= start;
        epoch = ok ? new EpochNumber((ulong)((unixMilliseconds - start) / MillisecondsPerSecond / LengthSeconds) + 1) : default;
        return ok;
    }

    /// <summary>The epoch's first moment, unix milliseconds.</summary>
    /// <exception cref="OverflowException">Beyond the range of unix milliseconds.</exception>
    public long StartOf(EpochNumber epoch) => checked(StartSecondsOf(epoch) * MillisecondsPerSecond);

    /// <summary>The first moment after the epoch, unix milliseconds.</summary>
    /// <exception cref="OverflowException">Beyond the range of unix milliseconds.</exception>
    public long EndOf(EpochNumber epoch) => checked(EndSecondsOf(epoch) * MillisecondsPerSecond);

    /// <summary>The epoch's first moment, unix seconds as in block timestamps.</summary>
    /// <exception cref="OverflowException">Beyond the range of unix seconds.</exception>
    public long StartSecondsOf(EpochNumber epoch) => EndSecondsOf(epoch) - LengthSeconds;

    /// <summary>The first moment after the epoch, unix seconds as in block timestamps.</summary>
    /// <exception cref="ArgumentException">No epoch.</exception>
    /// <exception cref="OverflowException">Beyond the range of unix seconds.</exception>
    public long EndSecondsOf(EpochNumber epoch)
    {
        if (epoch.IsNone) throw new ArgumentException("The first epoch is 1.", nameof(epoch));
        return checked((long)((ulong)StartUnixSeconds + (UInt128)epoch.Value * (ulong)LengthSeconds));
    }
}
