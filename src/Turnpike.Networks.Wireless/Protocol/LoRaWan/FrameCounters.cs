namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>Recovers a 32-bit frame counter from the 16 bits on the air.</summary>
public static class FrameCounters
{
    /// <summary>
    /// The counter of an uplink. The one before the next expected is a repetition of the last frame; any other lies at or above the expected one, at most 65,535 ahead.
    /// Whether it really is that one, only the integrity code tells.
    /// </summary>
    /// <param name="next">The counter expected next: one more than the last accepted, 0 for none.</param>
    /// <param name="received">The 16 bits on the air.</param>
    /// <param name="counter">The whole counter.</param>
    /// <returns>False when the counter would run over 32 bits.</returns>
    public static bool TryExtend(uint next, ushort received, out uint counter)
    {
        counter = 0;
        if (next > 0 && (ushort)(next - 1) == received)
        {
            counter = next - 1;
            return true;
        }
        var ahead = (ushort)(received - (ushort)next);
        if (next > uint.MaxValue - ahead) return false;
        counter = next + ahead;
        return true;
    }
}
