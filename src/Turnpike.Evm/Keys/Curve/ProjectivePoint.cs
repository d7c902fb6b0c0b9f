namespace Turnpike.Evm;

/// <summary>
/// A point (X : Y : Z) with x = X/Z, y = Y/Z. Additions follow the complete formulas of Renes, Costello and Batina, "Complete addition formulas
/// for prime order elliptic curves" (EUROCRYPT 2016), which have no exceptional case, so a secret scalar meets no branch.
/// </summary>
internal readonly struct ProjectivePoint(in FieldElement x, in FieldElement y, in FieldElement z)
{
    /// <summary>3b of the curve equation.</summary>
    private const uint TripleB = 21;

    public readonly FieldElement X = x;
    public readonly FieldElement Y = y;
    public readonly FieldElement Z = z;

    public static ProjectivePoint Infinity => new(FieldElement.Zero, FieldElement.One, FieldElement.Zero);

    /// <summary>Algorithm 8 of the paper (a = 0, second operand affine): any first operand, infinity included.</summary>
    public ProjectivePoint Add(in AffinePoint other)
    {
        var xx = X * other.X;
        var yy = Y * other.Y;
        var cross = (other.X + other.Y) * (X + Y) - (xx + yy);
        var yz = other.Y * Z + Y;
        var xz = (other.X * Z + X).Times(TripleB);
        var tripleXx = xx.Double() + xx;
        var bz = Z.Times(TripleB);
        var sum = yy + bz;
        var difference = yy - bz;
        return new ProjectivePoint(
            cross * difference - yz * xz,
            difference * sum + xz * tripleXx,
            sum * yz + tripleXx * cross);
    }

    /// <summary>The affine form; the caller knows that this is not infinity.</summary>
    public AffinePoint ToAffine()
    {
        var inverse = Z.Invert();
        return new AffinePoint((X * inverse).Normalize(), (Y * inverse).Normalize());
    }
}
