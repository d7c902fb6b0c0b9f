using System.Numerics;

namespace Turnpike.Economics;

/// <summary>
/// How unequal a division is: among operators, payers or holders. Whole numbers in, millionths out, rounded down; zero amounts are people who got nothing and count for Gini only.
/// </summary>
/// <param name="Count">How many, zeros included.</param>
/// <param name="GiniPpm">0 when all are equal, toward 1,000,000 when one has all.</param>
/// <param name="HhiPpm">Herfindahl-Hirschman index: the sum of squared shares; 1,000,000 when one has all.</param>
/// <param name="Nakamoto">The fewest who together have more than half.</param>
/// <param name="Top10Ppm">Share of the ten largest.</param>
public sealed record Concentration(int Count, uint GiniPpm, uint HhiPpm, int Nakamoto, uint Top10Ppm)
{
    private const uint Million = 1_000_000;

    /// <summary>Nobody.</summary>
    public static Concentration None { get; } = new(0, 0, 0, 0, 0);

    /// <summary>Measures amounts in any order.</summary>
    /// <param name="amounts">One entry a person.</param>
    /// <param name="whole">All there is, where the list holds only the largest; the rest counts as held by many. Gini is always of the list.</param>
    public static Concentration Of(IEnumerable<UInt128> amounts, UInt128? whole = null)
    {
        var sorted = amounts.ToArray();
        Array.Sort(sorted);
        var listed = sorted.Aggregate(BigInteger.Zero, (sum, amount) => sum + amount);
        if (listed.IsZero) return sorted.Length == 0 ? None : new Concentration(sorted.Length, 0, 0, 0, 0);
        var total = BigInteger.Max(listed, whole ?? 0);
        return new Concentration(sorted.Length, Gini(sorted, listed), Hhi(sorted, total), Majority(sorted, total), Share(sorted.TakeLast(10), total));
    }

    // G = sum of (2i - n - 1) x_i / (n * total), x ascending and i from 1.
    private static uint Gini(UInt128[] ascending, BigInteger total)
    {
        var weighted = BigInteger.Zero;
        for (var i = 0; i < ascending.Length; i++) weighted += (BigInteger)ascending[i] * (2 * (i + 1) - ascending.Length - 1);
        return (uint)(weighted * Million / (total * ascending.Length));
    }

    private static uint Hhi(UInt128[] amounts, BigInteger total) =>
        (uint)(amounts.Aggregate(BigInteger.Zero, (sum, amount) => sum + (BigInteger)amount * amount) * Million / (total * total));

    private static int Majority(UInt128[] ascending, BigInteger total)
    {
        var (held, count) = (BigInteger.Zero, 0);
        for (var i = ascending.Length - 1; i >= 0 && held * 2 <= total; i--, count++) held += ascending[i];
        return count;
    }

    private static uint Share(IEnumerable<UInt128> amounts, BigInteger total) => (uint)(amounts.Aggregate(BigInteger.Zero, (sum, amount) => sum + amount) * Million / total);
}
