using System.Runtime.CompilerServices;

namespace Turnpike.Evm;

/// <summary>A point in Jacobian coordinates, (X / Z^2, Y / Z^3); Z = 0 is infinity. Formulas of the Explicit-Formulas Database for a = -3. Variable time.</summary>
internal struct P256Point
{
    public P256FieldElement X, Y, Z;

    public P256Point(in P256AffinePoint point) => (X, Y, Z) = (point.X, point.Y, P256FieldElement.One);

    public readonly bool IsInfinity => Z.IsPlainZero;

    /// <summary>dbl-2001-b. No point has order two, so that only infinity doubles to infinity, which these formulas do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Double()
    {
        P256FieldElement.Square(out var delta, Z);
        P256FieldElement.Square(out var gamma, Y);
        P256FieldElement.Multiply(out var beta, X, gamma);
        P256FieldElement.Subtract(out var difference, X, delta);
        P256FieldElement.Add(out var sum, X, delta);
        P256FieldElement.Multiply(out sum, sum, difference);
        // Magnitudes: delta 1.4, gamma and beta 1.1, difference 5, sum 2.4, their product 1.8, alpha 5.4.
        P256FieldElement.Times(out var alpha, sum, 3);
        P256FieldElement.Multiply(out Z, Y, Z);
        P256FieldElement.Add(out Z, Z, Z);
        P256FieldElement.Times(out var eight, beta, 8);
        P256FieldElement.Normalize(out eight, eight);
        P256FieldElement.Times(out beta, beta, 4);
        P256FieldElement.Square(out X, alpha);
        P256FieldElement.Subtract(out X, X, eight);
        P256FieldElement.Normalize(out X, X);
        P256FieldElement.Add(out gamma, gamma, gamma);
        P256FieldElement.Square(out gamma, gamma);
        P256FieldElement.Add(out gamma, gamma, gamma);
        // beta - X 8.4, its product with alpha 3.9, gamma 2.6.
        P256FieldElement.Subtract(out beta, beta, X);
        P256FieldElement.Multiply(out Y, alpha, beta);
        P256FieldElement.Subtract(out Y, Y, gamma);
        P256FieldElement.Normalize(out Y, Y);
    }

    /// <summary>Adds a point, whatever it is: infinity, the same and the opposite are told apart.</summary>
    public void Add(in P256AffinePoint point) => Add(point.X, point.Y);

    /// <summary>Subtracts a point.</summary>
    public void Subtract(in P256AffinePoint point) => Add(point.X, point.Y.Negate());

    /// <summary>madd, with y of magnitude up to 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(in P256FieldElement x, in P256FieldElement y)
    {
        if (IsInfinity)
        {
            X = x;
            P256FieldElement.Normalize(out Y, y);
            Z = P256FieldElement.One;
            return;
        }
        P256FieldElement.Square(out var zz, Z);
        P256FieldElement.Multiply(out var h, x, zz);
        P256FieldElement.Multiply(out var r, zz, Z);
        P256FieldElement.Multiply(out r, r, y);
        P256FieldElement.Subtract(out h, h, X);
        P256FieldElement.Subtract(out r, r, Y);
        if (h.IsZero)
        {
            if (r.IsZero) Double();
            else this = default;
            return;
        }
        // Magnitudes: h 5.1, r 5.4, hh 2.7, hhh 1.9, v 1.2, so that X is 13 and Y 7 before they are normalized; Z at most 2.4.
        P256FieldElement.Square(out var hh, h);
        P256FieldElement.Multiply(out var hhh, hh, h);
        P256FieldElement.Multiply(out Z, Z, h);
        P256FieldElement.Multiply(out var v, X, hh);
        P256FieldElement.Square(out X, r);
        P256FieldElement.Subtract(out X, X, hhh);
        P256FieldElement.Add(out hh, v, v);
        P256FieldElement.Subtract(out X, X, hh);
        P256FieldElement.Normalize(out X, X);
        P256FieldElement.Subtract(out v, v, X);
        P256FieldElement.Multiply(out hhh, hhh, Y);
        P256FieldElement.Multiply(out v, v, r);
        P256FieldElement.Subtract(out Y, v, hhh);
        P256FieldElement.Normalize(out Y, Y);
    }

    /// <summary>Whether the affine x is the given one. Not for infinity.</summary>
    public readonly bool HasX(in P256FieldElement x)
    {
        P256FieldElement.Square(out var zz, Z);
        P256FieldElement.Multiply(out zz, zz, x);
        P256FieldElement.Subtract(out zz, zz, X);
        return zz.IsZero;
    }
}
