namespace Turnpike.Evidence;

/// <summary>The device must not be suspended.</summary>
public sealed class StatusRule : IDeviceRule
{
    /// <inheritdoc/>
    public AdmissionCode Check(in ArrivingPiece piece, DeviceKey device) => device.Status == DeviceStatus.Active ? AdmissionCode.Admitted : AdmissionCode.SuspendedDevice;
}
