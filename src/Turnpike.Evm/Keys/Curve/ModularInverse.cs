using System.Numerics;
using System.Runtime.CompilerServices;

namespace Turnpike.Evm;

/// <summary>
/// Inverses modulo an odd 256-bit number, in constant time unless the name says public, by Bernstein and Yang, "Fast constant-time gcd computation and modular inversion"
/// (2019), with their half-delta variant, for which 590 division steps always suffice.
/// </summary>
/// <remarks>
/// Steps run 62 at a time on the low words of (f, g), giving a matrix (u, v; q, r) scaled by 2^62. It is then applied to the whole (f, g), whose low
/// 62 bits cancel, and to (d, e), where a multiple of the modulus makes them cancel. f = d * x and g = e * x modulo the modulus hold throughout; at
/// the end g = 0, f = +-1, so +-d is the inverse. Numbers are five signed limbs of 62 bits.
/// </remarks>
internal sealed class ModularInverse
{
    private const int LimbBits = 62;
    private const int Limbs62 = 5;
    private const int Batches = 10;
    private const ulong LimbMask = (1UL << LimbBits) - 1;

    private readonly long[] _modulus = new long[Limbs62];

    /// <summary>The inverse of the modulus modulo 2^62.</summary>
    private readonly ulong _inverse62;

    public ModularInverse(ulong m0, ulong m1, ulong m2, ulong m3)
    {
        Unpack(m0, m1, m2, m3, _modulus);
        // Newton: an odd m is its own inverse modulo 8, and every step doubles the right bits: 3, 6, 12, 24, 48, 96.
        var inverse = m0;
        for (var i = 0; i < 5; i++) inverse *= 2 - m0 * inverse;
        _inverse62 = inverse & LimbMask;
    }

    /// <summary>The inverse of a number below the modulus; zero for zero.</summary>
    public (ulong L0, ulong L1, ulong L2, ulong L3) Of(ulong l0, ulong l1, ulong l2, ulong l3)
    {
        Span<long> f = stackalloc long[Limbs62];
        Span<long> g = stackalloc long[Limbs62];
        Span<long> d = stackalloc long[Limbs62];
        Span<long> e = stackalloc long[Limbs62];
        _modulus.CopyTo(f);
        Unpack(l0, l1, l2, l3, g);
        d.Clear();
        e.Clear();
        e[0] = 1;
        long zeta = -1;
        for (var batch = 0; batch < Batches; batch++)
        {
            var step = DivisionSteps(ref zeta, (ulong)f[0], (ulong)g[0]);
            UpdateCofactors(step, d, e);
            UpdateValues(step, f, g);
        }
        Normalize(d, f[Limbs62 - 1] >> 63);
        return Pack(d);
    }

    /// <summary>The same for a number that is no secret, about twice as fast: the time tells the number.</summary>
    public (ulong L0, ulong L1, ulong L2, ulong L3) OfPublic(ulong l0, ulong l1, ulong l2, ulong l3)
    {
        Span<long> f = stackalloc long[Limbs62];
        Span<long> g = stackalloc long[Limbs62];
        Span<long> d = stackalloc long[Limbs62];
        Span<long> e = stackalloc long[Limbs62];
        _modulus.CopyTo(f);
        Unpack(l0, l1, l2, l3, g);
        d.Clear();
        e.Clear();
        e[0] = 1;
        long eta = -1;
        while ((g[0] | g[1] | g[2] | g[3] | g[4]) != 0)
        {
            var step = PublicDivisionSteps(ref eta, (ulong)f[0], (ulong)g[0]);
            UpdateCofactors(step, d, e);
            UpdateValues(step, f, g);
        }
        Normalize(d, f[Limbs62 - 1] >> 63);
        return Pack(d);
    }

    private readonly record struct Matrix(long U, long V, long Q, long R);

    /// <summary>62 steps; zeta is -(delta + 1/2). Every choice is a mask.</summary>
    private static Matrix DivisionSteps(ref long zeta, ulong f, ulong g)
    {
        ulong u = 1, v = 0, q = 0, r = 1;
        for (var i = 0; i < LimbBits; i++)
        {
            var negative = (ulong)(zeta >> 63);
            var odd = 0UL - (g & 1);
            g += ((f ^ negative) - negative) & odd;
            q += ((u ^ negative) - negative) & odd;
            r += ((v ^ negative) - negative) & odd;
            var swap = negative & odd;
            zeta = (zeta ^ (long)swap) - 1;
            f += g & swap;
            u += q & swap;
            v += r & swap;
            g >>= 1;
            u <<= 1;
            v <<= 1;
        }
        return new Matrix((long)u, (long)v, (long)q, (long)r);
    }

    /// <summary>
    /// 62 steps of the original variant; eta is -delta. As in libsecp256k1: runs of even g are shifted out at once, and a multiple of f is added that
    /// clears up to six (after a swap) or four low bits of g, for which w is -g / f modulo 64 or 16.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Matrix PublicDivisionSteps(ref long eta, ulong f, ulong g)
    {
        ulong u = 1, v = 0, q = 0, r = 1;
        var left = LimbBits;
        while (true)
        {
            var zeros = BitOperations.TrailingZeroCount(g | (ulong.MaxValue << left));
            g >>= zeros;
            u <<= zeros;
            v <<= zeros;
            eta -= zeros;
            left -= zeros;
            if (left == 0) return new Matrix((long)u, (long)v, (long)q, (long)r);
            ulong w;
            if (eta < 0)
            {
                eta = -eta;
                (f, g) = (g, 0 - f);
                (u, q) = (q, 0 - u);
                (v, r) = (r, 0 - v);
                w = f * g * (f * f - 2) & LowBits(eta, left) & 63;
            }
            else
            {
                w = f + (((f + 1) & 4) << 1);
                w = (0 - w) * g & LowBits(eta, left) & 15;
            }
            g += f * w;
            q += u * w;
            r += v * w;
        }
    }

    /// <summary>Bits that may be cleared now: eta must not change its sign in between, nor the batch end.</summary>
    private static ulong LowBits(long eta, int left) => ulong.MaxValue >> (64 - (int)Math.Min(eta + 1, left));

    /// <summary>(f, g) = matrix * (f, g) / 2^62, exactly.</summary>
    private static void UpdateValues(in Matrix t, Span<long> f, Span<long> g)
    {
        var newF = (Product(t.U, f[0]) + Product(t.V, g[0])) >> LimbBits;
        var newG = (Product(t.Q, f[0]) + Product(t.R, g[0])) >> LimbBits;
        for (var i = 1; i < Limbs62; i++)
        {
            newF += Product(t.U, f[i]) + Product(t.V, g[i]);
            newG += Product(t.Q, f[i]) + Product(t.R, g[i]);
            f[i - 1] = (long)((ulong)newF & LimbMask);
            g[i - 1] = (long)((ulong)newG & LimbMask);
            newF >>= LimbBits;
            newG >>= LimbBits;
        }
        f[Limbs62 - 1] = (long)newF;
        g[Limbs62 - 1] = (long)newG;
    }

    /// <summary>(d, e) = matrix * (d, e) / 2^62 modulo the modulus; both stay between -2 moduli and one.</summary>
    private void UpdateCofactors(in Matrix t, Span<long> d, Span<long> e)
    {
        var modulus = _modulus;
        var (signD, signE) = (d[Limbs62 - 1] >> 63, e[Limbs62 - 1] >> 63);
        // Adding the modulus once to a negative d or e, then as often as clears the low 62 bits.
        var timesD = (t.U & signD) + (t.V & signE);
        var timesE = (t.Q & signD) + (t.R & signE);
        var newD = Product(t.U, d[0]) + Product(t.V, e[0]);
        var newE = Product(t.Q, d[0]) + Product(t.R, e[0]);
        timesD -= (long)((_inverse62 * (ulong)newD + (ulong)timesD) & LimbMask);
        timesE -= (long)((_inverse62 * (ulong)newE + (ulong)timesE) & LimbMask);
        newD = (newD + Product(modulus[0], timesD)) >> LimbBits;
        newE = (newE + Product(modulus[0], timesE)) >> LimbBits;
        for (var i = 1; i < Limbs62; i++)
        {
            newD += Product(t.U, d[i]) + Product(t.V, e[i]) + Product(modulus[i], timesD);
            newE += Product(t.Q, d[i]) + Product(t.R, e[i]) + Product(modulus[i], timesE);
            d[i - 1] = (long)((ulong)newD & LimbMask);
            e[i - 1] = (long)((ulong)newE & LimbMask);
            newD >>= LimbBits;
            newE >>= LimbBits;
        }
        d[Limbs62 - 1] = (long)newD;
        e[Limbs62 - 1] = (long)newE;
    }

    /// <summary>Negates when the mask is set and brings the number from (-2 moduli, modulus) to [0, modulus).</summary>
    private void Normalize(Span<long> value, long negateMask)
    {
        AddModulusIf(value, value[Limbs62 - 1] >> 63);
        for (var i = 0; i < Limbs62; i++) value[i] = (value[i] ^ negateMask) - negateMask;
        Carry(value);
        AddModulusIf(value, value[Limbs62 - 1] >> 63);
    }

    private void AddModulusIf(Span<long> value, long mask)
    {
        for (var i = 0; i < Limbs62; i++) value[i] += _modulus[i] & mask;
        Carry(value);
    }

    private static void Carry(Span<long> value)
    {
        for (var i = 0; i < Limbs62 - 1; i++)
        {
            value[i + 1] += value[i] >> LimbBits;
            value[i] &= (long)LimbMask;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Int128 Product(long a, long b)
    {
        var high = (long)Limbs.MultiplyHigh((ulong)a, (ulong)b) - ((a >> 63) & b) - ((b >> 63) & a);
        return new Int128((ulong)high, (ulong)(a * b));
    }

    private static void Unpack(ulong l0, ulong l1, ulong l2, ulong l3, Span<long> value)
    {
        value[0] = (long)(l0 & LimbMask);
        value[1] = (long)(((l0 >> 62) | (l1 << 2)) & LimbMask);
        value[2] = (long)(((l1 >> 60) | (l2 << 4)) & LimbMask);
        value[3] = (long)(((l2 >> 58) | (l3 << 6)) & LimbMask);
        value[4] = (long)(l3 >> 56);
    }

    private static (ulong L0, ulong L1, ulong L2, ulong L3) Pack(ReadOnlySpan<long> value) => (
        (ulong)value[0] | ((ulong)value[1] << 62),
        ((ulong)value[1] >> 2) | ((ulong)value[2] << 60),
        ((ulong)value[2] >> 4) | ((ulong)value[3] << 58),
        ((ulong)value[3] >> 6) | ((ulong)value[4] << 56));
}
