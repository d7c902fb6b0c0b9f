using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Turnpike.Evm.Tests;

/// <summary>Every layer of the curve against <see cref="Reference"/>, on numbers chosen to provoke carries.</summary>
public sealed class CurveArithmeticTests
{
    private static void ForNumbers(int rounds, Action<BigInteger, BigInteger> check) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(rounds),
            Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary(), seed =>
            {
                var random = new Random(seed);
                check(Reference.Number(random), Reference.Number(random));
            }));

    [Fact]
    public void Field_operations_agree_with_integers_modulo_p() => ForNumbers(5000, (a, b) =>
    {
        var (x, y) = (Reference.Field(a), Reference.Field(b));
        Assert.Equal(Reference.Mod(a + b, Reference.P), Reference.Of(x + y));
        Assert.Equal(Reference.Mod(a - b, Reference.P), Reference.Of(x - y));
        Assert.Equal(Reference.Mod(a * b, Reference.P), Reference.Of(x * y));
        Assert.Equal(Reference.Mod(a * a, Reference.P), Reference.Of(x.Square()));
        Assert.Equal(Reference.Mod(-a, Reference.P), Reference.Of(x.Negate()));
        FieldElement.Multiply(out var times, x, 21);
        Assert.Equal(Reference.Mod(21 * a, Reference.P), Reference.Of(times));
        FieldElement.Multiply(out times, x, int.MaxValue);
        Assert.Equal(Reference.Mod(a * int.MaxValue, Reference.P), Reference.Of(times));
        FieldElement.Halve(out var half, x);
        Assert.Equal(Reference.Mod(a, Reference.P), Reference.Of(half + half));
        FieldElement.Multiply(out times, x, y);
        FieldElement.Multiply(out x, x, y);
        Assert.Equal(Reference.Of(times), Reference.Of(x));
        x = Reference.Field(a);
        Assert.Equal(Reference.Mod(a, Reference.P).IsZero, x.IsZero);
        Assert.Equal(Reference.Mod(a, Reference.P) == Reference.Mod(b, Reference.P), x.ValueEquals(y));
        Assert.Equal(Reference.Mod(a, Reference.P) >= Reference.N, x.IsAtLeastOrder);
        Assert.Equal(Reference.Mod(a, Reference.P).IsEven ? 0UL : 1UL, x.OddBit);
    });

    [Fact]
    public void Field_roots_agree_with_integers_modulo_p() => ForNumbers(300, (a, b) =>
    {
        var x = Reference.Field(a);
        Assert.Equal(Reference.Invert(a, Reference.P), Reference.Of(x.Invert()));
        var hasRoot = BigInteger.ModPow(Reference.Mod(a, Reference.P), (Reference.P - 1) / 2, Reference.P) <= 1;
        Assert.Equal(hasRoot, x.TrySquareRoot(out var root));
        if (hasRoot) Assert.Equal(Reference.Mod(a, Reference.P), Reference.Of(root.Square()));
        if (Reference.Mod(a, Reference.P).IsZero || Reference.Mod(b, Reference.P).IsZero) return;
        FieldElement[] both = [x, Reference.Field(b)];
        FieldElement.InvertAll(both);
        Assert.Equal(Reference.Invert(a, Reference.P), Reference.Of(both[0]));
        Assert.Equal(Reference.Invert(b, Reference.P), Reference.Of(both[1]));
    });

    [Fact]
    public void Scalar_operations_agree_with_integers_modulo_n() => ForNumbers(5000, (a, b) =>
    {
        var (x, y) = (Scalar.Reduce(Reference.Bytes(a), out var overflowed), Scalar.Reduce(Reference.Bytes(b), out _));
        Assert.Equal(a >= Reference.N, overflowed);
        Assert.Equal(Reference.Mod(a, Reference.N), Reference.Of(x));
        Assert.Equal(Reference.Mod(a + b, Reference.N), Reference.Of(x + y));
        Assert.Equal(Reference.Mod(a - b, Reference.N), Reference.Of(x - y));
        Assert.Equal(Reference.Mod(a * b, Reference.N), Reference.Of(x * y));
        Assert.Equal(Reference.Mod(-a, Reference.N), Reference.Of(x.Negate()));
        Assert.Equal(Reference.Of(x), Reference.Mod(2 * Reference.Of(x.Halve()), Reference.N));
        Assert.Equal(Reference.Mod(a, Reference.N) > Reference.N / 2 ? 1UL : 0UL, x.IsHighBit);
    });

    [Fact]
    public void Scalar_inverse_agrees_with_integers_modulo_n() => ForNumbers(300, (a, _) =>
        Assert.Equal(Reference.Invert(a, Reference.N), Reference.Of(Reference.Scalar(a).Invert())));

    [Fact]
    public void Lambda_split_is_short_and_recombines() => ForNumbers(5000, (a, _) =>
    {
        var split = new LambdaSplit(Reference.Scalar(a));
        var lambda = BigInteger.Parse("5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72", System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture);
        var first = split.FirstNegative ? -(BigInteger)split.First : split.First;
        var second = split.SecondNegative ? -(BigInteger)split.Second : split.Second;
        Assert.Equal(Reference.Mod(a, Reference.N), Reference.Mod(first + second * lambda, Reference.N));
    });

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    public void Signed_digits_are_odd_small_sparse_and_sum_to_the_number(int width) => ForNumbers(2000, (a, _) =>
    {
        var value = (UInt128)(a & UInt128.MaxValue);
        var digits = new short[SignedDigits.Count];
        var used = SignedDigits.Recode(value, negative: true, width, digits);
        var sum = BigInteger.Zero;
        var last = -width;
        for (var i = 0; i < digits.Length; i++)
        {
            if (digits[i] == 0) continue;
            Assert.True((digits[i] & 1) == 1 && Math.Abs(digits[i]) < 1 << (width - 1) && i - last >= width && i < used);
            sum += (BigInteger)digits[i] << i;
            last = i;
        }
        Assert.Equal(-(BigInteger)value, sum);
    });

    [Fact]
    public void Generator_comb_agrees_with_repeated_addition() => ForNumbers(50, (a, _) =>
    {
        if (Reference.Mod(a, Reference.N).IsZero) return;
        Assert.Equal(Reference.Multiply(a, Reference.G), Reference.Of(GeneratorComb.Multiply(Reference.Scalar(a)).ToAffine()));
    });

    [Fact]
    public void Generator_comb_of_zero_is_infinity() => Assert.True(GeneratorComb.Multiply(Scalar.Zero).Z.IsZero);

    [Fact]
    public void Projective_addition_has_no_exceptional_case()
    {
        var g = AffinePoint.Generator;
        var point = ProjectivePoint.Infinity;
        point.Add(g);
        Assert.Equal(Reference.G, Reference.Of(point.ToAffine()));
        point.Add(g);
        Assert.Equal(Reference.Multiply(2, Reference.G), Reference.Of(point.ToAffine()));
        point.Add(g.Negate());
        point.Add(g.Negate());
        Assert.True(point.Z.IsZero);
        point.Add(g.Negate());
        Assert.Equal(Reference.Multiply(-1, Reference.G), Reference.Of(point.ToAffine()));
        point.Add(g);
        Assert.True(point.Z.IsZero);
    }

    [Fact]
    public void Public_multiplication_agrees_with_repeated_addition() => ForNumbers(40, (a, b) =>
    {
        if (!Reference.Mod(b + 12345, Reference.N).IsZero) AssertCombine(a, b, b + 12345);
    });

    [Fact]
    public void Public_multiplication_meets_every_special_case()
    {
        // Equal and opposite operands in the last steps, sums at infinity, zero on either side.
        BigInteger[] scalars = [0, 1, 2, 3, Reference.N - 1, Reference.N - 2, BigInteger.One << 128];
        foreach (var a in scalars)
            foreach (var b in scalars)
                foreach (var multiple in new BigInteger[] { 1, 2, -1 })
                    AssertCombine(a, b, multiple);
    }

    /// <summary>a * G + b * (m * G) is (a + b * m) * G.</summary>
    private static void AssertCombine(BigInteger a, BigInteger b, BigInteger m)
    {
        var expected = Reference.Multiply(a + b * m, Reference.G);
        var finite = PublicMultiply.Combine(Reference.Scalar(a), Reference.Scalar(b), Reference.Affine(Reference.Multiply(m, Reference.G))).TryToAffine(out var sum);
        Assert.Equal(expected is not null, finite);
        if (finite) Assert.Equal(expected, Reference.Of(sum));
    }
}
