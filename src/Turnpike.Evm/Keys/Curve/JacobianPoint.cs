namespace Turnpike.Evm;

/// <summary>
/// A point (X, Y, Z) with x = X/Z^2, y = Y/Z^3; Z = 0 is infinity. Faster than <see cref="ProjectivePoint"/>, with branches on special cases:
/// for public data only. The operations change the point in place, so that no coordinate is copied.
/// </summary>
internal struct JacobianPoint(in FieldElement x, in FieldElement y, in FieldElement z)
{
    public FieldElement X = x;
    public FieldElement Y = y;
    public FieldElement Z = z;

    public static JacobianPoint Infinity => new(FieldElement.One, FieldElement.One, FieldElement.Zero);

    public readonly bool IsInfinity => Z.IsZero;

    public static JacobianPoint From(in AffinePoint point) => new(point.X, point.Y, FieldElement.One);

    /// <summary>
    /// Twice the point; infinity stays infinity, and no point of a prime-order curve has y = 0. The usual formulas with Z halved:
    /// L = 3X^2 / 2, T = XY^2, X' = L^2 - 2T, Y' = L(T - X') - Y^4, Z' = YZ.
    /// </summary>
    public void Double()
    {
        FieldElement.Multiply(out Z, Y, Z);
        FieldElement.Square(out var xx, X);
        FieldElement.Add(out var l, xx, xx);
        FieldElement.Add(out l, l, xx);
        FieldElement.Halve(out l, l);
        FieldElement.Square(out var yy, Y);
        FieldElement.Multiply(out var t, X, yy);
        FieldElement.Square(out X, l);
        FieldElement.Subtract(out X, X, t);
        FieldElement.Subtract(out X, X, t);
        FieldElement.Subtract(out t, t, X);
        FieldElement.Multiply(out l, l, t);
        FieldElement.Square(out yy, yy);
        FieldElement.Subtract(out Y, l, yy);
    }

    /// <summary>
    /// Adds an affine point: H = xZ^2 - X, R = yZ^3 - Y, X' = R^2 - H^3 - 2XH^2, Y' = R(XH^2 - X') - YH^3, Z' = ZH.
    /// </summary>
    public void Add(in AffinePoint other)
    {
        if (IsInfinity)
        {
            this = From(other);
            return;
        }
        FieldElement.Square(out var zz, Z);
        FieldElement.Multiply(out var h, other.X, zz);
        FieldElement.Subtract(out h, h, X);
        FieldElement.Multiply(out zz, zz, Z);
        FieldElement.Multiply(out var r, other.Y, zz);
        FieldElement.Subtract(out r, r, Y);
        if (h.IsZero)
        {
            if (r.IsZero) Double();
            else this = Infinity;
            return;
        }
        FieldElement.Multiply(out Z, Z, h);
        FieldElement.Square(out var hh, h);
        FieldElement.Multiply(out h, h, hh);
        FieldElement.Multiply(out var v, X, hh);
        FieldElement.Square(out X, r);
        FieldElement.Subtract(out X, X, h);
        FieldElement.Subtract(out X, X, v);
        FieldElement.Subtract(out X, X, v);
        FieldElement.Subtract(out v, v, X);
        FieldElement.Multiply(out v, v, r);
        FieldElement.Multiply(out h, h, Y);
        FieldElement.Subtract(out Y, v, h);
    }

    /// <summary>The affine form; false for infinity.</summary>
    public readonly bool TryToAffine(out AffinePoint point)
    {
        if (IsInfinity)
        {
            point = default;
            return false;
        }
        point = ScaleBy(Z.Invert());
        return true;
    }

    /// <summary>The affine forms of points none of which is infinity, for the price of one inversion.</summary>
    public static void ToAffine(ReadOnlySpan<JacobianPoint> points, Span<AffinePoint> affine)
    {
        Span<FieldElement> inverses = points.Length <= OddMultiples.SmallTable ? stackalloc FieldElement[points.Length] : new FieldElement[points.Length];
        for (var i = 0; i < points.Length; i++) inverses[i] = points[i].Z;
        FieldElement.InvertAll(inverses);
        for (var i = 0; i < points.Length; i++) affine[i] = points[i].ScaleBy(inverses[i]);
    }

    private readonly AffinePoint ScaleBy(in FieldElement inverseZ)
    {
        var square = inverseZ.Square();
        return new AffinePoint((X * square).Normalize(), (Y * (square * inverseZ)).Normalize());
    }
}
