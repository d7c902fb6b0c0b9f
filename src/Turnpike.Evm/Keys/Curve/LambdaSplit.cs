namespace Turnpike.Evm;

/// <summary>
/// Gallant, Lambert and Vanstone's decomposition: lambda * (x, y) = (beta * x, y), so k * P = first * P + second * (beta * x, y) with two scalars of
/// at most 128 bits and a sign. The basis (A1, -B1), (A2, A1) of the lattice {(i, j): i + j * lambda = 0 mod n} comes from the extended Euclidean
/// algorithm on (n, lambda); G1, G2 are A1 * 2^384 / n and B1 * 2^384 / n, rounded. Variable time.
/// </summary>
internal readonly struct LambdaSplit
{
    public static FieldElement Beta { get; } = new(0xC1396C28719501EE, 0x9CF0497512F58995, 0x6E64479EAC3434E9, 0x7AE96A2B657C0710);

    private static readonly Scalar A1 = new(0xE86C90E49284EB15, 0x3086D221A7D46BCD, 0, 0);
    private static readonly Scalar A2 = new(0x57C1108D9D44CFD8, 0x14CA50F7A8E2F3F6, 1, 0);
    private static readonly Scalar B1 = new(0x6F547FA90ABFE4C3, 0xE4437ED6010E8828, 0, 0);
    private static readonly Scalar G1 = new(0xE893209A45DBB031, 0x3DAA8A1471E8CA7F, 0xE86C90E49284EB15, 0x3086D221A7D46BCD);
    private static readonly Scalar G2 = new(0x1571B4AE8AC47F71, 0x221208AC9DF506C6, 0x6F547FA90ABFE4C4, 0xE4437ED6010E8828);

    public readonly UInt128 First, Second;
    public readonly bool FirstNegative, SecondNegative;

    public LambdaSplit(in Scalar k)
    {
        var c1 = ScaleDown(k, G1);
        var c2 = ScaleDown(k, G2);
        (First, FirstNegative) = Magnitude(k - (c1 * A1 + c2 * A2));
        (Second, SecondNegative) = Magnitude(c1 * B1 - c2 * A1);
    }

    /// <summary>k * g / 2^384, rounded to nearest.</summary>
    private static Scalar ScaleDown(in Scalar k, in Scalar g)
    {
        Scalar.MultiplyWide(k, g, out var product);
        var carry = product.W5 >> 63;
        var low = Limbs.Add(product.W6, 0, ref carry);
        return new Scalar(low, product.W7 + carry, 0, 0);
    }

    private static (UInt128 Magnitude, bool Negative) Magnitude(in Scalar value)
    {
        var negative = value.IsHighBit != 0;
        var magnitude = negative ? value.Negate() : value;
        System.Diagnostics.Debug.Assert(magnitude.High128 == 0, "Both halves of the decomposition are below 2^128.");
        return (magnitude.Low128, negative);
    }
}
