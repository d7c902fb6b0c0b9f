using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Turnpike.Evm;

/// <summary>
/// An integer modulo p = 2^256 - 2^32 - 977, the field of secp256k1 (SEC 2, 2.4.1), as four 64-bit limbs, least significant first. Results lie in
/// [0, 2^256) and may exceed p; only <see cref="Normalize"/>, comparisons and serialization yield the canonical value. Constant-time throughout.
/// </summary>
internal readonly partial struct FieldElement
{
    /// <summary>2^256 - p: what a carry out of the fourth limb is worth.</summary>
    private const ulong Fold = 0x1000003D1;
    private const ulong P0 = 0xFFFFFFFEFFFFFC2F;

    private readonly ulong _0, _1, _2, _3;

    public FieldElement(ulong l0, ulong l1, ulong l2, ulong l3)
    {
        _0 = l0;
        _1 = l1;
        _2 = l2;
        _3 = l3;
    }

    public static FieldElement Zero => default;

    public static FieldElement One => new(1, 0, 0, 0);

    /// <summary>n, the order of the curve's group, which is below p.</summary>
    public static FieldElement Order => new(0xBFD25E8CD0364141, 0xBAAEDCE6AF48A03B, 0xFFFFFFFFFFFFFFFE, 0xFFFFFFFFFFFFFFFF);

    /// <summary>Reads 32 big-endian bytes; false when the number is p or more.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FieldElement value)
    {
        value = new FieldElement(
            BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes));
        return (value._1 & value._2 & value._3) != ulong.MaxValue || value._0 < P0;
    }

    /// <summary>Writes the canonical value as 32 big-endian bytes.</summary>
    public void Write(Span<byte> destination)
    {
        var canonical = Normalize();
        BinaryPrimitives.WriteUInt64BigEndian(destination, canonical._3);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], canonical._2);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], canonical._1);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], canonical._0);
    }

    /// <summary>The same residue, less than p.</summary>
    public FieldElement Normalize()
    {
        ulong carry = 0;
        var r0 = Limbs.Add(_0, Fold, ref carry);
        var r1 = Limbs.Add(_1, 0, ref carry);
        var r2 = Limbs.Add(_2, 0, ref carry);
        var r3 = Limbs.Add(_3, 0, ref carry);
        return Select(carry, new FieldElement(r0, r1, r2, r3), this);
    }

    /// <summary><paramref name="whenOne"/> if the bit is 1, <paramref name="whenZero"/> if it is 0, without a branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FieldElement Select(ulong bit, in FieldElement whenOne, in FieldElement whenZero)
    {
        var mask = Limbs.Mask(bit);
        return new FieldElement(
            Limbs.Select(mask, whenOne._0, whenZero._0),
            Limbs.Select(mask, whenOne._1, whenZero._1),
            Limbs.Select(mask, whenOne._2, whenZero._2),
            Limbs.Select(mask, whenOne._3, whenZero._3));
    }

    public bool IsZero
    {
        get
        {
            var isZero = (_0 | _1 | _2 | _3) == 0;
            var isP = (_1 & _2 & _3) == ulong.MaxValue && _0 == P0;
            return isZero | isP;
        }
    }

    /// <summary>Whether the canonical value is n or more.</summary>
    public bool IsAtLeastOrder
    {
        get
        {
            var (canonical, order, borrow) = (Normalize(), Order, 0UL);
            _ = Limbs.Subtract(canonical._0, order._0, ref borrow);
            _ = Limbs.Subtract(canonical._1, order._1, ref borrow);
            _ = Limbs.Subtract(canonical._2, order._2, ref borrow);
            _ = Limbs.Subtract(canonical._3, order._3, ref borrow);
            return borrow == 0;
        }
    }

    /// <summary>1 when the canonical value is odd, else 0.</summary>
    public ulong OddBit => Normalize()._0 & 1;

    public bool ValueEquals(in FieldElement other) => (this - other).IsZero;

    public static FieldElement operator +(in FieldElement a, in FieldElement b)
    {
        Add(out var sum, a, b);
        return sum;
    }

    public static FieldElement operator -(in FieldElement a, in FieldElement b)
    {
        Subtract(out var difference, a, b);
        return difference;
    }

    /// <remarks>
    /// The forms with a result parameter write four words straight to their place. A returned struct is copied as one vector, which must wait until
    /// the four stores have left the store buffer: that wait costs more than the addition.
    /// </remarks>
    public static void Add(out FieldElement result, in FieldElement a, in FieldElement b)
    {
        ulong carry = 0;
        var r0 = Limbs.Add(a._0, b._0, ref carry);
        var r1 = Limbs.Add(a._1, b._1, ref carry);
        var r2 = Limbs.Add(a._2, b._2, ref carry);
        var r3 = Limbs.Add(a._3, b._3, ref carry);
        FoldCarry(out result, r0, r1, r2, r3, carry);
    }

    public static void Subtract(out FieldElement result, in FieldElement a, in FieldElement b)
    {
        ulong borrow = 0;
        var r0 = Limbs.Subtract(a._0, b._0, ref borrow);
        var r1 = Limbs.Subtract(a._1, b._1, ref borrow);
        var r2 = Limbs.Subtract(a._2, b._2, ref borrow);
        var r3 = Limbs.Subtract(a._3, b._3, ref borrow);
        var fold = Limbs.Mask(borrow) & Fold;
        borrow = 0;
        r0 = Limbs.Subtract(r0, fold, ref borrow);
        r1 = Limbs.Subtract(r1, 0, ref borrow);
        r2 = Limbs.Subtract(r2, 0, ref borrow);
        r3 = Limbs.Subtract(r3, 0, ref borrow);
        // A second borrow leaves a value within Fold of 2^256, whose low limb is larger than Fold.
        result = new FieldElement(r0 - (Limbs.Mask(borrow) & Fold), r1, r2, r3);
    }

    public FieldElement Negate() => Zero - this;

    /// <summary>The product with a number below 2^31.</summary>
    public static void Multiply(out FieldElement result, in FieldElement a, uint factor)
    {
        ulong carry = 0;
        var r0 = Limbs.MultiplyAdd(a._0, factor, 0, ref carry);
        var r1 = Limbs.MultiplyAdd(a._1, factor, 0, ref carry);
        var r2 = Limbs.MultiplyAdd(a._2, factor, 0, ref carry);
        var r3 = Limbs.MultiplyAdd(a._3, factor, 0, ref carry);
        FoldCarry(out result, r0, r1, r2, r3, carry);
    }

    /// <summary>Half of the value modulo p.</summary>
    public static void Halve(out FieldElement result, in FieldElement a)
    {
        var odd = Limbs.Mask(a._0 & 1);
        ulong carry = 0;
        var r0 = Limbs.Add(a._0, P0 & odd, ref carry);
        var r1 = Limbs.Add(a._1, odd, ref carry);
        var r2 = Limbs.Add(a._2, odd, ref carry);
        var r3 = Limbs.Add(a._3, odd, ref carry);
        result = new FieldElement((r0 >> 1) | (r1 << 63), (r1 >> 1) | (r2 << 63), (r2 >> 1) | (r3 << 63), (r3 >> 1) | (carry << 63));
    }

    /// <summary>r + carry * 2^256 with carry below 2^31, so that the folded carry fits one limb.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FoldCarry(out FieldElement result, ulong r0, ulong r1, ulong r2, ulong r3, ulong carry)
    {
        var fold = carry * Fold;
        carry = 0;
        r0 = Limbs.Add(r0, fold, ref carry);
        r1 = Limbs.Add(r1, 0, ref carry);
        r2 = Limbs.Add(r2, 0, ref carry);
        r3 = Limbs.Add(r3, 0, ref carry);
        // A second carry leaves less than the first fold; the low limb takes it unless that fold was near 2^64, hence the carry into r1.
        fold = Limbs.Mask(carry) & Fold;
        carry = 0;
        r0 = Limbs.Add(r0, fold, ref carry);
        result = new FieldElement(r0, r1 + carry, r2, r3);
    }
}
