namespace Turnpike.Evidence;

/// <summary>The device's clock must be plausible beside the time of receipt, which alone counts.</summary>
public sealed class ClockRule(TimeSpan futureTolerance, TimeSpan maximumAge) : IPieceRule
{
    private readonly long _future = (long)futureTolerance.TotalMilliseconds;
    private readonly long _age = (long)maximumAge.TotalMilliseconds;

    /// <inheritdoc/>
    public AdmissionCode Check(in ArrivingPiece piece)
    {
        // Both times are non-negative, so the difference cannot overflow.
        var ahead = piece.Envelope.Content.UnixMilliseconds - piece.ReceivedAt;
        if (ahead > _future) return AdmissionCode.FromFuture;
        return -ahead > _age ? AdmissionCode.TooOld : AdmissionCode.Admitted;
    }
}
