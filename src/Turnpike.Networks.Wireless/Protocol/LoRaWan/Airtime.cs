namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>
/// How long a frame is on the air (Semtech AN1200.13 for LoRa; preamble 8, code rate 4/5, explicit header). Exact in quarter symbols, then rounded up to a microsecond.
/// </summary>
public static class Airtime
{
    private const int PreambleSymbols = 8;

    // n + 4.25 symbols.
    private const int PreambleQuarters = 4 * PreambleSymbols + 17;

    // Preamble 5, synchronisation 3, length 1, check 2 bytes.
    private const int FskOverheadBytes = 11;

    /// <summary>Microseconds on the air.</summary>
    /// <param name="rate">Data rate.</param>
    /// <param name="frameBytes">The whole frame, 0 to 255 bytes.</param>
    /// <param name="hasCrc">Uplinks carry a payload CRC, downlinks none.</param>
    public static long Microseconds(DataRate rate, int frameBytes, bool hasCrc = true)
    {
        if (frameBytes is < 0 or > FrameHeader.MaxFrameBytes) throw new ArgumentOutOfRangeException(nameof(frameBytes), frameBytes, $"0 to {FrameHeader.MaxFrameBytes} bytes.");
        if (!rate.IsLoRa) return CeilingOf((FskOverheadBytes + (long)frameBytes) * 8 * 1_000_000, rate.BitRate);
        var quarters = PreambleQuarters + 4L * PayloadSymbols(rate, frameBytes, hasCrc);
        return CeilingOf(quarters * (1L << rate.SpreadingFactor) * 1_000_000, 4L * rate.Bandwidth);
    }

    /// <summary>Symbols after the preamble.</summary>
    public static int PayloadSymbols(DataRate rate, int frameBytes, bool hasCrc = true)
    {
        var factor = rate.SpreadingFactor;
        // Low data rate optimisation where a symbol lasts longer than 16 ms.
        var optimised = (1L << factor) * 1000 > 16L * rate.Bandwidth ? 1 : 0;
        var bits = 8 * frameBytes - 4 * factor + 28 + (hasCrc ? 16 : 0);
        return 8 + (bits <= 0 ? 0 : (int)CeilingOf(bits, 4 * (factor - 2 * optimised)) * 5);
    }

    private static long CeilingOf(long value, long divisor) => (value + divisor - 1) / divisor;
}
