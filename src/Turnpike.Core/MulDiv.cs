using System.Numerics;

namespace Turnpike.Core;

/// <summary>
/// a * b / divisor without losing a bit: the product has 256 bits, the rounding is in the name. Every share, price and ratio of the rules goes through here.
/// Safe for any number of threads; allocates nothing.
/// </summary>
public static class MulDiv
{
    /// <summary>The largest integer not above a * b / divisor.</summary>
    /// <exception cref="OverflowException">The quotient needs more than 128 bits.</exception>
    /// <exception cref="DivideByZeroException">The divisor is zero.</exception>
    public static UInt128 Floor(UInt128 a, UInt128 b, UInt128 divisor) => Divide(a, b, divisor).Quotient;

    /// <summary>The largest integer not above a * b / divisor, or <paramref name="limit"/> if that is less: no quotient is too large.</summary>
    /// <exception cref="DivideByZeroException">The divisor is zero.</exception>
    public static UInt128 FloorUpTo(UInt128 limit, UInt128 a, UInt128 b, UInt128 divisor)
    {
        var overflows = divisor != UInt128.Zero && Multiply(a, b, out _) >= divisor;
        return overflows ? limit : UInt128.Min(limit, Floor(a, b, divisor));
    }

    /// <summary>The smallest integer not below a * b / divisor.</summary>
    /// <exception cref="OverflowException">The quotient needs more than 128 bits.</exception>
    /// <exception cref="DivideByZeroException">The divisor is zero.</exception>
    public static UInt128 Ceiling(UInt128 a, UInt128 b, UInt128 divisor)
    {
        var (quotient, remainder) = Divide(a, b, divisor);
        return remainder == UInt128.Zero ? quotient : checked(quotient + UInt128.One);
    }

    private static (UInt128 Quotient, UInt128 Remainder) Divide(UInt128 a, UInt128 b, UInt128 divisor)
    {
        if (divisor == UInt128.Zero) throw new DivideByZeroException("A share of nothing: the divisor is zero.");
        var high = Multiply(a, b, out var low);
        if (high == UInt128.Zero) return UInt128.DivRem(low, divisor);
        if (high >= divisor) throw new OverflowException("The quotient needs more than 128 bits.");
        return Divide256(high, low, divisor);
    }

    private static UInt128 Multiply(UInt128 a, UInt128 b, out UInt128 low)
    {
        ulong a1 = Upper(a), a0 = Lower(a), b1 = Upper(b), b0 = Lower(b);
        var low0 = Product(a0, b0);
        if ((a1 | b1) == 0)
        {
            low = low0;
            return UInt128.Zero;
        }
        UInt128 cross1 = Product(a1, b0), cross2 = Product(a0, b1);
        // Three 64-bit terms: below 2^66, so no overflow.
        var middle = (UInt128)Upper(low0) + Lower(cross1) + Lower(cross2);
        low = new UInt128(Lower(middle), Lower(low0));
        return Product(a1, b1) + Upper(cross1) + Upper(cross2) + Upper(middle);
    }

    // Knuth, The Art of Computer Programming 4.3.1, algorithm D, with two 64-bit quotient digits. Requires high < divisor, hence divisor >= 2.
    private static (UInt128 Quotient, UInt128 Remainder) Divide256(UInt128 high, UInt128 low, UInt128 divisor)
    {
        if (Upper(divisor) == 0) return Divide192(Lower(high), low, Lower(divisor));
        var shift = BitOperations.LeadingZeroCount(Upper(divisor));
        divisor <<= shift;
        if (shift > 0)
        {
            high = (high << shift) | (low >> (128 - shift));
            low <<= shift;
        }
        var first = Digit(high, Upper(low), divisor, out var remainder);
        var second = Digit(remainder, Lower(low), divisor, out remainder);
        return (new UInt128(first, second), remainder >> shift);
    }

    private static (UInt128 Quotient, UInt128 Remainder) Divide192(ulong high, UInt128 low, ulong divisor)
    {
        var (first, rest) = UInt128.DivRem(new UInt128(high, Upper(low)), divisor);
        var (second, remainder) = UInt128.DivRem(new UInt128(Lower(rest), Lower(low)), divisor);
        return (new UInt128(Lower(first), Lower(second)), remainder);
    }

    // (high * 2^64 + next) / divisor, where high < divisor and the divisor's top bit is set.
    private static ulong Digit(UInt128 high, ulong next, UInt128 divisor, out UInt128 remainder)
    {
        ulong d1 = Upper(divisor), d0 = Lower(divisor);
        var (estimate, rest) = Upper(high) >= d1
            ? (ulong.MaxValue, high - (UInt128)d1 * ulong.MaxValue)
            : UInt128.DivRem(high, d1);
        // The estimate is at most two too high; the test with the second divisor digit finds it while rest still fits one digit.
        while (Upper(rest) == 0 && Product(Lower(estimate), d0) > new UInt128(Lower(rest), next))
        {
            estimate--;
            rest += d1;
        }
        remainder = unchecked(new UInt128(Lower(high), next) - estimate * divisor);
        return Lower(estimate);
    }

    private static UInt128 Product(ulong a, ulong b)
    {
        var upper = Math.BigMul(a, b, out var lower);
        return new UInt128(upper, lower);
    }

    private static ulong Upper(UInt128 value) => (ulong)(value >> 64);

    private static ulong Lower(UInt128 value) => unchecked((ulong)value);
}
