using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Turnpike.Core.Hashing;

/// <summary>
/// Keccak-256 of as many independent messages at once as a vector has words: word i of every message's state lies in vector i. A lane that finishes its message takes
/// the next one, so lengths may differ. Little-endian machines only; <see cref="Keccak256Batch"/> chooses the width.
/// </summary>
internal static class KeccakLanes<TLanes, TVector>
    where TLanes : struct, IKeccakLanes<TVector>
    where TVector : unmanaged
{
    private const int StateWords = 25;
    private const int RateBytes = Keccak256.RateBytes;
    private const int RateWords = RateBytes / sizeof(ulong);
    private const int DigestWords = Bytes32.Length / sizeof(ulong);

    /// <summary>Digests of all messages.</summary>
    [SkipLocalsInit]
    public static void HashEach(in MessageList messages, Span<Bytes32> digests)
    {
        Span<TVector> state = stackalloc TVector[StateWords];
        state.Clear();
        var words = MemoryMarshal.Cast<TVector, ulong>(state);
        Span<int> message = stackalloc int[TLanes.Count];
        Span<int> block = stackalloc int[TLanes.Count];
        Span<byte> edge = stackalloc byte[RateBytes];
        int next = 0, busy = 0;
        for (var lane = 0; lane < TLanes.Count; lane++) busy += Take(lane, ref next, digests.Length, message, block, words);
        while (busy > 0)
        {
            for (var lane = 0; lane < TLanes.Count; lane++)
            {
                if (message[lane] >= 0) Absorb(messages[message[lane]], block[lane]++, edge, words, lane);
            }
            Permute(ref state[0]);
            for (var lane = 0; lane < TLanes.Count; lane++)
            {
                if (message[lane] < 0 || block[lane] <= messages[message[lane]].Length / RateBytes) continue;
                digests[message[lane]] = Digest(words, lane);
                busy -= 1 - Take(lane, ref next, digests.Length, message, block, words);
            }
        }
    }

    /// <summary>keccak256 of each 32 bytes of <paramref name="inputs"/>; the spans may be the same.</summary>
    [SkipLocalsInit]
    public static void HashSingles(ReadOnlySpan<Bytes32> inputs, Span<Bytes32> digests)
    {
        Span<TVector> state = stackalloc TVector[StateWords];
        var words = MemoryMarshal.Cast<TVector, ulong>(state);
        for (var first = 0; first < digests.Length; first += TLanes.Count)
        {
            var lanes = Math.Min(TLanes.Count, digests.Length - first);
            for (var lane = 0; lane < TLanes.Count; lane++) Load(inputs[first + Math.Min(lane, lanes - 1)], words, 0, lane);
            Finish(state, DigestWords);
            for (var lane = 0; lane < lanes; lane++) digests[first + lane] = Digest(words, lane);
        }
    }

    /// <summary>keccak256 of each pair of <paramref name="nodes"/>, the smaller first: the standard tree's nodes.</summary>
    [SkipLocalsInit]
    public static void HashSortedPairs(ReadOnlySpan<Bytes32> nodes, Span<Bytes32> parents)
    {
        Span<TVector> state = stackalloc TVector[StateWords];
        var words = MemoryMarshal.Cast<TVector, ulong>(state);
        for (var first = 0; first < parents.Length; first += TLanes.Count)
        {
            var lanes = Math.Min(TLanes.Count, parents.Length - first);
            for (var lane = 0; lane < TLanes.Count; lane++)
            {
                var pair = nodes.Slice(2 * (first + Math.Min(lane, lanes - 1)), 2);
                var smaller = pair[0].CompareTo(pair[1]) <= 0 ? 0 : 1;
                Load(pair[smaller], words, 0, lane);
                Load(pair[1 - smaller], words, DigestWords, lane);
            }
            Finish(state, 2 * DigestWords);
            for (var lane = 0; lane < lanes; lane++) parents[first + lane] = Digest(words, lane);
        }
    }

    private static int Take(int lane, ref int next, int count, Span<int> message, Span<int> block, Span<ulong> words)
    {
        if (next == count)
        {
            message[lane] = -1;
            return 0;
        }
        message[lane] = next++;
        block[lane] = 0;
        for (var i = 0; i < StateWords; i++) words[i * TLanes.Count + lane] = 0;
        return 1;
    }

    private static void Absorb(ReadOnlySpan<byte> message, int block, Span<byte> edge, Span<ulong> words, int lane)
    {
        var rest = message[(block * RateBytes)..];
        if (rest.Length < RateBytes)
        {
            edge.Clear();
            rest.CopyTo(edge);
            edge[rest.Length] = 0x01;
            edge[RateBytes - 1] |= 0x80;
            rest = edge;
        }
        ref var from = ref MemoryMarshal.GetReference(rest);
        for (var i = 0; i < RateWords; i++) words[i * TLanes.Count + lane] ^= Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, i * sizeof(ulong)));
    }

    // A Bytes32 holds big-endian numbers, Keccak's words are little-endian.
    private static void Load(in Bytes32 value, Span<ulong> words, int at, int lane)
    {
        var numbers = MemoryMarshal.Cast<Bytes32, ulong>(new ReadOnlySpan<Bytes32>(in value));
        for (var i = 0; i < DigestWords; i++) words[(at + i) * TLanes.Count + lane] = BinaryPrimitives.ReverseEndianness(numbers[i]);
    }

    // Pads a message of so many words, all lanes alike, and permutes.
    private static void Finish(Span<TVector> state, int messageWords)
    {
        state[messageWords..].Clear();
        state[messageWords] = TLanes.Broadcast(0x01);
        state[RateWords - 1] = TLanes.Broadcast(0x80UL << 56);
        Permute(ref state[0]);
    }

    private static Bytes32 Digest(Span<ulong> words, int lane) => new(
        BinaryPrimitives.ReverseEndianness(words[lane]), BinaryPrimitives.ReverseEndianness(words[TLanes.Count + lane]),
        BinaryPrimitives.ReverseEndianness(words[2 * TLanes.Count + lane]), BinaryPrimitives.ReverseEndianness(words[3 * TLanes.Count + lane]));

    // The same rounds as Keccak256.Permute, word by word; names are row letter (b g k m s) and column letter (a e i o u), as in the Keccak reference code.
    private static void Permute(ref TVector s)
    {
        TVector ba = Unsafe.Add(ref s, 0), be = Unsafe.Add(ref s, 1), bi = Unsafe.Add(ref s, 2), bo = Unsafe.Add(ref s, 3), bu = Unsafe.Add(ref s, 4);
        TVector ga = Unsafe.Add(ref s, 5), ge = Unsafe.Add(ref s, 6), gi = Unsafe.Add(ref s, 7), go = Unsafe.Add(ref s, 8), gu = Unsafe.Add(ref s, 9);
        TVector ka = Unsafe.Add(ref s, 10), ke = Unsafe.Add(ref s, 11), ki = Unsafe.Add(ref s, 12), ko = Unsafe.Add(ref s, 13), ku = Unsafe.Add(ref s, 14);
        TVector ma = Unsafe.Add(ref s, 15), me = Unsafe.Add(ref s, 16), mi = Unsafe.Add(ref s, 17), mo = Unsafe.Add(ref s, 18), mu = Unsafe.Add(ref s, 19);
        TVector sa = Unsafe.Add(ref s, 20), se = Unsafe.Add(ref s, 21), si = Unsafe.Add(ref s, 22), so = Unsafe.Add(ref s, 23), su = Unsafe.Add(ref s, 24);
        foreach (var constant in Keccak256.RoundConstants)
        {
            var ca = TLanes.Parity(ba, ga, ka, ma, sa);
            var ce = TLanes.Parity(be, ge, ke, me, se);
            var ci = TLanes.Parity(bi, gi, ki, mi, si);
            var co = TLanes.Parity(bo, go, ko, mo, so);
            var cu = TLanes.Parity(bu, gu, ku, mu, su);
            var da = TLanes.Theta(cu, ce);
            var de = TLanes.Theta(ca, ci);
            var di = TLanes.Theta(ce, co);
            var @do = TLanes.Theta(ci, cu);
            var du = TLanes.Theta(co, ca);
            var b0 = TLanes.Xor(ba, da);
            var b1 = TLanes.Rho(ge, de, 44);
            var b2 = TLanes.Rho(ki, di, 43);
            var b3 = TLanes.Rho(mo, @do, 21);
            var b4 = TLanes.Rho(su, du, 14);
            var g0 = TLanes.Rho(bo, @do, 28);
            var g1 = TLanes.Rho(gu, du, 20);
            var g2 = TLanes.Rho(ka, da, 3);
            var g3 = TLanes.Rho(me, de, 45);
            var g4 = TLanes.Rho(si, di, 61);
            var k0 = TLanes.Rho(be, de, 1);
            var k1 = TLanes.Rho(gi, di, 6);
            var k2 = TLanes.Rho(ko, @do, 25);
            var k3 = TLanes.Rho(mu, du, 8);
            var k4 = TLanes.Rho(sa, da, 18);
            var m0 = TLanes.Rho(bu, du, 27);
            var m1 = TLanes.Rho(ga, da, 36);
            var m2 = TLanes.Rho(ke, de, 10);
            var m3 = TLanes.Rho(mi, di, 15);
            var m4 = TLanes.Rho(so, @do, 56);
            var s0 = TLanes.Rho(bi, di, 62);
            var s1 = TLanes.Rho(go, @do, 55);
            var s2 = TLanes.Rho(ku, du, 39);
            var s3 = TLanes.Rho(ma, da, 41);
            var s4 = TLanes.Rho(se, de, 2);
            ba = TLanes.Xor(TLanes.Chi(b0, b1, b2), TLanes.Broadcast(constant));
            be = TLanes.Chi(b1, b2, b3);
            bi = TLanes.Chi(b2, b3, b4);
            bo = TLanes.Chi(b3, b4, b0);
            bu = TLanes.Chi(b4, b0, b1);
            ga = TLanes.Chi(g0, g1, g2);
            ge = TLanes.Chi(g1, g2, g3);
            gi = TLanes.Chi(g2, g3, g4);
            go = TLanes.Chi(g3, g4, g0);
            gu = TLanes.Chi(g4, g0, g1);
            ka = TLanes.Chi(k0, k1, k2);
            ke = TLanes.Chi(k1, k2, k3);
            ki = TLanes.Chi(k2, k3, k4);
            ko = TLanes.Chi(k3, k4, k0);
            ku = TLanes.Chi(k4, k0, k1);
            ma = TLanes.Chi(m0, m1, m2);
            me = TLanes.Chi(m1, m2, m3);
            mi = TLanes.Chi(m2, m3, m4);
            mo = TLanes.Chi(m3, m4, m0);
            mu = TLanes.Chi(m4, m0, m1);
            sa = TLanes.Chi(s0, s1, s2);
            se = TLanes.Chi(s1, s2, s3);
            si = TLanes.Chi(s2, s3, s4);
            so = TLanes.Chi(s3, s4, s0);
            su = TLanes.Chi(s4, s0, s1);
        }
        Unsafe.Add(ref s, 0) = ba;
        Unsafe.Add(ref s, 1) = be;
        Unsafe.Add(ref s, 2) = bi;
        Unsafe.Add(ref s, 3) = bo;
        Unsafe.Add(ref s, 4) = bu;
        Unsafe.Add(ref s, 5) = ga;
        Unsafe.Add(ref s, 6) = ge;
        Unsafe.Add(ref s, 7) = gi;
        Unsafe.Add(ref s, 8) = go;
        Unsafe.Add(ref s, 9) = gu;
        Unsafe.Add(ref s, 10) = ka;
        Unsafe.Add(ref s, 11) = ke;
        Unsafe.Add(ref s, 12) = ki;
        Unsafe.Add(ref s, 13) = ko;
        Unsafe.Add(ref s, 14) = ku;
        Unsafe.Add(ref s, 15) = ma;
        Unsafe.Add(ref s, 16) = me;
        Unsafe.Add(ref s, 17) = mi;
        Unsafe.Add(ref s, 18) = mo;
        Unsafe.Add(ref s, 19) = mu;
        Unsafe.Add(ref s, 20) = sa;
        Unsafe.Add(ref s, 21) = se;
        Unsafe.Add(ref s, 22) = si;
        Unsafe.Add(ref s, 23) = so;
        Unsafe.Add(ref s, 24) = su;
    }
}
