using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Turnpike.Core;

/// <summary>
/// Keccak-256 as Ethereum uses it: rate 136, padding 0x01 (the original submission, not FIPS 202's SHA3-256, whose padding is 0x06).
/// Allocation-free; safe for any number of threads.
/// </summary>
public static class Keccak256
{
    internal const int RateBytes = 136;

    internal static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B, 0x0000000080000001,
        0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
        0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
        0x000000000000800A, 0x800000008000000A, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    /// <summary>The 32-byte digest of <paramref name="data"/>.</summary>
    public static Bytes32 Hash(ReadOnlySpan<byte> data)
    {
        Span<byte> digest = stackalloc byte[Bytes32.Length];
        Hash(data, digest);
        return new Bytes32(digest);
    }

    /// <summary>Writes the 32-byte digest of <paramref name="data"/> to the start of <paramref name="digest"/>.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Span<ulong> state = stackalloc ulong[25];
        state.Clear();
        while (data.Length >= RateBytes)
        {
            Absorb(state, data[..RateBytes]);
            data = data[RateBytes..];
        }
        Span<byte> last = stackalloc byte[RateBytes];
        last.Clear();
        data.CopyTo(last);
        last[data.Length] = 0x01;
        last[RateBytes - 1] |= 0x80;
        Absorb(state, last);
        for (var i = 0; i < 4; i++) BinaryPrimitives.WriteUInt64LittleEndian(digest[(i * 8)..], state[i]);
    }

    private static void Absorb(Span<ulong> state, ReadOnlySpan<byte> block)
    {
        if (BitConverter.IsLittleEndian)
        {
            var words = MemoryMarshal.Cast<byte, ulong>(block);
            for (var i = 0; i < words.Length; i++) state[i] ^= words[i];
        }
        else
        {
            for (var i = 0; i < RateBytes / 8; i++) state[i] ^= BinaryPrimitives.ReadUInt64LittleEndian(block[(i * 8)..]);
        }
        Permute(state);
    }

    // The 25 lanes live in locals for all 24 rounds; names are row letter (b g k m s) and column letter (a e i o u), as in the Keccak reference code.
    private static void Permute(Span<ulong> s)
    {
        ulong ba = s[0], be = s[1], bi = s[2], bo = s[3], bu = s[4];
        ulong ga = s[5], ge = s[6], gi = s[7], go = s[8], gu = s[9];
        ulong ka = s[10], ke = s[11], ki = s[12], ko = s[13], ku = s[14];
        ulong ma = s[15], me = s[16], mi = s[17], mo = s[18], mu = s[19];
        ulong sa = s[20], se = s[21], si = s[22], so = s[23], su = s[24];

        foreach (var constant in RoundConstants)
        {
            ulong ca = ba ^ ga ^ ka ^ ma ^ sa, ce = be ^ ge ^ ke ^ me ^ se, ci = bi ^ gi ^ ki ^ mi ^ si;
            ulong co = bo ^ go ^ ko ^ mo ^ so, cu = bu ^ gu ^ ku ^ mu ^ su;
            ulong da = cu ^ BitOperations.RotateLeft(ce, 1), de = ca ^ BitOperations.RotateLeft(ci, 1), di = ce ^ BitOperations.RotateLeft(co, 1);
            ulong @do = ci ^ BitOperations.RotateLeft(cu, 1), du = co ^ BitOperations.RotateLeft(ca, 1);

            ulong b0 = ba ^ da, b1 = BitOperations.RotateLeft(ge ^ de, 44), b2 = BitOperations.RotateLeft(ki ^ di, 43);
            ulong b3 = BitOperations.RotateLeft(mo ^ @do, 21), b4 = BitOperations.RotateLeft(su ^ du, 14);
            ulong g0 = BitOperations.RotateLeft(bo ^ @do, 28), g1 = BitOperations.RotateLeft(gu ^ du, 20), g2 = BitOperations.RotateLeft(ka ^ da, 3);
            ulong g3 = BitOperations.RotateLeft(me ^ de, 45), g4 = BitOperations.RotateLeft(si ^ di, 61);
            ulong k0 = BitOperations.RotateLeft(be ^ de, 1), k1 = BitOperations.RotateLeft(gi ^ di, 6), k2 = BitOperations.RotateLeft(ko ^ @do, 25);
            ulong k3 = BitOperations.RotateLeft(mu ^ du, 8), k4 = BitOperations.RotateLeft(sa ^ da, 18);
            ulong m0 = BitOperations.RotateLeft(bu ^ du, 27), m1 = BitOperations.RotateLeft(ga ^ da, 36), m2 = BitOperations.RotateLeft(ke ^ de, 10);
            ulong m3 = BitOperations.RotateLeft(mi ^ di, 15), m4 = BitOperations.RotateLeft(so ^ @do, 56);
            ulong s0 = BitOperations.RotateLeft(bi ^ di, 62), s1 = BitOperations.RotateLeft(go ^ @do, 55), s2 = BitOperations.RotateLeft(ku ^ du, 39);
            ulong s3 = BitOperations.RotateLeft(ma ^ da, 41), s4 = BitOperations.RotateLeft(se ^ de, 2);

            ba = b0 ^ (~b1 & b2) ^ constant; be = b1 ^ (~b2 & b3); bi = b2 ^ (~b3 & b4); bo = b3 ^ (~b4 & b0); bu = b4 ^ (~b0 & b1);
            ga = g0 ^ (~g1 & g2); ge = g1 ^ (~g2 & g3); gi = g2 ^ (~g3 & g4); go = g3 ^ (~g4 & g0); gu = g4 ^ (~g0 & g1);
            ka = k0 ^ (~k1 & k2); ke = k1 ^ (~k2 & k3); ki = k2 ^ (~k3 & k4); ko = k3 ^ (~k4 & k0); ku = k4 ^ (~k0 & k1);
            ma = m0 ^ (~m1 & m2); me = m1 ^ (~m2 & m3); mi = m2 ^ (~m3 & m4); mo = m3 ^ (~m4 & m0); mu = m4 ^ (~m0 & m1);
            sa = s0 ^ (~s1 & s2); se = s1 ^ (~s2 & s3); si = s2 ^ (~s3 & s4); so = s3 ^ (~s4 & s0); su = s4 ^ (~s0 & s1);
        }

        s[0] = ba; s[1] = be; s[2] = bi; s[3] = bo; s[4] = bu;
        s[5] = ga; s[6] = ge; s[7] = gi; s[8] = go; s[9] = gu;
        s[10] = ka; s[11] = ke; s[12] = ki; s[13] = ko; s[14] = ku;
        s[15] = ma; s[16] = me; s[17] = mi; s[18] = mo; s[19] = mu;
        s[20] = sa; s[21] = se; s[22] = si; s[23] = so; s[24] = su;
    }
}
