namespace Turnpike.Evidence;

/// <summary>A group of records that one fsync made durable.</summary>
/// <param name="Records">How many.</param>
/// <param name="Bytes">Their frames' length.</param>
/// <param name="Write">Time until the system had the bytes.</param>
/// <param name="Sync">Time until the disk had them.</param>
public readonly record struct DurableGroup(int Records, int Bytes, TimeSpan Write, TimeSpan Sync);
