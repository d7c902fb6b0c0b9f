namespace Turnpike.Economics;

/// <summary>Square and fourth roots of whole numbers, rounded down: exact, so that a score is the same everywhere.</summary>
public static class IntegerRoot
{
    /// <summary>The largest r with r * r not above <paramref name="value"/>.</summary>
    public static UInt128 Square(UInt128 value)
    {
        if (value <= 1) return value;
        // Newton from above: 2^ceil(bits / 2) is never below the root, and each step from above stays above it until it stops falling.
        var root = UInt128.One << ((129 - (int)UInt128.LeadingZeroCount(value)) / 2);
        while (true)
        {
            var next = (root + value / root) >> 1;
            if (next >= root) return root;
            root = next;
        }
    }

    /// <summary>The largest r with r^4 not above <paramref name="value"/>.</summary>
    public static UInt128 Fourth(UInt128 value) => Square(Square(value));
}
