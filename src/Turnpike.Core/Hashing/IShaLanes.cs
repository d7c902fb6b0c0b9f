using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Turnpike.Core.Hashing;

/// <summary>
/// The steps of SHA-256 (FIPS 180-4) on several independent 32-bit words at once, lane by lane. One implementation a vector width; <see cref="Sha256Lanes{TLanes, TVector}"/> is
/// written once over them. Larger steps rather than single operators keep the compiler's inlining within its budget.
/// </summary>
internal interface IShaLanes<TVector>
    where TVector : unmanaged
{
    /// <summary>How many words there are in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>One word in every lane.</summary>
    static abstract TVector Broadcast(uint word);

    /// <summary>Sum modulo 2^32.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>(high &lt;&lt; 24) | (low &gt;&gt; 8): the word that a byte put before the message makes of two of its words.</summary>
    static abstract TVector Straddle(TVector high, TVector low);

    /// <summary>w[t] = w[t-16] + s0(w[t-15]) + w[t-7] + s1(w[t-2]).</summary>
    static abstract TVector Schedule(TVector w16, TVector w15, TVector w7, TVector w2);

    /// <summary>T1 = h + S1(e) + Ch(e, f, g) + w + k.</summary>
    static abstract TVector First(TVector e, TVector f, TVector g, TVector h, TVector w, uint k);

    /// <summary>T1 + T2, T2 = S0(a) + Maj(a, b, c).</summary>
    static abstract TVector Second(TVector first, TVector a, TVector b, TVector c);
}

/// <summary>Eight lanes: AVX2.</summary>
internal readonly struct ShaLanes256 : IShaLanes<Vector256<uint>>
{
    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Broadcast(uint word) => Vector256.Create(word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Add(Vector256<uint> a, Vector256<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Straddle(Vector256<uint> high, Vector256<uint> low) => (high << 24) | (low >>> 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Schedule(Vector256<uint> w16, Vector256<uint> w15, Vector256<uint> w7, Vector256<uint> w2) =>
        w16 + w7
        + ((w15 >>> 7) ^ (w15 << 25) ^ (w15 >>> 18) ^ (w15 << 14) ^ (w15 >>> 3))
        + ((w2 >>> 17) ^ (w2 << 15) ^ (w2 >>> 19) ^ (w2 << 13) ^ (w2 >>> 10));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> First(Vector256<uint> e, Vector256<uint> f, Vector256<uint> g, Vector256<uint> h, Vector256<uint> w, uint k) =>
        h + w + Vector256.Create(k)
        + ((e >>> 6) ^ (e << 26) ^ (e >>> 11) ^ (e << 21) ^ (e >>> 25) ^ (e << 7))
        + (g ^ (e & (f ^ g)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Second(Vector256<uint> first, Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) =>
        first
        + ((a >>> 2) ^ (a << 30) ^ (a >>> 13) ^ (a << 19) ^ (a >>> 22) ^ (a << 10))
        + (b ^ ((a ^ b) & (b ^ c)));
}

/// <summary>Sixteen lanes: AVX-512, where a rotation is one instruction and the compiler folds three-operand logic into one.</summary>
internal readonly struct ShaLanes512 : IShaLanes<Vector512<uint>>
{
    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Broadcast(uint word) => Vector512.Create(word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Add(Vector512<uint> a, Vector512<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Straddle(Vector512<uint> high, Vector512<uint> low) => (high << 24) | (low >>> 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Schedule(Vector512<uint> w16, Vector512<uint> w15, Vector512<uint> w7, Vector512<uint> w2) =>
        w16 + w7 + (Rotate(w15, 7) ^ Rotate(w15, 18) ^ (w15 >>> 3)) + (Rotate(w2, 17) ^ Rotate(w2, 19) ^ (w2 >>> 10));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> First(Vector512<uint> e, Vector512<uint> f, Vector512<uint> g, Vector512<uint> h, Vector512<uint> w, uint k) =>
        h + w + Vector512.Create(k) + (Rotate(e, 6) ^ Rotate(e, 11) ^ Rotate(e, 25)) + (g ^ (e & (f ^ g)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Second(Vector512<uint> first, Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
        first + (Rotate(a, 2) ^ Rotate(a, 13) ^ Rotate(a, 22)) + (b ^ ((a ^ b) & (b ^ c)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Rotate(Vector512<uint> value, int right) => (value >>> right) | (value << (32 - right));
}
