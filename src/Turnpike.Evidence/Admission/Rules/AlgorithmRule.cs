namespace Turnpike.Evidence;

/// <summary>The piece must be signed with the algorithm of the registered key.</summary>
public sealed class AlgorithmRule : IDeviceRule
{
    /// <inheritdoc/>
    public AdmissionCode Check(in ArrivingPiece piece, DeviceKey device) => piece.Envelope.Algorithm == device.Algorithm ? AdmissionCode.Admitted : AdmissionCode.WrongAlgorithm;
}
