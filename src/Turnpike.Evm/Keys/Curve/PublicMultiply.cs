namespace Turnpike.Evm;

/// <summary>a * G + b * P for public scalars (verification and recovery): four interleaved signed-digit streams after a lambda split. Variable time.</summary>
internal static class PublicMultiply
{
    private const int GeneratorWidth = 10;
    private const int PointWidth = 5;
    private const int PointEntries = 1 << (PointWidth - 2);

    private static readonly AffinePoint[] Generator = BuildGenerator();
    private static readonly AffinePoint[] GeneratorLambda = Array.ConvertAll(Generator, ByLambda);

    public static JacobianPoint Combine(in Scalar a, in Scalar b, in AffinePoint point)
    {
        Span<AffinePoint> multiples = stackalloc AffinePoint[PointEntries];
        Span<AffinePoint> lambdaMultiples = stackalloc AffinePoint[PointEntries];
        OddMultiples.Fill(point, multiples);
        for (var i = 0; i < PointEntries; i++) lambdaMultiples[i] = ByLambda(multiples[i]);

        Span<short> digits = stackalloc short[4 * SignedDigits.Count];
        digits.Clear();
        var g1 = digits[..SignedDigits.Count];
        var g2 = digits.Slice(SignedDigits.Count, SignedDigits.Count);
        var p1 = digits.Slice(2 * SignedDigits.Count, SignedDigits.Count);
        var p2 = digits.Slice(3 * SignedDigits.Count, SignedDigits.Count);
        var length = Math.Max(Recode(a, GeneratorWidth, g1, g2), Recode(b, PointWidth, p1, p2));

        var sum = JacobianPoint.Infinity;
        for (var i = length - 1; i >= 0; i--)
        {
            sum.Double();
            if (g1[i] != 0) AddDigit(ref sum, Generator, g1[i]);
            if (g2[i] != 0) AddDigit(ref sum, GeneratorLambda, g2[i]);
            if (p1[i] != 0) AddDigit(ref sum, multiples, p1[i]);
            if (p2[i] != 0) AddDigit(ref sum, lambdaMultiples, p2[i]);
        }
        return sum;
    }

    private static int Recode(in Scalar scalar, int width, Span<short> first, Span<short> second)
    {
        var split = new LambdaSplit(scalar);
        return Math.Max(
            SignedDigits.Recode(split.First, split.FirstNegative, width, first),
            SignedDigits.Recode(split.Second, split.SecondNegative, width, second));
    }

    private static void AddDigit(ref JacobianPoint sum, ReadOnlySpan<AffinePoint> table, int digit)
    {
        if (digit > 0) sum.Add(table[digit >> 1]);
        else sum.Add(table[-digit >> 1].Negate());
    }

    private static AffinePoint[] BuildGenerator()
    {
        var table = new AffinePoint[1 << (GeneratorWidth - 2)];
        OddMultiples.Fill(AffinePoint.Generator, table);
        return table;
    }

    private static AffinePoint ByLambda(AffinePoint point) => new((point.X * LambdaSplit.Beta).Normalize(), point.Y);
}
