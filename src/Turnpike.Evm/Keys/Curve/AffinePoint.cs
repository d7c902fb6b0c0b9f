namespace Turnpike.Evm;

/// <summary>A point of secp256k1, y^2 = x^3 + 7, other than infinity.</summary>
internal readonly struct AffinePoint(in FieldElement x, in FieldElement y)
{
    public readonly FieldElement X = x;
    public readonly FieldElement Y = y;

    /// <summary>The base point G of SEC 2, 2.4.1.</summary>
    public static AffinePoint Generator { get; } = new(
        new FieldElement(0x59F2815B16F81798, 0x029BFCDB2DCE28D9, 0x55A06295CE870B07, 0x79BE667EF9DCBBAC),
        new FieldElement(0x9C47D08FFB10D4B8, 0xFD17B448A6855419, 0x5DA4FBFC0E1108A8, 0x483ADA7726A3C465));

    public bool IsOnCurve => Y.Square().ValueEquals(RightSide(X));

    public AffinePoint Negate() => new(X, Y.Negate());

    /// <summary>The point with this x and a y of the wanted parity (0 even, 1 odd); false when x is on no point.</summary>
    public static bool TryFromX(in FieldElement x, ulong oddBit, out AffinePoint point)
    {
        var found = RightSide(x).TrySquareRoot(out var y);
        if (y.OddBit != oddBit) y = y.Negate();
        point = found ? new AffinePoint(x, y) : default;
        return found;
    }

    private static FieldElement RightSide(in FieldElement x) => x.Square() * x + new FieldElement(7, 0, 0, 0);
}
