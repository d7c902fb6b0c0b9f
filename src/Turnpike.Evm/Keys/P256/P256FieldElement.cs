using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Turnpike.Evm;

/// <summary>
/// A number modulo p = 2^256 - 2^224 + 2^192 + 2^96 - 1 in Montgomery form (times 2^256), always below p, so that equal numbers have equal limbs.
/// Hot methods are compiled once and fully: the generator's table is built with them before tiering would have noticed.
/// </summary>
internal readonly struct P256FieldElement(ulong l0, ulong l1, ulong l2, ulong l3) : IEquatable<P256FieldElement>
{
    private const ulong P0 = ulong.MaxValue, P1 = 0xFFFFFFFF, P2 = 0, P3 = 0xFFFFFFFF00000001;

    private static readonly ModularInverse Inverse = new(P0, P1, P2, P3);

    /// <summary>2^512 mod p: a product with it enters Montgomery form.</summary>
    private static readonly P256FieldElement IntoForm = new(3, 0xFFFFFFFBFFFFFFFF, 0xFFFFFFFFFFFFFFFE, 0x4FFFFFFFD);

    private readonly ulong _0 = l0, _1 = l1, _2 = l2, _3 = l3;

    public static P256FieldElement One { get; } = new(1, 0xFFFFFFFF00000000, ulong.MaxValue, 0xFFFFFFFE);

    public bool IsZero => (_0 | _1 | _2 | _3) == 0;

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
        Limbs.Subtract(l0, P0, ref borrow);
        Limbs.Subtract(l1, P1, ref borrow);
        Limbs.Subtract(l2, P2, ref borrow);
        Limbs.Subtract(l3, P3, ref borrow);
        Multiply(out element, new P256FieldElement(l0, l1, l2, l3), IntoForm);
        return borrow == 1;
    }

    public void WriteTo(Span<byte> bytes)
    {
        Multiply(out var plain, this, new P256FieldElement(1, 0, 0, 0));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], plain._0);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], plain._1);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], plain._2);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, plain._3);
    }

    /// <summary>The inverse; zero for zero. Variable time.</summary>
    public P256FieldElement Invert()
    {
        // x * 2^256 inverted is x^-1 * 2^-256; two products with 2^512 bring it back into form.
        var (i0, i1, i2, i3) = Inverse.OfPublic(_0, _1, _2, _3);
        Multiply(out var once, new P256FieldElement(i0, i1, i2, i3), IntoForm);
        Multiply(out var twice, once, IntoForm);
        return twice;
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(out P256FieldElement result, in P256FieldElement a, in P256FieldElement b)
    {
        ulong a0 = a._0, a1 = a._1, a2 = a._2, a3 = a._3;
        ulong b0 = b._0, b1 = b._1, b2 = b._2, b3 = b._3;
        ulong carry = 0;
        var r0 = Limbs.MultiplyAdd(a0, b0, 0, ref carry);
        var r1 = Limbs.MultiplyAdd(a0, b1, 0, ref carry);
        var r2 = Limbs.MultiplyAdd(a0, b2, 0, ref carry);
        var r3 = Limbs.MultiplyAdd(a0, b3, 0, ref carry);
        var r4 = carry;
        carry = 0;
        r1 = Limbs.MultiplyAdd(a1, b0, r1, ref carry);
        r2 = Limbs.MultiplyAdd(a1, b1, r2, ref carry);
        r3 = Limbs.MultiplyAdd(a1, b2, r3, ref carry);
        r4 = Limbs.MultiplyAdd(a1, b3, r4, ref carry);
        var r5 = carry;
        carry = 0;
        r2 = Limbs.MultiplyAdd(a2, b0, r2, ref carry);
        r3 = Limbs.MultiplyAdd(a2, b1, r3, ref carry);
        r4 = Limbs.MultiplyAdd(a2, b2, r4, ref carry);
        r5 = Limbs.MultiplyAdd(a2, b3, r5, ref carry);
        var r6 = carry;
        carry = 0;
        r3 = Limbs.MultiplyAdd(a3, b0, r3, ref carry);
        r4 = Limbs.MultiplyAdd(a3, b1, r4, ref carry);
        r5 = Limbs.MultiplyAdd(a3, b2, r5, ref carry);
        r6 = Limbs.MultiplyAdd(a3, b3, r6, ref carry);
        Reduce(out result, r0, r1, r2, r3, r4, r5, r6, carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Square(out P256FieldElement result, in P256FieldElement a)
    {
        ulong a0 = a._0, a1 = a._1, a2 = a._2, a3 = a._3;
        ulong carry = 0;
        var r1 = Limbs.MultiplyAdd(a0, a1, 0, ref carry);
        var r2 = Limbs.MultiplyAdd(a0, a2, 0, ref carry);
        var r3 = Limbs.MultiplyAdd(a0, a3, 0, ref carry);
        var r4 = carry;
        carry = 0;
        r3 = Limbs.MultiplyAdd(a1, a2, r3, ref carry);
        r4 = Limbs.MultiplyAdd(a1, a3, r4, ref carry);
        var r5 = carry;
        carry = 0;
        r5 = Limbs.MultiplyAdd(a2, a3, r5, ref carry);
        var r6 = carry;

        var r7 = r6 >> 63;
        r6 = (r6 << 1) | (r5 >> 63);
        r5 = (r5 << 1) | (r4 >> 63);
        r4 = (r4 << 1) | (r3 >> 63);
        r3 = (r3 << 1) | (r2 >> 63);
        r2 = (r2 << 1) | (r1 >> 63);
        r1 <<= 1;

        carry = 0;
        r1 = Limbs.Add(r1, Limbs.MultiplyHigh(a0, a0), ref carry);
        r2 = Limbs.Add(r2, a1 * a1, ref carry);
        r3 = Limbs.Add(r3, Limbs.MultiplyHigh(a1, a1), ref carry);
        r4 = Limbs.Add(r4, a2 * a2, ref carry);
        r5 = Limbs.Add(r5, Limbs.MultiplyHigh(a2, a2), ref carry);
        r6 = Limbs.Add(r6, a3 * a3, ref carry);
        Reduce(out result, a0 * a0, r1, r2, r3, r4, r5, r6, r7 + Limbs.MultiplyHigh(a3, a3) + carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(out P256FieldElement result, in P256FieldElement a, in P256FieldElement b)
    {
        ulong carry = 0;
        var s0 = Limbs.Add(a._0, b._0, ref carry);
        var s1 = Limbs.Add(a._1, b._1, ref carry);
        var s2 = Limbs.Add(a._2, b._2, ref carry);
        var s3 = Limbs.Add(a._3, b._3, ref carry);
        SubtractOnce(out result, s0, s1, s2, s3, carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Subtract(out P256FieldElement result, in P256FieldElement a, in P256FieldElement b)
    {
        ulong borrow = 0;
        var d0 = Limbs.Subtract(a._0, b._0, ref borrow);
        var d1 = Limbs.Subtract(a._1, b._1, ref borrow);
        var d2 = Limbs.Subtract(a._2, b._2, ref borrow);
        var d3 = Limbs.Subtract(a._3, b._3, ref borrow);
        var mask = Limbs.Mask(borrow);
        ulong carry = 0;
        d0 = Limbs.Add(d0, mask, ref carry);
        d1 = Limbs.Add(d1, mask & P1, ref carry);
        d2 = Limbs.Add(d2, 0, ref carry);
        d3 = d3 + (mask & P3) + carry;
        result = new P256FieldElement(d0, d1, d2, d3);
    }

    public P256FieldElement Negate()
    {
        Subtract(out var negative, default, this);
        return negative;
    }

    public bool Equals(P256FieldElement other) => ((_0 ^ other._0) | (_1 ^ other._1) | (_2 ^ other._2) | (_3 ^ other._3)) == 0;

    public override bool Equals(object? obj) => obj is P256FieldElement other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_0, _1, _2, _3);

    /// <summary>
    /// A product below p^2 divided by 2^256. As p = -1 modulo 2^64, each step's multiple of p is the lowest limb m itself, and as p's limbs are
    /// 2^64 - 1, 2^32 - 1, 0, 2^64 - 2^32 + 1, adding m * p costs shifts and no multiplication.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reduce(out P256FieldElement result, ulong r0, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5, ulong r6, ulong r7)
    {
        ReduceLimb(ref r0, ref r1, ref r2, ref r3);
        ReduceLimb(ref r0, ref r1, ref r2, ref r3);
        ReduceLimb(ref r0, ref r1, ref r2, ref r3);
        ReduceLimb(ref r0, ref r1, ref r2, ref r3);
        ulong carry = 0;
        r0 = Limbs.Add(r0, r4, ref carry);
        r1 = Limbs.Add(r1, r5, ref carry);
        r2 = Limbs.Add(r2, r6, ref carry);
        r3 = Limbs.Add(r3, r7, ref carry);
        SubtractOnce(out result, r0, r1, r2, r3, carry);
    }

    /// <summary>(r + r0 * p) / 2^64, which again has four limbs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReduceLimb(ref ulong r0, ref ulong r1, ref ulong r2, ref ulong r3)
    {
        var m = r0;
        var shifted = m << 32;
        var rest = m >> 32;
        var low = m - shifted;
        var high = m - rest - Limbs.Bit(m < shifted);
        ulong carry = 0;
        r0 = Limbs.Add(r1, shifted, ref carry);
        r1 = Limbs.Add(r2, rest, ref carry);
        r2 = Limbs.Add(r3, low, ref carry);
        r3 = high + carry;
    }

    /// <summary>A number below 2p, with its 257th bit in <paramref name="top"/>, brought below p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SubtractOnce(out P256FieldElement result, ulong r0, ulong r1, ulong r2, ulong r3, ulong top)
    {
        ulong borrow = 0;
        var d0 = Limbs.Subtract(r0, P0, ref borrow);
        var d1 = Limbs.Subtract(r1, P1, ref borrow);
        var d2 = Limbs.Subtract(r2, P2, ref borrow);
        var d3 = Limbs.Subtract(r3, P3, ref borrow);
        var keep = Limbs.Mask(borrow & ~top);
        result = new P256FieldElement(Limbs.Select(keep, r0, d0), Limbs.Select(keep, r1, d1), Limbs.Select(keep, r2, d2), Limbs.Select(keep, r3, d3));
    }
}
