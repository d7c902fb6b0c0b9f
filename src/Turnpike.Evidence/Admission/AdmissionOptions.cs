namespace Turnpike.Evidence;

/// <summary>What a gateway's door tolerates.</summary>
public sealed class AdmissionOptions
{
    /// <summary>The most bytes of one piece. Default and maximum 64 KiB.</summary>
    public int MaximumBytes { get; init; } = EnvelopeCodec.MaximumBytes;

    /// <summary>How far a device's clock may be ahead. Default five minutes.</summary>
    public TimeSpan FutureTolerance { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How old a piece may be by its device's clock; two epochs of the network, because replay is remembered no longer. Default two days.</summary>
    public TimeSpan MaximumAge { get; init; } = TimeSpan.FromDays(2);

    /// <summary>Pieces a second that one device may send over time. Default 1.</summary>
    public double PiecesPerSecond { get; init; } = 1;

    /// <summary>Pieces a device may send at once after a silence. Default 60.</summary>
    public int Burst { get; init; } = 60;

    /// <summary>How many stored pieces are remembered to answer their repetition. Default 500,000, about 96 MiB.</summary>
    public int RememberedPieces { get; init; } = 500_000;

    /// <summary>How many devices' allowances are remembered; one forgotten starts with a full burst. Default 200,000, about 24 MiB.</summary>
    public int RememberedDevices { get; init; } = 200_000;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaximumBytes, EnvelopeCodec.MaximumBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(FutureTolerance, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaximumAge, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PiecesPerSecond);
        ArgumentOutOfRangeException.ThrowIfLessThan(Burst, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RememberedPieces, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(RememberedDevices, 2);
    }
}
