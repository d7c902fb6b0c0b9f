namespace Turnpike.Evidence;

/// <summary>The device must have signed this very content for this very network. The one rule that costs more than a microsecond.</summary>
public sealed class SignatureRule(EnvelopeVerifier verifier) : IDeviceRule
{
    /// <inheritdoc/>
    public AdmissionCode Check(in ArrivingPiece piece, DeviceKey device) =>
        verifier.Verify(piece.Envelope, piece.Identity, device) ? AdmissionCode.Admitted : AdmissionCode.BadSignature;
}
