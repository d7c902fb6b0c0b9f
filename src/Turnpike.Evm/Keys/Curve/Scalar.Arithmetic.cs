namespace Turnpike.Evm;

/// <summary>Arithmetic modulo n; 512-bit products are folded with 2^256 = c (mod n), c = 2^256 - n being 129 bits.</summary>
internal readonly partial struct Scalar
{
    private const ulong C0 = 0x402DA1732FC9BEBF, C1 = 0x4551231950B75FC4;

    public static Scalar operator +(in Scalar a, in Scalar b)
    {
        ulong carry = 0;
        var r0 = Limbs.Add(a._0, b._0, ref carry);
        var r1 = Limbs.Add(a._1, b._1, ref carry);
        var r2 = Limbs.Add(a._2, b._2, ref carry);
        var r3 = Limbs.Add(a._3, b._3, ref carry);
        return ReduceOnce(r0, r1, r2, r3, carry, out _);
    }

    public static Scalar operator -(in Scalar a, in Scalar b) => a + b.Negate();

    public Scalar Negate()
    {
        ulong borrow = 0;
        var r0 = Limbs.Subtract(N0, _0, ref borrow);
        var r1 = Limbs.Subtract(N1, _1, ref borrow);
        var r2 = Limbs.Subtract(N2, _2, ref borrow);
        var r3 = Limbs.Subtract(N3, _3, ref borrow);
        // n - 0 = n must become 0.
        var nonZero = Limbs.Mask(Limbs.IsZero(_0 | _1 | _2 | _3) ^ 1);
        return new Scalar(r0 & nonZero, r1 & nonZero, r2 & nonZero, r3 & nonZero);
    }

    /// <summary>Half of the value modulo n.</summary>
    public Scalar Halve()
    {
        var odd = Limbs.Mask(_0 & 1);
        ulong carry = 0;
        var r0 = Limbs.Add(_0, N0 & odd, ref carry);
        var r1 = Limbs.Add(_1, N1 & odd, ref carry);
        var r2 = Limbs.Add(_2, N2 & odd, ref carry);
        var r3 = Limbs.Add(_3, N3 & odd, ref carry);
        return new Scalar((r0 >> 1) | (r1 << 63), (r1 >> 1) | (r2 << 63), (r2 >> 1) | (r3 << 63), (r3 >> 1) | (carry << 63));
    }

    public static Scalar operator *(in Scalar a, in Scalar b)
    {
        MultiplyWide(a, b, out var w);

        // 512 -> 386 bits: the lower four words and c times the upper four.
        ulong carry = 0;
        var m0 = Limbs.MultiplyAdd(w.W4, C0, w.W0, ref carry);
        var m1 = Limbs.MultiplyAdd(w.W5, C0, w.W1, ref carry);
        var m2 = Limbs.MultiplyAdd(w.W6, C0, w.W2, ref carry);
        var m3 = Limbs.MultiplyAdd(w.W7, C0, w.W3, ref carry);
        var m4 = carry;
        carry = 0;
        m1 = Limbs.MultiplyAdd(w.W4, C1, m1, ref carry);
        m2 = Limbs.MultiplyAdd(w.W5, C1, m2, ref carry);
        m3 = Limbs.MultiplyAdd(w.W6, C1, m3, ref carry);
        m4 = Limbs.MultiplyAdd(w.W7, C1, m4, ref carry);
        var m5 = carry;
        carry = 0;
        m2 = Limbs.Add(m2, w.W4, ref carry);
        m3 = Limbs.Add(m3, w.W5, ref carry);
        m4 = Limbs.Add(m4, w.W6, ref carry);
        m5 = Limbs.Add(m5, w.W7, ref carry);
        return ReduceMiddle(m0, m1, m2, m3, m4, m5, carry);
    }

    /// <summary>The eight words of a product, least significant first.</summary>
    public struct Wide
    {
        public ulong W0, W1, W2, W3, W4, W5, W6, W7;
    }

    public static void MultiplyWide(in Scalar a, in Scalar b, out Wide product)
    {
        ulong carry = 0;
        product.W0 = Limbs.MultiplyAdd(a._0, b._0, 0, ref carry);
        var r1 = Limbs.MultiplyAdd(a._0, b._1, 0, ref carry);
        var r2 = Limbs.MultiplyAdd(a._0, b._2, 0, ref carry);
        var r3 = Limbs.MultiplyAdd(a._0, b._3, 0, ref carry);
        var r4 = carry;
        carry = 0;
        product.W1 = Limbs.MultiplyAdd(a._1, b._0, r1, ref carry);
        r2 = Limbs.MultiplyAdd(a._1, b._1, r2, ref carry);
        r3 = Limbs.MultiplyAdd(a._1, b._2, r3, ref carry);
        r4 = Limbs.MultiplyAdd(a._1, b._3, r4, ref carry);
        var r5 = carry;
        carry = 0;
        product.W2 = Limbs.MultiplyAdd(a._2, b._0, r2, ref carry);
        r3 = Limbs.MultiplyAdd(a._2, b._1, r3, ref carry);
        r4 = Limbs.MultiplyAdd(a._2, b._2, r4, ref carry);
        r5 = Limbs.MultiplyAdd(a._2, b._3, r5, ref carry);
        var r6 = carry;
        carry = 0;
        product.W3 = Limbs.MultiplyAdd(a._3, b._0, r3, ref carry);
        product.W4 = Limbs.MultiplyAdd(a._3, b._1, r4, ref carry);
        product.W5 = Limbs.MultiplyAdd(a._3, b._2, r5, ref carry);
        product.W6 = Limbs.MultiplyAdd(a._3, b._3, r6, ref carry);
        product.W7 = carry;
    }

    /// <summary>386 -> 256 bits; m6 is at most 1.</summary>
    private static Scalar ReduceMiddle(ulong m0, ulong m1, ulong m2, ulong m3, ulong m4, ulong m5, ulong m6)
    {
        ulong carry = 0;
        m0 = Limbs.MultiplyAdd(m4, C0, m0, ref carry);
        m1 = Limbs.MultiplyAdd(m5, C0, m1, ref carry);
        m2 = Limbs.MultiplyAdd(m6, C0, m2, ref carry);
        m3 = Limbs.Add(m3, 0, ref carry);
        var top = carry;
        carry = 0;
        m1 = Limbs.MultiplyAdd(m4, C1, m1, ref carry);
        m2 = Limbs.MultiplyAdd(m5, C1, m2, ref carry);
        m3 = Limbs.MultiplyAdd(m6, C1, m3, ref carry);
        top += carry;
        carry = 0;
        m2 = Limbs.Add(m2, m4, ref carry);
        m3 = Limbs.Add(m3, m5, ref carry);
        top += m6 + carry;

        // top is a few units at most.
        carry = 0;
        m0 = Limbs.MultiplyAdd(top, C0, m0, ref carry);
        m1 = Limbs.MultiplyAdd(top, C1, m1, ref carry);
        m2 = Limbs.Add(m2, top, ref carry);
        m3 = Limbs.Add(m3, 0, ref carry);
        return ReduceOnce(m0, m1, m2, m3, carry, out _);
    }

    /// <summary>Subtracts n once from a 257-bit number below 2n, when it is n or more.</summary>
    private static Scalar ReduceOnce(ulong r0, ulong r1, ulong r2, ulong r3, ulong carry, out ulong overflow)
    {
        ulong borrow = 0;
        var s0 = Limbs.Subtract(r0, N0, ref borrow);
        var s1 = Limbs.Subtract(r1, N1, ref borrow);
        var s2 = Limbs.Subtract(r2, N2, ref borrow);
        var s3 = Limbs.Subtract(r3, N3, ref borrow);
        overflow = carry | (borrow ^ 1);
        return Select(overflow, new Scalar(s0, s1, s2, s3), new Scalar(r0, r1, r2, r3));
    }

    private static readonly ModularInverse Inverse = new(N0, N1, N2, N3);

    /// <summary>The inverse; zero for zero.</summary>
    public Scalar Invert()
    {
        var (l0, l1, l2, l3) = Inverse.Of(_0, _1, _2, _3);
        return new Scalar(l0, l1, l2, l3);
    }
}
