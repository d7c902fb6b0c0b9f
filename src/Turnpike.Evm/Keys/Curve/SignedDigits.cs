namespace Turnpike.Evm;

/// <summary>
/// Width-w non-adjacent form: digits are zero or odd and below 2^(w-1) in magnitude, and of any w neighbours at most one is not zero. Variable time.
/// </summary>
internal static class SignedDigits
{
    /// <summary>Digits of a 128-bit number: one more than its bits, for the last carry.</summary>
    public const int Count = 129;

    /// <summary>Fills the zeroed <paramref name="digits"/> and returns how many are in use.</summary>
    public static int Recode(UInt128 value, bool negative, int width, Span<short> digits)
    {
        var used = 0;
        var carry = 0;
        for (var bit = 0; bit < Count;)
        {
            if (Bits(value, bit, 1) == carry)
            {
                bit++;
                continue;
            }
            var taken = Math.Min(width, Count - bit);
            var digit = Bits(value, bit, taken) + carry;
            carry = digit >> (width - 1);
            digit -= carry << width;
            digits[bit] = (short)(negative ? -digit : digit);
            used = bit + 1;
            bit += taken;
        }
        return used;
    }

    private static int Bits(UInt128 value, int start, int count) =>
        start >= 128 ? 0 : (int)(uint)(value >> start) & ((1 << count) - 1);
}
