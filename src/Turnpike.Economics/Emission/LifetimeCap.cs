using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>A limit on all that a rule ever mints (HONEY: 4 billion to contributors; AKT: 388,539,008 in all). What would pass it is not minted, now or later.</summary>
/// <param name="Most">The limit.</param>
public readonly record struct LifetimeCap(Amount Most)
{
    /// <summary>What of a wish may still be minted after <paramref name="minted"/>.</summary>
    public Amount Allow(Amount minted, Amount wish) => Amount.Min(wish, Amount.SubtractOrZero(Most, minted));
}
