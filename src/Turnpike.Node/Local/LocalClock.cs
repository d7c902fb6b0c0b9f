namespace Turnpike.Node.Local;

/// <summary>
/// The time of a local network: the wall clock, shifted so that it goes on where the chain stopped. A network that sleeps while its machine is off has
/// no thousands of missed epochs to settle when it wakes.
/// </summary>
public sealed class LocalClock(TimeSpan shift) : TimeProvider
{
    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + shift;
}
