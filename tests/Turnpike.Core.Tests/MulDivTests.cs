using System.Numerics;
using FsCheck.Fluent;

namespace Turnpike.Core.Tests;

public class MulDivTests
{
    [Fact]
    public void Floor_of_any_three_numbers_agrees_with_unbounded_integers() =>
        Property.Holds(Any.UInt128.Three(), x => Compare(x, ceiling: false), cases: 20_000);

    [Fact]
    public void Ceiling_of_any_three_numbers_agrees_with_unbounded_integers() =>
        Property.Holds(Any.UInt128.Three(), x => Compare(x, ceiling: true), cases: 20_000);

    // A quotient digit is overestimated only when the divisor's lower half is large against its upper half: rare at random, so it is sought here.
    [Fact]
    public void Floor_where_quotient_digits_are_overestimated_agrees_with_unbounded_integers() => Property.Holds(
        from divisor in Gen.Elements(ulong.MaxValue, 1UL, 1UL << 63, (1UL << 63) + 1).SelectMany(high => Gen.Elements(ulong.MaxValue, ulong.MaxValue - 1, 0UL, 1UL), (high, low) => new UInt128(high, low))
        from less in Gen.Choose(0, 3)
        from b in Any.UInt128
        select (divisor - (UInt128)less, b, divisor),
        x => Compare(x, ceiling: false),
        cases: 20_000);

    [Fact]
    public void Floor_up_to_a_limit_is_the_lesser_of_both_and_never_overflows() => Property.Holds(
        from x in Any.UInt128.Four()
        where x.Item4 != 0
        select x,
        x => Assert.Equal(BigInteger.Min(x.Item1, (BigInteger)x.Item2 * x.Item3 / x.Item4), (BigInteger)MulDiv.FloorUpTo(x.Item1, x.Item2, x.Item3, x.Item4)),
        cases: 20_000);

    [Fact]
    public void Division_by_zero_is_refused()
    {
        Assert.Throws<DivideByZeroException>(() => MulDiv.Floor(1, 1, 0));
        Assert.Throws<DivideByZeroException>(() => MulDiv.FloorUpTo(1, 1, 1, 0));
    }

    [Fact]
    public void Ceiling_that_rounds_past_128_bits_overflows()
    {
        // 7 * b = 2^129 - 1, so half of it is 2^128 - 1/2: the floor just fits, the ceiling does not.
        var b = (UInt128)(((BigInteger.One << 129) - 1) / 7);
        Assert.Equal(UInt128.MaxValue, MulDiv.Floor(7, b, 2));
        Assert.Throws<OverflowException>(() => MulDiv.Ceiling(7, b, 2));
    }

    private static void Compare((UInt128 A, UInt128 B, UInt128 Divisor) x, bool ceiling)
    {
        if (x.Divisor == 0) return;
        var exact = BigInteger.DivRem((BigInteger)x.A * x.B, x.Divisor, out var remainder);
        if (ceiling && !remainder.IsZero) exact += 1;
        UInt128 Actual() => ceiling ? MulDiv.Ceiling(x.A, x.B, x.Divisor) : MulDiv.Floor(x.A, x.B, x.Divisor);
        if (exact > UInt128.MaxValue) Assert.Throws<OverflowException>(() => { Actual(); });
        else Assert.Equal((UInt128)exact, Actual());
    }
}
