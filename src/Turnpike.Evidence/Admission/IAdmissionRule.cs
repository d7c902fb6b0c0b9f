using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>A decoded piece at the door, before its device was looked up.</summary>
public readonly record struct ArrivingPiece
{
    /// <summary>The piece.</summary>
    public required EvidenceEnvelope Envelope { get; init; }

    /// <summary>Its identity on this network.</summary>
    public required Bytes32 Identity { get; init; }

    /// <summary>When it was received, UTC unix milliseconds.</summary>
    public required long ReceivedAt { get; init; }
}

/// <summary>One rule on what a piece says. Thread-safe.</summary>
public interface IPieceRule
{
    /// <summary><see cref="AdmissionCode.Admitted"/>, or the code of the refusal.</summary>
    AdmissionCode Check(in ArrivingPiece piece);
}

/// <summary>One rule on a piece and the registered device it names. Thread-safe.</summary>
public interface IDeviceRule
{
    /// <summary><see cref="AdmissionCode.Admitted"/>, or the code of the refusal.</summary>
    AdmissionCode Check(in ArrivingPiece piece, DeviceKey device);
}
