using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// Render's score of a compute node (RNP-006), in millionths: 0.25 earnings + 0.35 bandwidth + 0.20 GPU + 0.20 uptime, where earnings are 0.1 + 0.9 of the best node's.
/// </summary>
public static class NodeScore
{
    /// <summary>One, in millionths.</summary>
    public const ulong One = 1_000_000;

    private static readonly Amount MostPerNode = Amount.FromTokens(75);

    /// <summary>The earnings part: 0.1 for nothing, 1 for the best, rounded down.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than the best.</exception>
    public static ulong Earnings(Credits earned, Credits best)
    {
        if (earned > best) throw new ArgumentOutOfRangeException(nameof(earned), "A node earns at most as much as the best one.");
        return 100_000 + (best.Count == 0 ? 0 : (ulong)MulDiv.Floor(earned.Count, 900_000, best.Count));
    }

    /// <summary>Score of the bandwidth band: 0 low, 1 medium, 2 high, 3 ultra high.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such band.</exception>
    public static ulong Bandwidth(int band)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)band, 3u, nameof(band));
        return 200_000 * ((ulong)band + 1);
    }

    /// <summary>The weighted sum of four parts in millionths, rounded down.</summary>
    public static ulong Of(ulong earnings, ulong bandwidth, ulong gpu, ulong uptime) => (25 * earnings + 35 * bandwidth + 20 * gpu + 20 * uptime) / 100;

    /// <summary>What an epoch pays at most: its pool, and no more than 75 tokens for each qualified node.</summary>
    public static Amount Pool(Amount planned, ulong qualifiedNodes) => Amount.Min(planned, new Amount(checked(MostPerNode.BaseUnits * qualifiedNodes)));
}
