namespace Turnpike.Evm;

/// <summary>
/// A point (X : Y : Z) with x = X/Z, y = Y/Z. Additions follow the complete formulas of Renes, Costello and Batina, "Complete addition formulas
/// for prime order elliptic curves" (EUROCRYPT 2016), which have no exceptional case, so a secret scalar meets no branch.
/// </summary>
internal struct ProjectivePoint(in FieldElement x, in FieldElement y, in FieldElement z)
{
    /// <summary>3b of the curve equation.</summary>
    private const uint TripleB = 21;

    public FieldElement X = x;
    public FieldElement Y = y;
    public FieldElement Z = z;

    public static ProjectivePoint Infinity => new(FieldElement.Zero, FieldElement.One, FieldElement.Zero);

    /// <summary>Adds an affine point to any point, infinity included: algorithm 8 of the paper with a = 0.</summary>
    public void Add(in AffinePoint other)
    {
        FieldElement.Multiply(out var xx, X, other.X);
        FieldElement.Multiply(out var yy, Y, other.Y);
        FieldElement.Add(out var cross, other.X, other.Y);
        FieldElement.Add(out var sum, X, Y);
        FieldElement.Multiply(out cross, cross, sum);
        FieldElement.Subtract(out cross, cross, xx);
        FieldElement.Subtract(out cross, cross, yy);
        FieldElement.Multiply(out var yz, other.Y, Z);
        FieldElement.Add(out yz, yz, Y);
        FieldElement.Multiply(out var xz, other.X, Z);
        FieldElement.Add(out xz, xz, X);
        FieldElement.Multiply(out xz, xz, TripleB);
        FieldElement.Multiply(out xx, xx, 3);
        FieldElement.Multiply(out var bz, Z, TripleB);
        FieldElement.Add(out sum, yy, bz);
        FieldElement.Subtract(out var difference, yy, bz);

        FieldElement.Multiply(out X, cross, difference);
        FieldElement.Multiply(out yy, yz, xz);
        FieldElement.Subtract(out X, X, yy);
        FieldElement.Multiply(out Y, difference, sum);
        FieldElement.Multiply(out xz, xz, xx);
        FieldElement.Add(out Y, Y, xz);
        FieldElement.Multiply(out Z, sum, yz);
        FieldElement.Multiply(out xx, xx, cross);
        FieldElement.Add(out Z, Z, xx);
    }

    /// <summary>The affine form; the caller knows that this is not infinity.</summary>
    public readonly AffinePoint ToAffine()
    {
        var inverse = Z.Invert();
        return new AffinePoint((X * inverse).Normalize(), (Y * inverse).Normalize());
    }
}
