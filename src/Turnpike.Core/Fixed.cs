namespace Turnpike.Core;

/// <summary>
/// The door through which wire floats (SNR and RSSI from radios, mostly) enter the rules: the only place of Core where a double may appear, and as input only.
/// </summary>
public static class Fixed
{
    /// <summary>Most decimals that can be asked for.</summary>
    public const int MaxDecimals = 9;

    private const int MantissaBits = 52;
    private const int InfinityExponent = 0x7ff;

    /// <summary>
    /// value * 10^<paramref name="decimals"/> rounded to the nearest integer, half away from zero, in integer arithmetic on the exact binary value: the same on
    /// every processor. So -24.200000762939453 (a float's -24.2) gives -242 tenths; 0.25 gives 3 tenths; 0.15, which in binary lies below 0.15, gives 1.
    /// False for NaN, for infinities and when the result is outside ±(2^63 - 1).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Decimals below 0 or above <see cref="MaxDecimals"/>.</exception>
    public static bool TryScale(double value, int decimals, out long scaled)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(decimals);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decimals, MaxDecimals);
        scaled = 0;
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> MantissaBits) & InfinityExponent;
        if (exponent == InfinityExponent) return false;
        var mantissa = bits & ((1L << MantissaBits) - 1);
        if (exponent == 0) exponent = 1;
        else mantissa |= 1L << MantissaBits;

        // |value| = mantissa * 2^power, mantissa below 2^53; with 10^9 the product stays below 2^83.
        var power = exponent - 1023 - MantissaBits;
        var product = (UInt128)(ulong)mantissa;
        for (var i = 0; i < decimals; i++) product *= 10;
        if (power > 63 - MantissaBits) return false;
        var magnitude = power >= 0 ? product << power : RoundedShift(product, -power);
        if (magnitude > (UInt128)long.MaxValue) return false;
        scaled = bits < 0 ? -(long)magnitude : (long)magnitude;
        return true;
    }

    private static UInt128 RoundedShift(UInt128 product, int shift) =>
        shift > 84 ? UInt128.Zero : (product + (UInt128.One << (shift - 1))) >> shift;
}
