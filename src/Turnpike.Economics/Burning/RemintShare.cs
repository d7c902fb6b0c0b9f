using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// Customers' tokens are burned and a share comes back as rewards, up to a limit an epoch; what passes the limit stays burned. Plain burn-and-mint is a share of
/// nothing; Hivemapper since MIP-15 is 25 % up to 500,000 HONEY a week, before it 100 %.
/// </summary>
/// <param name="Share">Share that is minted again.</param>
/// <param name="CapPerEpoch">The most that one epoch mints again; null for no limit.</param>
public sealed record RemintShare(Ratio Share, Amount? CapPerEpoch)
{
    /// <summary>Burns for good.</summary>
    public static RemintShare Plain { get; } = new(Ratio.Zero, null);

    /// <summary>MIP-15: 25 % returns, up to 500,000 a week.</summary>
    public static RemintShare Hivemapper { get; } = new(new Ratio(1, 4), Amount.FromTokens(500_000));

    /// <summary>Divides an epoch's redemption into what is gone and what is minted again, which sum to it. <paramref name="before"/> was minted again earlier in the epoch.</summary>
    public (Amount Gone, Amount Reminted) Split(Amount redeemed, Amount before = default)
    {
        var wish = Share.FloorOf(redeemed);
        var reminted = CapPerEpoch is { } cap ? Amount.Min(wish, Amount.SubtractOrZero(cap, before)) : wish;
        return (redeemed - reminted, reminted);
    }
}
