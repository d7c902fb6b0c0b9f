namespace Turnpike.Evm;

/// <summary>
/// k * G from a table of 22 windows of 12 bits, 2,048 odd multiples each: 2.75 MiB, shared by the process, no doublings. An odd k is the sum of
/// (2 c_i - 1) * 2^i over the 264 bits c_i of (k + 2^264 - 1) / 2, so that every window is an odd digit in [-4095, 4095] and never zero.
/// </summary>
internal static class P256Generator
{
    private const int Width = 12;
    private const int Windows = 22;
    private const int Entries = 1 << (Width - 1);

    private static readonly P256AffinePoint[] Table = BuildTable();

    /// <summary>Adds k * G to a sum.</summary>
    public static void AddMultiple(ref P256Point sum, P256Scalar k)
    {
        if (k.IsZero) return;
        var negate = !k.IsOdd;
        if (negate) k = k.Negate();
        for (var window = 0; window < Windows; window++)
        {
            // The bits of (k + 2^264 - 1) / 2 are those of k, one down, and the topmost.
            var bits = k.Window(window * Width + 1, Width);
            if (window == Windows - 1) bits |= Entries;
            var positive = bits >= Entries;
            ref readonly var entry = ref Table[window * Entries + (int)(positive ? bits - Entries : Entries - 1 - bits)];
            if (positive != negate) sum.Add(entry);
            else sum.Subtract(entry);
        }
    }

    private static P256AffinePoint[] BuildTable()
    {
        var table = new P256AffinePoint[Windows * Entries];
        var row = new P256Point[Entries];
        var first = P256AffinePoint.Generator;
        for (var window = 0; window < Windows; window++)
        {
            var twice = new P256AffinePoint[1];
            var point = new P256Point(first);
            point.Double();
            P256AffinePoint.FromJacobian([point], twice);
            point = new P256Point(first);
            for (var i = 0; i < Entries; i++)
            {
                row[i] = point;
                point.Add(twice[0]);
            }
            P256AffinePoint.FromJacobian(row, table.AsSpan(window * Entries, Entries));
            // The point after the last is 4097 * first: less one, the first of the next window.
            point.Subtract(first);
            P256AffinePoint.FromJacobian([point], twice);
            first = twice[0];
        }
        return table;
    }
}
