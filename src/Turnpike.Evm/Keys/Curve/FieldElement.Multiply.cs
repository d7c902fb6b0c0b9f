using System.Runtime.CompilerServices;

namespace Turnpike.Evm;

/// <summary>Products: schoolbook to eight limbs, then 2^256 = 2^32 + 977 (mod p) folds the upper four into the lower.</summary>
internal readonly partial struct FieldElement
{
    public static FieldElement operator *(in FieldElement a, in FieldElement b)
    {
        Multiply(out var product, a, b);
        return product;
    }

    public FieldElement Square()
    {
        Square(out var square, this);
        return square;
    }

    public static void Multiply(out FieldElement result, in FieldElement a, in FieldElement b)
    {
        ulong carry = 0;
        var r0 = Limbs.MultiplyAdd(a._0, b._0, 0, ref carry);
        var r1 = Limbs.MultiplyAdd(a._0, b._1, 0, ref carry);
        var r2 = Limbs.MultiplyAdd(a._0, b._2, 0, ref carry);
        var r3 = Limbs.MultiplyAdd(a._0, b._3, 0, ref carry);
        var r4 = carry;
        carry = 0;
        r1 = Limbs.MultiplyAdd(a._1, b._0, r1, ref carry);
        r2 = Limbs.MultiplyAdd(a._1, b._1, r2, ref carry);
        r3 = Limbs.MultiplyAdd(a._1, b._2, r3, ref carry);
        r4 = Limbs.MultiplyAdd(a._1, b._3, r4, ref carry);
        var r5 = carry;
        carry = 0;
        r2 = Limbs.MultiplyAdd(a._2, b._0, r2, ref carry);
        r3 = Limbs.MultiplyAdd(a._2, b._1, r3, ref carry);
        r4 = Limbs.MultiplyAdd(a._2, b._2, r4, ref carry);
        r5 = Limbs.MultiplyAdd(a._2, b._3, r5, ref carry);
        var r6 = carry;
        carry = 0;
        r3 = Limbs.MultiplyAdd(a._3, b._0, r3, ref carry);
        r4 = Limbs.MultiplyAdd(a._3, b._1, r4, ref carry);
        r5 = Limbs.MultiplyAdd(a._3, b._2, r5, ref carry);
        r6 = Limbs.MultiplyAdd(a._3, b._3, r6, ref carry);
        Reduce(out result, r0, r1, r2, r3, r4, r5, r6, carry);
    }

    public static void Square(out FieldElement result, in FieldElement a)
    {
        ulong carry = 0;
        var r1 = Limbs.MultiplyAdd(a._0, a._1, 0, ref carry);
        var r2 = Limbs.MultiplyAdd(a._0, a._2, 0, ref carry);
        var r3 = Limbs.MultiplyAdd(a._0, a._3, 0, ref carry);
        var r4 = carry;
        carry = 0;
        r3 = Limbs.MultiplyAdd(a._1, a._2, r3, ref carry);
        r4 = Limbs.MultiplyAdd(a._1, a._3, r4, ref carry);
        var r5 = carry;
        carry = 0;
        r5 = Limbs.MultiplyAdd(a._2, a._3, r5, ref carry);
        var r6 = carry;

        var r7 = r6 >> 63;
        r6 = (r6 << 1) | (r5 >> 63);
        r5 = (r5 << 1) | (r4 >> 63);
        r4 = (r4 << 1) | (r3 >> 63);
        r3 = (r3 << 1) | (r2 >> 63);
        r2 = (r2 << 1) | (r1 >> 63);
        r1 <<= 1;

        carry = 0;
        var r0 = a._0 * a._0;
        var h0 = Limbs.MultiplyHigh(a._0, a._0);
        r1 = Limbs.Add(r1, h0, ref carry);
        var l1 = a._1 * a._1;
        var h1 = Limbs.MultiplyHigh(a._1, a._1);
        r2 = Limbs.Add(r2, l1, ref carry);
        r3 = Limbs.Add(r3, h1, ref carry);
        var l2 = a._2 * a._2;
        var h2 = Limbs.MultiplyHigh(a._2, a._2);
        r4 = Limbs.Add(r4, l2, ref carry);
        r5 = Limbs.Add(r5, h2, ref carry);
        var l3 = a._3 * a._3;
        var h3 = Limbs.MultiplyHigh(a._3, a._3);
        r6 = Limbs.Add(r6, l3, ref carry);
        Reduce(out result, r0, r1, r2, r3, r4, r5, r6, r7 + h3 + carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reduce(out FieldElement result, ulong r0, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5, ulong r6, ulong r7)
    {
        ulong carry = 0;
        r0 = Limbs.MultiplyAdd(r4, Fold, r0, ref carry);
        r1 = Limbs.MultiplyAdd(r5, Fold, r1, ref carry);
        r2 = Limbs.MultiplyAdd(r6, Fold, r2, ref carry);
        r3 = Limbs.MultiplyAdd(r7, Fold, r3, ref carry);

        // The carry is below 2^34, its fold below 2^67: two limbs.
        var low = carry * Fold;
        var high = Limbs.MultiplyHigh(carry, Fold);
        carry = 0;
        r0 = Limbs.Add(r0, low, ref carry);
        r1 = Limbs.Add(r1, high, ref carry);
        r2 = Limbs.Add(r2, 0, ref carry);
        r3 = Limbs.Add(r3, 0, ref carry);

        // A carry now leaves less than 2^67, which one more fold cannot bring past the second limb.
        var fold = Limbs.Mask(carry) & Fold;
        carry = 0;
        r0 = Limbs.Add(r0, fold, ref carry);
        result = new FieldElement(r0, r1 + carry, r2, r3);
    }
}
