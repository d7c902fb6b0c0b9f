namespace Turnpike.Evidence;

/// <summary>A piece stored a short while ago is not stored again. Before the signature: repeating what is public already costs nobody a verification.</summary>
public sealed class RepetitionRule(RecentPieces recent) : IDeviceRule
{
    /// <inheritdoc/>
    public AdmissionCode Check(in ArrivingPiece piece, DeviceKey device) => recent.TryGet(piece.Identity, out _) ? AdmissionCode.Duplicate : AdmissionCode.Admitted;
}
