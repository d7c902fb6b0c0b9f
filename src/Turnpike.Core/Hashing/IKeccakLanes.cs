using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Turnpike.Core.Hashing;

/// <summary>The steps of Keccak-f[1600] on several independent 64-bit words at once; see <see cref="IShaLanes{TVector}"/>.</summary>
internal interface IKeccakLanes<TVector>
    where TVector : unmanaged
{
    /// <summary>How many words there are in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>One word in every lane.</summary>
    static abstract TVector Broadcast(ulong word);

    /// <summary>The parity of a column.</summary>
    static abstract TVector Parity(TVector a, TVector b, TVector c, TVector d, TVector e);

    /// <summary>before ^ rotl(after, 1): what theta adds to a column.</summary>
    static abstract TVector Theta(TVector before, TVector after);

    /// <summary>rotl(a ^ d, left): rho after theta.</summary>
    static abstract TVector Rho(TVector a, TVector d, int left);

    /// <summary>a ^ d.</summary>
    static abstract TVector Xor(TVector a, TVector d);

    /// <summary>a ^ (~b &amp; c).</summary>
    static abstract TVector Chi(TVector a, TVector b, TVector c);
}

/// <summary>Four lanes: AVX2.</summary>
internal readonly struct KeccakLanes256 : IKeccakLanes<Vector256<ulong>>
{
    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Broadcast(ulong word) => Vector256.Create(word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Parity(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c, Vector256<ulong> d, Vector256<ulong> e) => a ^ b ^ c ^ d ^ e;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Theta(Vector256<ulong> before, Vector256<ulong> after) => before ^ (after << 1) ^ (after >>> 63);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Rho(Vector256<ulong> a, Vector256<ulong> d, int left)
    {
        var mixed = a ^ d;
        return (mixed << left) | (mixed >>> (64 - left));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Xor(Vector256<ulong> a, Vector256<ulong> d) => a ^ d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Chi(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) => a ^ Vector256.AndNot(c, b);
}

/// <summary>Eight lanes: AVX-512.</summary>
internal readonly struct KeccakLanes512 : IKeccakLanes<Vector512<ulong>>
{
    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Broadcast(ulong word) => Vector512.Create(word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Parity(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c, Vector512<ulong> d, Vector512<ulong> e) => a ^ b ^ c ^ d ^ e;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Theta(Vector512<ulong> before, Vector512<ulong> after) => before ^ ((after << 1) | (after >>> 63));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Rho(Vector512<ulong> a, Vector512<ulong> d, int left)
    {
        var mixed = a ^ d;
        return (mixed << left) | (mixed >>> (64 - left));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Xor(Vector512<ulong> a, Vector512<ulong> d) => a ^ d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Chi(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) => a ^ Vector512.AndNot(c, b);
}
