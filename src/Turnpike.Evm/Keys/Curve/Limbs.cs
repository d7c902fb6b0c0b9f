using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Turnpike.Evm;

/// <summary>
/// Steps of 64-bit multi-precision arithmetic. Carries are taken from comparisons as bytes, never by a branch, so the time of every step is
/// independent of its operands.
/// </summary>
internal static class Limbs
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bit(bool condition) => Unsafe.BitCast<bool, byte>(condition);

    /// <summary>All ones when <paramref name="bit"/> is 1, zero when it is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mask(ulong bit) => 0UL - bit;

    /// <summary>1 when the word is zero, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong IsZero(ulong word) => ((word | (0UL - word)) >> 63) ^ 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Select(ulong mask, ulong whenSet, ulong whenClear) => whenClear ^ (mask & (whenSet ^ whenClear));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Add(ulong a, ulong b, ref ulong carry)
    {
        var sum = a + b;
        var overflow = Bit(sum < a);
        sum += carry;
        carry = overflow + Bit(sum < carry);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Subtract(ulong a, ulong b, ref ulong borrow)
    {
        var difference = a - b;
        var underflow = Bit(a < b);
        var result = difference - borrow;
        borrow = underflow + Bit(difference < borrow);
        return result;
    }

    /// <summary>The high word of a product. Two instructions for a product beat one that returns its low word through memory, as mulx does in .NET.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplyHigh(ulong a, ulong b) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(a, b) : Math.BigMul(a, b, out _);

    /// <summary>a * b + c + carry, which always fits 128 bits: returns the low word and leaves the high word in <paramref name="carry"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplyAdd(ulong a, ulong b, ulong c, ref ulong carry)
    {
        var low = a * b;
        var high = MultiplyHigh(a, b);
        low += c;
        high += Bit(low < c);
        low += carry;
        carry = high + Bit(low < carry);
        return low;
    }
}
