using System.Buffers.Binary;
using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>
/// An integer modulo n, the order of secp256k1's group (SEC 2, 2.4.1), always less than n, as four 64-bit limbs, least significant first.
/// Constant-time except where a name says otherwise.
/// </summary>
internal readonly partial struct Scalar
{
    private const ulong N0 = 0xBFD25E8CD0364141, N1 = 0xBAAEDCE6AF48A03B, N2 = 0xFFFFFFFFFFFFFFFE, N3 = 0xFFFFFFFFFFFFFFFF;

    private readonly ulong _0, _1, _2, _3;

    /// <summary>The caller guarantees a value below n.</summary>
    public Scalar(ulong l0, ulong l1, ulong l2, ulong l3)
    {
        _0 = l0;
        _1 = l1;
        _2 = l2;
        _3 = l3;
    }

    public static Scalar Zero => default;

    public static Scalar One => new(1, 0, 0, 0);

    public UInt128 Low128 => new(_1, _0);

    public UInt128 High128 => new(_3, _2);

    public bool IsZero => (_0 | _1 | _2 | _3) == 0;

    public bool ValueEquals(in Scalar other) => ((_0 ^ other._0) | (_1 ^ other._1) | (_2 ^ other._2) | (_3 ^ other._3)) == 0;

    /// <summary>1 when the value is above (n - 1) / 2, else 0: the "high s" of EIP-2.</summary>
    public ulong IsHighBit
    {
        get
        {
            ulong borrow = 0;
            _ = Limbs.Subtract(0xDFE92F46681B20A0, _0, ref borrow);
            _ = Limbs.Subtract(0x5D576E7357A4501D, _1, ref borrow);
            _ = Limbs.Subtract(0xFFFFFFFFFFFFFFFF, _2, ref borrow);
            _ = Limbs.Subtract(0x7FFFFFFFFFFFFFFF, _3, ref borrow);
            return borrow;
        }
    }

    /// <summary>Reads 32 big-endian bytes modulo n and says whether the number was n or more.</summary>
    public static Scalar Reduce(ReadOnlySpan<byte> bytes, out bool overflowed)
    {
        var value = ReduceOnce(
            BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes),
            0,
            out var overflow);
        overflowed = overflow != 0;
        return value;
    }

    public static Scalar Reduce(in Bytes32 number, out bool overflowed)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        number.CopyTo(bytes);
        return Reduce(bytes, out overflowed);
    }

    /// <summary>Reads a number in [1, n - 1]; false for any other.</summary>
    public static bool TryReadNonZero(in Bytes32 number, out Scalar value)
    {
        value = Reduce(number, out var overflowed);
        return !overflowed && !value.IsZero;
    }

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _3);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _2);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _1);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _0);
    }

    public Bytes32 ToBytes32()
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        Write(bytes);
        return new Bytes32(bytes);
    }

    /// <summary>Bits [start, start + width) as a number; bits beyond 255 are zero. The position is public, the value may be secret.</summary>
    public ulong Window(int start, int width)
    {
        var limb = start >> 6;
        var shift = start & 63;
        var bits = Limb(limb) >> shift;
        if (shift + width > 64) bits |= Limb(limb + 1) << (64 - shift);
        return bits & ((1UL << width) - 1);
    }

    private ulong Limb(int index) => index switch { 0 => _0, 1 => _1, 2 => _2, 3 => _3, _ => 0 };

    public static Scalar Select(ulong bit, in Scalar whenOne, in Scalar whenZero)
    {
        var mask = Limbs.Mask(bit);
        return new Scalar(
            Limbs.Select(mask, whenOne._0, whenZero._0),
            Limbs.Select(mask, whenOne._1, whenZero._1),
            Limbs.Select(mask, whenOne._2, whenZero._2),
            Limbs.Select(mask, whenOne._3, whenZero._3));
    }
}
