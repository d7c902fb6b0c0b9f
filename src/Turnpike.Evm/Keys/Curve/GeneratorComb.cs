using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Turnpike.Evm;

/// <summary>
/// k * G for secret k. With k' = (k + 2^258 - 1) / 2 mod n, k = sum of (2 b_i - 1) * 2^i over the 258 bits b_i of k', so each window of six bits is
/// an odd digit in [-63, 63]: never zero, 32 magnitudes. Every window reads its whole row of the table and keeps one entry by masks; the additions
/// are complete. No branch, no address and no table index depends on k.
/// </summary>
internal static class GeneratorComb
{
    private const int Width = 6;
    private const int Windows = 43;
    private const int Entries = 1 << (Width - 1);

    /// <summary>(2^258 - 1) / 2 mod n: halving is linear, so k' = k / 2 + this.</summary>
    private static readonly Scalar HalfOffset = (TwoToThe258() - Scalar.One).Halve();

    private static readonly AffinePoint[] Table = BuildTable();

    public static ProjectivePoint Multiply(in Scalar k)
    {
        var recoded = k.Halve() + HalfOffset;
        var sum = ProjectivePoint.Infinity;
        for (var window = 0; window < Windows; window++)
        {
            var bits = recoded.Window(window * Width, Width);
            var positive = bits >> (Width - 1);
            // Upper half: v - 32; lower half: 31 - v, which is v with its five bits inverted.
            var index = (bits ^ (Limbs.Mask(positive ^ 1) & (Entries - 1))) & (Entries - 1);
            var entry = SelectEntry(window, index);
            sum.Add(new AffinePoint(entry.X, FieldElement.Select(positive, entry.Y, entry.Y.Negate())));
        }
        return sum;
    }

    private static AffinePoint SelectEntry(int window, ulong index)
    {
        var row = MemoryMarshal.Cast<AffinePoint, Vector256<ulong>>(Table.AsSpan(window * Entries, Entries));
        var x = Vector256<ulong>.Zero;
        var y = Vector256<ulong>.Zero;
        var wanted = Vector256.Create(index);
        var current = Vector256<ulong>.Zero;
        for (var i = 0; i + 1 < row.Length; i += 2)
        {
            var mask = Vector256.Equals(current, wanted);
            x |= row[i] & mask;
            y |= row[i + 1] & mask;
            current += Vector256<ulong>.One;
        }
        return new AffinePoint(new FieldElement(x[0], x[1], x[2], x[3]), new FieldElement(y[0], y[1], y[2], y[3]));
    }

    private static AffinePoint[] BuildTable()
    {
        var table = new AffinePoint[Windows * Entries];
        var basePoint = AffinePoint.Generator;
        for (var window = 0; window < Windows; window++)
        {
            OddMultiples.Fill(basePoint, table.AsSpan(window * Entries, Entries));
            var next = JacobianPoint.From(basePoint);
            for (var i = 0; i < Width; i++) next.Double();
            if (!next.TryToAffine(out basePoint)) throw new InvalidOperationException("A multiple of G by a power of two is never infinity.");
        }
        return table;
    }

    private static Scalar TwoToThe258()
    {
        var value = Scalar.One;
        for (var i = 0; i < 258; i++) value += value;
        return value;
    }
}
