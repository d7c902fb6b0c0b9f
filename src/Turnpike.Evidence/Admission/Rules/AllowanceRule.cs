namespace Turnpike.Evidence;

/// <summary>
/// A device out of allowance waits. Looked at before the signature, to save the work; taken only after it (<see cref="SpendAllowanceRule"/>), or strangers could
/// use up a device's allowance with forgeries.
/// </summary>
public sealed class AllowanceRule(DeviceAllowances allowances) : IDeviceRule
{
    /// <inheritdoc/>
    public AdmissionCode Check(in ArrivingPiece piece, DeviceKey device) => allowances.Has(device.Id) ? AdmissionCode.Admitted : AdmissionCode.RateLimited;
}

/// <summary>Takes one piece from the allowance of the device that signed it.</summary>
public sealed class SpendAllowanceRule(DeviceAllowances allowances) : IDeviceRule
{
    /// <inheritdoc/>
    public AdmissionCode Check(in ArrivingPiece piece, DeviceKey device) => allowances.TrySpend(device.Id) ? AdmissionCode.Admitted : AdmissionCode.RateLimited;
}
