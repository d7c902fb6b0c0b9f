namespace Turnpike.Evidence;

/// <summary>What became of an append: <see cref="AdmissionCode.Admitted"/> once durable, else <see cref="AdmissionCode.LogUnavailable"/> and nothing is kept.</summary>
/// <param name="Code">Which.</param>
/// <param name="Segment">The number of the segment that holds the record.</param>
/// <param name="Offset">The record's first byte in the segment.</param>
public readonly record struct AppendOutcome(AdmissionCode Code, ulong Segment, int Offset)
{
    /// <summary>Whether the record survives power loss from now on.</summary>
    public bool IsDurable => Code == AdmissionCode.Admitted;

    internal static AppendOutcome Unavailable => new(AdmissionCode.LogUnavailable, 0, 0);
}
