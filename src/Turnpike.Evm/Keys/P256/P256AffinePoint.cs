namespace Turnpike.Evm;

/// <summary>A point of P-256 other than infinity: 64 bytes, as the tables hold it.</summary>
internal readonly struct P256AffinePoint(in P256FieldElement x, in P256FieldElement y)
{
    private readonly P256FieldElement.Packed _x = x.Pack(), _y = y.Pack();

    public P256FieldElement X => new(_x);

    public P256FieldElement Y => new(_y);

    private static readonly P256FieldElement B = Constant("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B");

    public static P256AffinePoint Generator { get; } = new(
        Constant("6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"),
        Constant("4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"));

    /// <summary>Reads two big-endian coordinates; false for one that is p or more and for a point that is not on y^2 = x^3 - 3x + b.</summary>
    public static bool TryRead(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y, out P256AffinePoint point)
    {
        point = default;
        if (!P256FieldElement.TryRead(x, out var abscissa) || !P256FieldElement.TryRead(y, out var ordinate)) return false;
        P256FieldElement.Square(out var left, ordinate);
        P256FieldElement.Square(out var right, abscissa);
        for (var i = 0; i < 3; i++) P256FieldElement.Subtract(out right, right, P256FieldElement.One);
        P256FieldElement.Multiply(out right, right, abscissa);
        P256FieldElement.Add(out right, right, B);
        P256FieldElement.Subtract(out left, left, right);
        if (!left.IsZero) return false;
        point = new P256AffinePoint(abscissa, ordinate);
        return true;
    }

    /// <summary>The affine forms of points none of which is infinity, with one inversion for all.</summary>
    public static void FromJacobian(ReadOnlySpan<P256Point> points, Span<P256AffinePoint> destination)
    {
        var inverses = new P256FieldElement[points.Length];
        for (var i = 0; i < points.Length; i++) inverses[i] = points[i].Z;
        P256FieldElement.InvertAll(inverses);
        for (var i = 0; i < points.Length; i++)
        {
            P256FieldElement.Square(out var square, inverses[i]);
            P256FieldElement.Multiply(out var cube, square, inverses[i]);
            P256FieldElement.Multiply(out var x, points[i].X, square);
            P256FieldElement.Multiply(out var y, points[i].Y, cube);
            destination[i] = new P256AffinePoint(x, y);
        }
    }

    private static P256FieldElement Constant(string hex) =>
        P256FieldElement.TryRead(Convert.FromHexString(hex), out var element) ? element : throw new ArgumentException("A constant is below p.", nameof(hex));
}
