using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Turnpike.Evm;

/// <summary>
/// A number modulo p = 2^256 - 2^224 + 2^192 + 2^96 - 1 in Montgomery form (times 2^260): five limbs of 52 bits with room above each, so that sums need no
/// carries; .NET has no add-with-carry, and its substitutes would be half of the work. Numbers are bounded, not reduced: each operation says by how many
/// times p, its magnitude. Hot methods are compiled once and fully: tables are built with them before tiering would have noticed.
/// </summary>
/// <remarks>
/// A product of magnitudes a and b has magnitude at most 1 + a * b / 16 and limbs below 2^52. Factors need limbs below 2^57 and a * b at most 64.
/// </remarks>
internal readonly struct P256FieldElement
{
    private const int Bits = 52;
    private const ulong Mask = (1UL << Bits) - 1;
    private const ulong TopMask = (1UL << 48) - 1;

    /// <summary>p: 2^52 - 1, 2^44 - 1, 0, 2^36, 2^48 - 2^16.</summary>
    private const ulong P0 = Mask, P1 = (1UL << 44) - 1, P3 = 1UL << 36, P4 = (1UL << 48) - (1UL << 16);

    /// <summary>4p with limbs so large that those of a subtrahend of magnitude 3 and limbs below 2^53 can be taken from them one by one.</summary>
    private const ulong S0 = 4 * P0, S1 = 4 * P1 + (1UL << 54), S2 = (1UL << 54) - 4, S3 = 4 * P3 + (1UL << 54) - 4, S4 = 4 * P4 - 4;

    private static readonly ModularInverse Inverse = new(ulong.MaxValue, 0xFFFFFFFF, 0, 0xFFFFFFFF00000001);

    /// <summary>2^520 mod p: a product with it enters Montgomery form.</summary>
    private static readonly P256FieldElement IntoForm = new(0x300, 0xFFFFFFFF00000, 0xFFFFEFFFFFFFB, 0xFDFFFFFFFFFFF, 0x4FFFFFF);

    /// <summary>2^780 mod p: an inverse of a Montgomery form comes out of it twice.</summary>
    private static readonly P256FieldElement IntoFormTwice = new(0xFD0000000A000, 0xFFFFFF7FFFFFF, 0xFFFCFFFFFFEDF, 0x100000005FFFF, 0x180000000);

    private readonly ulong _0, _1, _2, _3, _4;

    private P256FieldElement(ulong l0, ulong l1, ulong l2, ulong l3, ulong l4) => (_0, _1, _2, _3, _4) = (l0, l1, l2, l3, l4);

    /// <summary>From the form that tables hold. Magnitude 1.</summary>
    public P256FieldElement(in Packed packed)
    {
        _0 = packed.L0 & Mask;
        _1 = (packed.L0 >> 52 | packed.L1 << 12) & Mask;
        _2 = (packed.L1 >> 40 | packed.L2 << 24) & Mask;
        _3 = (packed.L2 >> 28 | packed.L3 << 36) & Mask;
        _4 = packed.L3 >> 16;
    }

    /// <summary>A number below p in four limbs of 64 bits: what memory holds, so that a point is 64 bytes.</summary>
    public readonly record struct Packed(ulong L0, ulong L1, ulong L2, ulong L3);

    public static P256FieldElement One { get; } = new(0x10, 0xF000000000000, 0xFFFFFFFFFFFFF, 0xFFEFFFFFFFFFF, 0xFFFFF);

    /// <summary>Whether every limb is zero, which only a product with such a zero and the default are.</summary>
    public bool IsPlainZero => (_0 | _1 | _2 | _3 | _4) == 0;

    /// <summary>Whether this is a multiple of p, of any magnitude up to 16.</summary>
    public bool IsZero
    {
        get
        {
            Normalize(out var x, this);
            return x.IsPlainZero || ((x._0 ^ P0) | (x._1 ^ P1) | x._2 | (x._3 ^ P3) | (x._4 ^ P4)) == 0;
        }
    }

    /// <summary>Reads 32 big-endian bytes; false for p and above.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out P256FieldElement element) => TryCreate(
        BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes),
        out element);

    /// <summary>The element of a plain number; false for p and above.</summary>
    public static bool TryCreate(ulong l0, ulong l1, ulong l2, ulong l3, out P256FieldElement element)
    {
        ulong borrow = 0;
        Limbs.Subtract(l0, ulong.MaxValue, ref borrow);
        Limbs.Subtract(l1, 0xFFFFFFFF, ref borrow);
        Limbs.Subtract(l2, 0, ref borrow);
        Limbs.Subtract(l3, 0xFFFFFFFF00000001, ref borrow);
        Multiply(out element, new P256FieldElement(new Packed(l0, l1, l2, l3)), IntoForm);
        return borrow == 1;
    }

    public void WriteTo(Span<byte> bytes)
    {
        Multiply(out var plain, this, new P256FieldElement(1, 0, 0, 0, 0));
        var packed = plain.Pack();
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], packed.L0);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], packed.L1);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], packed.L2);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, packed.L3);
    }

    /// <summary>The one form below p, of any magnitude up to 16.</summary>
    public Packed Pack()
    {
        Normalize(out var x, this);
        var d0 = (long)(x._0 - P0);
        var d1 = (long)(x._1 - P1) + (d0 >> Bits);
        var d2 = (long)x._2 + (d1 >> Bits);
        var d3 = (long)(x._3 - P3) + (d2 >> Bits);
        var d4 = (long)(x._4 - P4) + (d3 >> Bits);
        if (d4 >= 0) x = new P256FieldElement((ulong)d0 & Mask, (ulong)d1 & Mask, (ulong)d2 & Mask, (ulong)d3 & Mask, (ulong)d4);
        return new Packed(x._0 | x._1 << 52, x._1 >> 12 | x._2 << 40, x._2 >> 24 | x._3 << 28, x._3 >> 36 | x._4 << 16);
    }

    /// <summary>The inverse; zero for zero. Variable time.</summary>
    public P256FieldElement Invert()
    {
        var packed = Pack();
        var (i0, i1, i2, i3) = Inverse.OfPublic(packed.L0, packed.L1, packed.L2, packed.L3);
        Multiply(out var inverse, new P256FieldElement(new Packed(i0, i1, i2, i3)), IntoFormTwice);
        return inverse;
    }

    /// <summary>Inverts every element with one inversion and three products each (Montgomery's trick); a zero is not allowed.</summary>
    public static void InvertAll(Span<P256FieldElement> elements)
    {
        if (elements.IsEmpty) return;
        var prefixes = new P256FieldElement[elements.Length];
        var running = One;
        for (var i = 0; i < elements.Length; i++)
        {
            prefixes[i] = running;
            Multiply(out running, running, elements[i]);
        }
        var inverse = running.Invert();
        for (var i = elements.Length - 1; i >= 0; i--)
        {
            var element = elements[i];
            Multiply(out elements[i], inverse, prefixes[i]);
            Multiply(out inverse, inverse, element);
        }
    }

    /// <summary>a * b / 2^260 by rows: each limb of b, then one step of Montgomery's reduction, so that six columns are all that lives at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(out P256FieldElement result, in P256FieldElement a, in P256FieldElement b)
    {
        ulong a0 = a._0, a1 = a._1, a2 = a._2, a3 = a._3, a4 = a._4;
        ulong s0 = a0 << 6, s1 = a1 << 6, s2 = a2 << 6, s3 = a3 << 6, s4 = a4 << 6;
        long c0 = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0;
        var factor = b._0;
        var shifted = factor << 6;
        c0 += Low(a0, factor);
        c1 += High(s0, shifted) + Low(a1, factor);
        c2 += High(s1, shifted) + Low(a2, factor);
        c3 += High(s2, shifted) + Low(a3, factor);
        c4 += High(s3, shifted) + Low(a4, factor);
        var c5 = High(s4, shifted);
        ReduceColumn(ref c0, ref c1, ref c2, ref c3, ref c4, c5);
        factor = b._1;
        shifted = factor << 6;
        c0 += Low(a0, factor);
        c1 += High(s0, shifted) + Low(a1, factor);
        c2 += High(s1, shifted) + Low(a2, factor);
        c3 += High(s2, shifted) + Low(a3, factor);
        c4 += High(s3, shifted) + Low(a4, factor);
        c5 = High(s4, shifted);
        ReduceColumn(ref c0, ref c1, ref c2, ref c3, ref c4, c5);
        factor = b._2;
        shifted = factor << 6;
        c0 += Low(a0, factor);
        c1 += High(s0, shifted) + Low(a1, factor);
        c2 += High(s1, shifted) + Low(a2, factor);
        c3 += High(s2, shifted) + Low(a3, factor);
        c4 += High(s3, shifted) + Low(a4, factor);
        c5 = High(s4, shifted);
        ReduceColumn(ref c0, ref c1, ref c2, ref c3, ref c4, c5);
        factor = b._3;
        shifted = factor << 6;
        c0 += Low(a0, factor);
        c1 += High(s0, shifted) + Low(a1, factor);
        c2 += High(s1, shifted) + Low(a2, factor);
        c3 += High(s2, shifted) + Low(a3, factor);
        c4 += High(s3, shifted) + Low(a4, factor);
        c5 = High(s4, shifted);
        ReduceColumn(ref c0, ref c1, ref c2, ref c3, ref c4, c5);
        factor = b._4;
        shifted = factor << 6;
        c0 += Low(a0, factor);
        c1 += High(s0, shifted) + Low(a1, factor);
        c2 += High(s1, shifted) + Low(a2, factor);
        c3 += High(s2, shifted) + Low(a3, factor);
        c4 += High(s3, shifted) + Low(a4, factor);
        c5 = High(s4, shifted);
        ReduceColumn(ref c0, ref c1, ref c2, ref c3, ref c4, c5);
        Carry(out result, c0, c1, c2, c3, c4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Square(out P256FieldElement result, in P256FieldElement a)
    {
        ulong a0 = a._0, a1 = a._1, a2 = a._2, a3 = a._3, a4 = a._4;
        ulong s0 = a0 << 6, s1 = a1 << 6, s2 = a2 << 6, s3 = a3 << 6, s4 = a4 << 6;
        ulong d1 = a1 << 1, d2 = a2 << 1, d3 = a3 << 1, d4 = a4 << 1;
        ulong t1 = s1 << 1, t2 = s2 << 1, t3 = s3 << 1, t4 = s4 << 1;
        var c0 = Low(a0, a0);
        var c1 = High(s0, s0) + Low(a0, d1);
        var c2 = High(s0, t1) + Low(a0, d2) + Low(a1, a1);
        var c3 = High(s0, t2) + Low(a0, d3) + High(s1, s1) + Low(a1, d2);
        var c4 = High(s0, t3) + Low(a0, d4) + High(s1, t2) + Low(a1, d3) + Low(a2, a2);
        var c5 = High(s0, t4) + High(s1, t3) + Low(a1, d4) + High(s2, s2) + Low(a2, d3);
        ReduceColumn(ref c0, ref c1, ref c2, ref c3, ref c4, c5);
        c5 = High(s1, t4) + High(s2, t3) + Low(a2, d4) + Low(a3, a3);
        ReduceColumn(ref c0, ref c1, ref c2, ref c3, ref c4, c5);
        c5 = High(s2, t4) + High(s3, s3) + Low(a3, d4);
        ReduceColumn(ref c0, ref c1, ref c2, ref c3, ref c4, c5);
        c5 = High(s3, t4) + Low(a4, a4);
        ReduceColumn(ref c0, ref c1, ref c2, ref c3, ref c4, c5);
        c5 = High(s4, s4);
        ReduceColumn(ref c0, ref c1, ref c2, ref c3, ref c4, c5);
        Carry(out result, c0, c1, c2, c3, c4);
    }

    /// <summary>The sum; magnitudes and limbs add up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(out P256FieldElement result, in P256FieldElement a, in P256FieldElement b) =>
        result = new P256FieldElement(a._0 + b._0, a._1 + b._1, a._2 + b._2, a._3 + b._3, a._4 + b._4);

    /// <summary>A small multiple of an element, which multiplies its magnitude.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Times(out P256FieldElement result, in P256FieldElement a, uint factor) =>
        result = new P256FieldElement(a._0 * factor, a._1 * factor, a._2 * factor, a._3 * factor, a._4 * factor);

    /// <summary>The difference, for b of magnitude at most 3 and limbs below 2^53; the magnitude is that of a plus 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Subtract(out P256FieldElement result, in P256FieldElement a, in P256FieldElement b) =>
        result = new P256FieldElement(a._0 + (S0 - b._0), a._1 + (S1 - b._1), a._2 + (S2 - b._2), a._3 + (S3 - b._3), a._4 + (S4 - b._4));

    /// <summary>The same number at magnitude 1 and a trace, limbs below 2^52. Up to magnitude 16: what exceeds 2^256 comes back as 2^224 - 2^192 - 2^96 + 1 times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize(out P256FieldElement result, in P256FieldElement a)
    {
        var top = a._4 + (a._3 >> Bits);
        var excess = (long)(top >> 48);
        var c0 = (long)a._0 + excess;
        var c1 = (long)a._1 - (excess << 44) + (c0 >> Bits);
        var c2 = (long)a._2 + (c1 >> Bits);
        var c3 = (long)(a._3 & Mask) - (excess << 36) + (c2 >> Bits);
        var c4 = (long)(top & TopMask) + (excess << 16) + (c3 >> Bits);
        result = new P256FieldElement((ulong)c0 & Mask, (ulong)c1 & Mask, (ulong)c2 & Mask, (ulong)c3 & Mask, (ulong)c4);
    }

    public P256FieldElement Negate()
    {
        Subtract(out var negative, default, this);
        return negative;
    }

    /// <summary>The low 52 bits of a product, whose other bits are <see cref="High"/> of the same factors, each shifted by six.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Low(ulong a, ulong b) => (long)(a * b & Mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long High(ulong shiftedA, ulong shiftedB) => (long)Limbs.MultiplyHigh(shiftedA, shiftedB);

    /// <summary>
    /// Divides columns by 2^52 after adding the multiple m of p that clears the lowest: m is its 52 bits, as p = -1 modulo 2^52. Column and m * (2^52 - 1) leave
    /// column / 2^52 + m to the next one; with m * (2^44 - 1) that is m * 2^44. The rest is m * 2^36 and m * (2^48 - 2^16), split at limb borders; columns may be
    /// negative in between.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReduceColumn(ref long c0, ref long c1, ref long c2, ref long c3, ref long c4, long c5)
    {
        var m = c0 & (long)Mask;
        c0 = c1 + (c0 >> Bits) + ((m & 0xFF) << 44);
        c1 = c2 + (m >> 8);
        c2 = c3 + ((m & 0xFFFF) << 36);
        c3 = c4 + (m >> 16) + ((m & 0xF) << 48) - ((m & 0xFFFFFFFFF) << 16);
        c4 = c5 + (m >> 4) - (m >> 36);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Carry(out P256FieldElement result, long c0, long c1, long c2, long c3, long c4)
    {
        c1 += c0 >> Bits;
        c2 += c1 >> Bits;
        c3 += c2 >> Bits;
        c4 += c3 >> Bits;
        result = new P256FieldElement((ulong)c0 & Mask, (ulong)c1 & Mask, (ulong)c2 & Mask, (ulong)c3 & Mask, (ulong)c4);
    }
}
