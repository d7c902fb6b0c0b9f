using System.Numerics;
using System.Runtime.InteropServices;

namespace Turnpike.Evm;

/// <summary>
/// Multiples of one point, made once for each key so that a verification needs 21 doublings and 43 additions: a signed comb (Hamburg, "Fast and compact
/// elliptic-curve cryptography", 2012, section 3.3) of six teeth, 43 columns apart, in two blocks of columns. 64 points, 4 KiB; building it costs about
/// three verifications. An odd k is the sum of (2 c_i - 1) * 2^i over the 258 bits c_i of (k + 2^258 - 1) / 2.
/// </summary>
internal sealed class P256Comb
{
    private const int Teeth = 6;
    private const int Columns = 43;
    private const int Blocks = 2;
    private const int BlockColumns = (Columns + 1) / Blocks;
    private const int Entries = 1 << (Teeth - 1);

    private readonly P256AffinePoint[] _table = new P256AffinePoint[Blocks * Entries];

    public P256Comb(in P256AffinePoint point)
    {
        Span<P256Point> powers = stackalloc P256Point[2 * Blocks * Teeth];
        FillPowers(new P256Point(point), powers);
        Span<P256AffinePoint> teeth = stackalloc P256AffinePoint[powers.Length];
        P256AffinePoint.FromJacobian(powers, teeth);
        var sums = new P256Point[_table.Length];
        for (var block = 0; block < Blocks; block++) FillBlock(teeth.Slice(2 * block * Teeth, 2 * Teeth), sums.AsSpan(block * Entries, Entries));
        P256AffinePoint.FromJacobian(sums, _table);
    }

    /// <summary>
    /// Asks the memory for the whole table in one go. Of a fleet's tables almost none is in a cache, and misses that wait for each other would cost as much
    /// as a fifth of the verification. The answer only keeps the reads from being optimised away.
    /// </summary>
    public ulong Touch()
    {
        var words = MemoryMarshal.Cast<P256AffinePoint, ulong>(_table.AsSpan());
        var mixed = 0UL;
        for (var i = 0; i < words.Length; i += 8) mixed ^= words[i];
        return mixed;
    }

    /// <summary>k times the point, for k from 1 to n - 1.</summary>
    public P256Point Multiply(P256Scalar k)
    {
        var negate = !k.IsOdd;
        if (negate) k = k.Negate();
        var sum = default(P256Point);
        for (var column = BlockColumns - 1; column >= 0; column--)
        {
            if (column < BlockColumns - 1) sum.Double();
            for (var block = 0; block < Blocks; block++)
            {
                var absolute = column + block * BlockColumns;
                if (absolute < Columns) AddColumn(ref sum, k, absolute, block * Entries, negate);
            }
        }
        return sum;
    }

    private void AddColumn(ref P256Point sum, in P256Scalar k, int column, int offset, bool negate)
    {
        // Bit i of (k + 2^258 - 1) / 2 is bit i + 1 of k, but for the topmost, which is set.
        var pattern = 0u;
        for (var tooth = 0; tooth < Teeth - 1; tooth++) pattern |= (uint)k.Bit(tooth * Columns + column + 1) << tooth;
        var positive = column == Columns - 1 || k.Bit((Teeth - 1) * Columns + column + 1) == 1;
        if (!positive) pattern ^= Entries - 1;
        ref readonly var entry = ref _table[offset + (int)pattern];
        if (positive != negate) sum.Add(entry);
        else sum.Subtract(entry);
    }

    /// <summary>For each block and tooth the tooth's power of two times the point, and its double.</summary>
    private static void FillPowers(P256Point power, Span<P256Point> powers)
    {
        for (var exponent = 0; exponent <= (Teeth - 1) * Columns + (Blocks - 1) * BlockColumns + 1; exponent++)
        {
            for (var block = 0; block < Blocks; block++)
            {
                var (tooth, rest) = Math.DivRem(exponent - block * BlockColumns, Columns);
                if (exponent < block * BlockColumns || rest > 1 || tooth >= Teeth) continue;
                powers[2 * (block * Teeth + tooth) + rest] = power;
            }
            power.Double();
        }
    }

    /// <summary>Entry i is the top tooth plus or minus each other tooth as the bits of i say.</summary>
    private static void FillBlock(ReadOnlySpan<P256AffinePoint> teeth, Span<P256Point> entries)
    {
        var sum = new P256Point(teeth[2 * (Teeth - 1)]);
        for (var tooth = 0; tooth < Teeth - 1; tooth++) sum.Subtract(teeth[2 * tooth]);
        entries[0] = sum;
        for (var i = 1; i < Entries; i++)
        {
            // Without its highest bit i is an entry made before; that tooth's sign turned adds its double.
            var tooth = BitOperations.Log2((uint)i);
            entries[i] = entries[i ^ (1 << tooth)];
            entries[i].Add(teeth[2 * tooth + 1]);
        }
    }
}
