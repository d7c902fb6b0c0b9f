using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Turnpike.Evm;

/// <summary>A number modulo the order n of P-256, below n. Variable time: signatures are public.</summary>
internal readonly struct P256Scalar(ulong l0, ulong l1, ulong l2, ulong l3)
{
    private const ulong N0 = 0xF3B9CAC2FC632551, N1 = 0xBCE6FAADA7179E84, N2 = ulong.MaxValue, N3 = 0xFFFFFFFF00000000;

    /// <summary>-1 / n modulo 2^64.</summary>
    private const ulong MinusInverse = 0xCCD1C8AAEE00BC4F;

    private static readonly ModularInverse Inverse = new(N0, N1, N2, N3);

    /// <summary>2^512 mod n.</summary>
    private static readonly P256Scalar IntoForm = new(0x83244C95BE79EEA2, 0x4699799C49BD6FA6, 0x2845B2392B6BEC59, 0x66E12D94F3D95620);

    private readonly ulong _0 = l0, _1 = l1, _2 = l2, _3 = l3;

    public bool IsZero => (_0 | _1 | _2 | _3) == 0;

    public bool IsOdd => (_0 & 1) == 1;

    /// <summary>Reads 32 big-endian bytes modulo n; <paramref name="overflowed"/> says that they were n or more.</summary>
    public static P256Scalar Reduce(ReadOnlySpan<byte> bytes, out bool overflowed)
    {
        var r0 = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
        var r1 = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        var r2 = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        var r3 = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        // 2^256 < 2n, so that one subtraction is enough.
        overflowed = SubtractOrder(ref r0, ref r1, ref r2, ref r3, 0);
        return new P256Scalar(r0, r1, r2, r3);
    }

    /// <summary>a / s and b / s.</summary>
    public static (P256Scalar A, P256Scalar B) Divide(in P256Scalar a, in P256Scalar b, in P256Scalar s)
    {
        var (i0, i1, i2, i3) = Inverse.OfPublic(s._0, s._1, s._2, s._3);
        var inverse = MontgomeryProduct(new P256Scalar(i0, i1, i2, i3), IntoForm);
        return (MontgomeryProduct(a, inverse), MontgomeryProduct(b, inverse));
    }

    public P256Scalar Negate()
    {
        if (IsZero) return this;
        ulong borrow = 0;
        var r0 = Limbs.Subtract(N0, _0, ref borrow);
        var r1 = Limbs.Subtract(N1, _1, ref borrow);
        var r2 = Limbs.Subtract(N2, _2, ref borrow);
        return new P256Scalar(r0, r1, r2, N3 - _3 - borrow);
    }

    /// <summary>The bit of an index below 320; zero from 256 on.</summary>
    public ulong Bit(int index) => (index >> 6) switch
    {
        0 => _0 >> index,
        1 => _1 >> (index & 63),
        2 => _2 >> (index & 63),
        3 => _3 >> (index & 63),
        _ => 0,
    } & 1;

    /// <summary>This number as a coordinate.</summary>
    public P256FieldElement ToField()
    {
        // n < p.
        P256FieldElement.TryCreate(_0, _1, _2, _3, out var element);
        return element;
    }

    /// <summary>This number plus n as a coordinate; false when that is not below p.</summary>
    public bool TryAddOrderToField(out P256FieldElement element)
    {
        ulong carry = 0;
        var r0 = Limbs.Add(_0, N0, ref carry);
        var r1 = Limbs.Add(_1, N1, ref carry);
        var r2 = Limbs.Add(_2, N2, ref carry);
        var r3 = Limbs.Add(_3, N3, ref carry);
        element = default;
        return carry == 0 && P256FieldElement.TryCreate(r0, r1, r2, r3, out element);
    }

    /// <summary>The digit bits of a window of at most 31 bits.</summary>
    public uint Window(int index, int width)
    {
        var (limb, shift) = (index >> 6, index & 63);
        var bits = Limb(limb) >> shift;
        if (shift + width > 64) bits |= Limb(limb + 1) << (64 - shift);
        return (uint)bits & ((1u << width) - 1);
    }

    private ulong Limb(int index) => index switch { 0 => _0, 1 => _1, 2 => _2, 3 => _3, _ => 0 };

    /// <summary>a * b / 2^256 modulo n, limb by limb (Koc, Acar, Kaliski 1996, CIOS).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static P256Scalar MontgomeryProduct(in P256Scalar a, in P256Scalar b)
    {
        ulong r0 = 0, r1 = 0, r2 = 0, r3 = 0, r4 = 0;
        for (var i = 0; i < 4; i++)
        {
            var factor = a.Limb(i);
            ulong carry = 0;
            r0 = Limbs.MultiplyAdd(factor, b._0, r0, ref carry);
            r1 = Limbs.MultiplyAdd(factor, b._1, r1, ref carry);
            r2 = Limbs.MultiplyAdd(factor, b._2, r2, ref carry);
            r3 = Limbs.MultiplyAdd(factor, b._3, r3, ref carry);
            ulong top = 0;
            r4 = Limbs.Add(r4, carry, ref top);
            var m = r0 * MinusInverse;
            carry = 0;
            Limbs.MultiplyAdd(m, N0, r0, ref carry);
            r0 = Limbs.MultiplyAdd(m, N1, r1, ref carry);
            r1 = Limbs.MultiplyAdd(m, N2, r2, ref carry);
            r2 = Limbs.MultiplyAdd(m, N3, r3, ref carry);
            ulong over = 0;
            r3 = Limbs.Add(r4, carry, ref over);
            r4 = top + over;
        }
        SubtractOrder(ref r0, ref r1, ref r2, ref r3, r4);
        return new P256Scalar(r0, r1, r2, r3);
    }

    /// <summary>Subtracts n from a number of 257 bits unless it is below n.</summary>
    private static bool SubtractOrder(ref ulong r0, ref ulong r1, ref ulong r2, ref ulong r3, ulong top)
    {
        ulong borrow = 0;
        var d0 = Limbs.Subtract(r0, N0, ref borrow);
        var d1 = Limbs.Subtract(r1, N1, ref borrow);
        var d2 = Limbs.Subtract(r2, N2, ref borrow);
        var d3 = Limbs.Subtract(r3, N3, ref borrow);
        if (borrow > top) return false;
        (r0, r1, r2, r3) = (d0, d1, d2, d3);
        return true;
    }
}
