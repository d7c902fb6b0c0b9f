using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>What the door decided.</summary>
/// <param name="Code">Admitted, or the first rule broken.</param>
/// <param name="Identity">The piece's identity; of bytes that do not decode, their SHA-256.</param>
/// <param name="Envelope">The piece, if it decodes.</param>
/// <param name="Device">The registered device it names, if the rules came that far.</param>
public sealed record AdmissionResult(AdmissionCode Code, Bytes32 Identity, EvidenceEnvelope? Envelope, DeviceKey? Device)
{
    /// <summary>Whether it may be stored.</summary>
    public bool IsAdmitted => Code == AdmissionCode.Admitted;
}
