using Turnpike.Core.Geography.Physics;

namespace Turnpike.Core.Tests.Geography;

/// <summary>
/// The platform's functions are themselves good to about one unit in the last place, so a difference of up to that more than the stated bound is theirs. The bits of a few results are
/// fixed: they must be the same wherever the tests run.
/// </summary>
public class TrigonometryTests
{
    [Fact]
    public void Functions_are_within_their_stated_error()
    {
        var random = new Random(1);
        for (var i = 0; i < 200_000; i++)
        {
            var x = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-12, 3));
            if (Math.Abs(x) > 64) continue;
            var (sin, cos) = Trigonometry.SinCos(x);
            AssertUlps(Math.Sin(x), sin, 1);
            AssertUlps(Math.Cos(x), cos, 1);
            AssertUlps(Math.Tan(x), Trigonometry.Tan(x), 3);
            AssertUlps(Math.Atan(x), Trigonometry.Atan(x), 1);
            var y = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-12, 3));
            AssertUlps(Math.Atan2(y, x), Trigonometry.Atan2(y, x), 2);
            var unit = random.NextDouble() * 2 - 1;
            AssertUlps(Math.Asin(unit), Trigonometry.Asin(unit), 3);
            AssertUlps(Math.Acos(unit), Trigonometry.Acos(unit), 3);
        }
    }

    [Theory]
    [InlineData(0.0, 1.0, 0.0)]
    [InlineData(0.0, -1.0, Math.PI)]
    [InlineData(0.0, 0.0, 0.0)]
    [InlineData(1.0, 0.0, Math.PI / 2)]
    [InlineData(-1.0, 0.0, -Math.PI / 2)]
    [InlineData(1.0, 1.0, Math.PI / 4)]
    [InlineData(-1.0, -1.0, -3 * Math.PI / 4)]
    [InlineData(1e300, 1e-300, Math.PI / 2)]
    public void Directions_of_the_axes_are_exact(double y, double x, double angle) => Assert.Equal(angle, Trigonometry.Atan2(y, x));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(65.0)]
    public void Angles_out_of_range_are_refused(double angle) => Assert.Throws<ArgumentOutOfRangeException>(() => Trigonometry.SinCos(angle));

    // The sums of bits over ten thousand arguments: one differing bit anywhere changes them.
    [Fact]
    public void Bits_are_the_same_on_every_machine()
    {
        ulong sines = 0, cosines = 0, arctangents = 0;
        for (var i = -5000; i < 5000; i++)
        {
            var (sin, cos) = Trigonometry.SinCos(i / 801.0);
            sines = sines * 31 + BitConverter.DoubleToUInt64Bits(sin);
            cosines = cosines * 31 + BitConverter.DoubleToUInt64Bits(cos);
            arctangents = arctangents * 31 + BitConverter.DoubleToUInt64Bits(Trigonometry.Atan2(i / 801.0, (i % 97) / 7.0));
        }
        Assert.Equal("624d65376ea411f8 45fdfaf06184b762 4cda2ac764412e22", FormattableString.Invariant($"{sines:x} {cosines:x} {arctangents:x}"));
    }

    private static void AssertUlps(double expected, double actual, int most)
    {
        var unit = Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected);
        if (!(Math.Abs(actual - expected) <= most * unit)) Assert.Fail($"{actual:R} is more than {most} units off {expected:R}");
    }
}
