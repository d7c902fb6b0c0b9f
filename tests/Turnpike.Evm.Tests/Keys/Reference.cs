using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm.Tests;

/// <summary>secp256k1 written down from its definition with BigInteger: slow, obvious, the judge of the real one.</summary>
internal static class Reference
{
    public static readonly BigInteger P = BigInteger.Pow(2, 256) - BigInteger.Pow(2, 32) - 977;
    public static readonly BigInteger N = BigInteger.Parse("115792089237316195423570985008687907852837564279074904382605163141518161494337", System.Globalization.CultureInfo.InvariantCulture);
    public static readonly (BigInteger X, BigInteger Y) G = (
        BigInteger.Parse("55066263022277343669578718895168534326250603453777594175500187360389116729240", System.Globalization.CultureInfo.InvariantCulture),
        BigInteger.Parse("32670510020758816978083085130507043184471273380659243275938904335757337482424", System.Globalization.CultureInfo.InvariantCulture));

    public static BigInteger Mod(BigInteger value, BigInteger modulus) => ((value % modulus) + modulus) % modulus;

    /// <summary>By the extended Euclidean algorithm; zero for zero.</summary>
    public static BigInteger Invert(BigInteger value, BigInteger modulus)
    {
        var (r, next, t, nextT) = (modulus, Mod(value, modulus), BigInteger.Zero, BigInteger.One);
        while (!next.IsZero)
        {
            var quotient = r / next;
            (r, next) = (next, r - quotient * next);
            (t, nextT) = (nextT, t - quotient * nextT);
        }
        return r.IsOne ? Mod(t, modulus) : 0;
    }

    public static (BigInteger X, BigInteger Y)? Add((BigInteger X, BigInteger Y)? left, (BigInteger X, BigInteger Y)? right)
    {
        if (left is not { } a) return right;
        if (right is not { } b) return left;
        if (a.X == b.X && Mod(a.Y + b.Y, P) == 0) return null;
        var slope = a == b ? 3 * a.X * a.X * Invert(2 * a.Y, P) : (b.Y - a.Y) * Invert(b.X - a.X, P);
        var x = Mod(slope * slope - a.X - b.X, P);
        return (x, Mod(slope * (a.X - x) - a.Y, P));
    }

    public static (BigInteger X, BigInteger Y)? Multiply(BigInteger k, (BigInteger X, BigInteger Y)? point)
    {
        (BigInteger X, BigInteger Y)? sum = null;
        for (k = Mod(k, N); !k.IsZero; k >>= 1)
        {
            if (!k.IsEven) sum = Add(sum, point);
            point = Add(point, point);
        }
        return sum;
    }

    public static Scalar Scalar(BigInteger value) => Evm.Scalar.Reduce(Bytes(Mod(value, N)), out _);

    /// <summary>Any number below 2^256, also one that is not reduced.</summary>
    public static FieldElement Field(BigInteger value)
    {
        var mask = ulong.MaxValue;
        return new FieldElement((ulong)(value & mask), (ulong)((value >> 64) & mask), (ulong)((value >> 128) & mask), (ulong)(value >> 192));
    }

    public static AffinePoint Affine((BigInteger X, BigInteger Y)? point) => new(Field(point!.Value.X), Field(point.Value.Y));

    public static (BigInteger X, BigInteger Y) Of(in AffinePoint point) => (Of(point.X), Of(point.Y));

    public static BigInteger Of(in FieldElement element)
    {
        Span<byte> bytes = stackalloc byte[32];
        element.Write(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }

    public static BigInteger Of(in Scalar scalar)
    {
        Span<byte> bytes = stackalloc byte[32];
        scalar.Write(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }

    public static Bytes32 Bytes(BigInteger value)
    {
        var bytes = new byte[Bytes32.Length];
        var digits = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        digits.CopyTo(bytes, bytes.Length - digits.Length);
        return new Bytes32(bytes);
    }

    /// <summary>256-bit numbers with many runs of ones and zeros, the ends of the ranges, and any other.</summary>
    public static BigInteger Number(Random random)
    {
        BigInteger[] ends = [0, 1, 2, P - 1, P, P + 1, N - 1, N, N + 1, N / 2, N / 2 + 1, (BigInteger.One << 256) - 1, BigInteger.One << 255, P - N, 0x1000003D1];
        if (random.Next(4) == 0) return ends[random.Next(ends.Length)];
        var value = BigInteger.Zero;
        for (var i = 0; i < 4; i++)
        {
            ulong limb = random.Next(4) switch { 0 => 0, 1 => ulong.MaxValue, 2 => 1UL << random.Next(64), _ => (ulong)random.NextInt64() ^ ((ulong)random.NextInt64() << 1) };
            value = (value << 64) | limb;
        }
        return value;
    }
}
