using System.Numerics;
using System.Runtime.CompilerServices;

namespace Turnpike.Core.Geography;

/// <summary>The fifteen 3-bit digits of an index and their turning. A digit names the child's direction: 0 centre, 1 k, 2 j, 3 jk, 4 i, 5 ik, 6 ij; 7 is unused.</summary>
internal static class Digits
{
    public const int Center = 0;
    public const int K = 1;
    public const int Invalid = 7;
    public const int Bits = 3;
    public const int MaxResolution = 15;

    /// <summary>All fifteen digits.</summary>
    public const ulong Mask = (1UL << (Bits * MaxResolution)) - 1;

    // Turned[6 * digit + sixths]: counter-clockwise 1 5 4 6 2 3.
    private static ReadOnlySpan<byte> Turned =>
    [
        0, 0, 0, 0, 0, 0,
        1, 5, 4, 6, 2, 3,
        2, 3, 1, 5, 4, 6,
        3, 1, 5, 4, 6, 2,
        4, 6, 2, 3, 1, 5,
        5, 4, 6, 2, 3, 1,
        6, 2, 3, 1, 5, 4,
        7, 7, 7, 7, 7, 7,
    ];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Shift(int resolution) => Bits * (MaxResolution - resolution);

    public static int Of(ulong index, int resolution) => (int)(index >> Shift(resolution)) & 7;

    public static ulong With(ulong index, int resolution, int digit) => (index & ~(7UL << Shift(resolution))) | ((ulong)digit << Shift(resolution));

    /// <summary>One digit turned counter-clockwise.</summary>
    public static int Turn(int digit, int sixths) => Turned[6 * digit + sixths];

    /// <summary>All digits down to the resolution turned counter-clockwise by sixths from 0 to 5.</summary>
    public static ulong Turn(ulong index, int resolution, int sixths)
    {
        if (sixths == 0) return index;
        var turned = index;
        for (var shift = Shift(1); shift >= Shift(resolution); shift -= Bits)
        {
            var digit = (int)(index >> shift) & 7;
            turned ^= (ulong)(digit ^ Turned[6 * digit + sixths]) << shift;
        }
        return turned;
    }

    /// <summary>The same in a pentagon: whatever comes to lie in the missing sector (first digit other than 0 is 1) is turned once more.</summary>
    public static ulong TurnInPentagon(ulong index, int resolution, int sixths)
    {
        for (var i = 0; i < sixths; i++)
        {
            index = Turn(index, resolution, 1);
            if (Leading(index, resolution) == K) index = Turn(index, resolution, 1);
        }
        return index;
    }

    /// <summary>Clockwise in a pentagon.</summary>
    public static ulong TurnBackInPentagon(ulong index, int resolution, int sixths)
    {
        for (var i = 0; i < sixths; i++)
        {
            index = Turn(index, resolution, 5);
            if (Leading(index, resolution) == K) index = Turn(index, resolution, 5);
        }
        return index;
    }

    /// <summary>The first digit that is not 0; 0 when there is none.</summary>
    public static int Leading(ulong index, int resolution)
    {
        var digits = (index & Mask) >> Shift(resolution);
        if (digits == 0) return Center;
        return (int)(digits >> (BitOperations.Log2(digits) / Bits * Bits)) & 7;
    }
}
