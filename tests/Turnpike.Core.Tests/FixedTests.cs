using System.Numerics;
using FsCheck.Fluent;

namespace Turnpike.Core.Tests;

public class FixedTests
{
    [Theory]
    [InlineData(-24.200000762939453, 1, -242)]
    [InlineData(9.800000190734863, 1, 98)]
    [InlineData(-119.0, 1, -1190)]
    [InlineData(0.25, 1, 3)]
    [InlineData(-0.25, 1, -3)]
    [InlineData(0.15, 1, 1)]
    [InlineData(0.05, 1, 1)]
    [InlineData(0.5, 0, 1)]
    [InlineData(-0.5, 0, -1)]
    [InlineData(0.49999999999999994, 0, 0)]
    [InlineData(-0.0, 3, 0)]
    [InlineData(double.Epsilon, 9, 0)]
    [InlineData(867.9000244140625, 6, 867900024)]
    [InlineData(9223372036854774784.0, 0, 9223372036854774784)]
    [InlineData(-9223372036854774784.0, 0, -9223372036854774784)]
    public void Scaling_rounds_the_exact_binary_value_half_away_from_zero(double value, int decimals, long expected)
    {
        Assert.True(Fixed.TryScale(value, decimals, out var scaled));
        Assert.Equal(expected, scaled);
    }

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(double.PositiveInfinity, 0)]
    [InlineData(double.NegativeInfinity, 9)]
    [InlineData(9223372036854775808.0, 0)]
    [InlineData(-9223372036854775808.0, 0)]
    [InlineData(9223372036854775.0, 9)]
    [InlineData(double.MaxValue, 1)]
    [InlineData(1532495540865888858358347027150309183618739122183602176.0, 0)] // 2^180: a shift of 128 positions would bring it back into range
    public void What_has_no_integer_is_refused(double value, int decimals) => Assert.False(Fixed.TryScale(value, decimals, out _));

    [Fact]
    public void Decimals_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Fixed.TryScale(1, -1, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fixed.TryScale(1, 10, out _));
    }

    [Fact]
    public void Scaling_of_any_bit_pattern_agrees_with_exact_rationals() => Property.Holds(
        from bytes in Any.Byte.ArrayOf(8)
        from nearOne in Gen.Elements(true, true, true, false)
        from exponent in Gen.Choose(1023 - 90, 1023 + 70)
        from decimals in Gen.Choose(0, 9)
        let bits = BitConverter.ToInt64(bytes)
        select (BitConverter.Int64BitsToDouble(nearOne ? (bits & ~(0x7ffL << 52)) | ((long)exponent << 52) : bits), decimals),
        x => Compare(x.Item1, x.decimals),
        cases: 5_000);

    private static void Compare(double value, int decimals)
    {
        var ok = Fixed.TryScale(value, decimals, out var scaled);
        if (!double.IsFinite(value))
        {
            Assert.False(ok);
            return;
        }
        var (numerator, denominator) = Rational(Math.Abs(value));
        // Half up of a non-negative n/d is floor((2n + d) / 2d).
        var exact = (2 * numerator * BigInteger.Pow(10, decimals) + denominator) / (2 * denominator);
        Assert.Equal(exact <= long.MaxValue, ok);
        if (ok) Assert.Equal(value < 0 ? -exact : exact, scaled);
    }

    private static (BigInteger Numerator, BigInteger Denominator) Rational(double value)
    {
        // Doubling is exact until the value is an integer; 1,100 steps cover the smallest subnormal.
        var denominator = BigInteger.One;
        for (; value != Math.Floor(value); value *= 2) denominator *= 2;
        return (new BigInteger(value), denominator);
    }
}
