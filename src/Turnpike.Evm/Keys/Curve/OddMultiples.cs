namespace Turnpike.Evm;

/// <summary>The table of P, 3P, 5P, ... that a width-w signed digit form of a public scalar is evaluated with.</summary>
internal static class OddMultiples
{
    /// <summary>Tables up to this size are worked out on the stack, so that verification allocates nothing.</summary>
    public const int SmallTable = 8;

    /// <summary>Fills the table with the first odd multiples of the base.</summary>
    /// <remarks>
    /// The additions of 2B run on the isomorphic curve where 2B has Z = 1: scaling (x, y) by (Z^2, Z^3) keeps an equation without a linear term in
    /// form, the addition formulas never use its constant, and multiplying the Zs afterwards leads back.
    /// </remarks>
    public static void Fill(in AffinePoint basePoint, Span<AffinePoint> table)
    {
        var twice = JacobianPoint.From(basePoint);
        twice.Double();
        var step = new AffinePoint(twice.X, twice.Y);
        var scale = twice.Z.Square();
        var current = new JacobianPoint(basePoint.X * scale, basePoint.Y * (scale * twice.Z), FieldElement.One);
        Span<JacobianPoint> multiples = table.Length <= SmallTable ? stackalloc JacobianPoint[table.Length] : new JacobianPoint[table.Length];
        for (var i = 0; i < multiples.Length; i++)
        {
            multiples[i] = new JacobianPoint(current.X, current.Y, current.Z * twice.Z);
            current.Add(step);
        }
        JacobianPoint.ToAffine(multiples, table);
    }
}
