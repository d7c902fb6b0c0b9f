using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// A sub-network's claim on the common emission (HIP-51, HIP-88): V * D * A with V the votes, D the square root of dollars burned and A the fourth root of
/// onboarding fees paid; none below one. D and A are in millionths, rounded down.
/// </summary>
public static class UtilityScore
{
    /// <summary>One, in millionths.</summary>
    public const uint One = 1_000_000;

    /// <summary>max(1, sqrt(dollars burned for credits)), millionths.</summary>
    public static UInt128 Burn(Credits burned) => UInt128.Max(One, IntegerRoot.Square(checked(burned.Count * 10_000_000)));

    /// <summary>max(1, fourth root of the dollars of fees that the active devices paid), millionths.</summary>
    public static UInt128 Activity(Credits fees) => UInt128.Max(One, IntegerRoot.Fourth(checked(fees.Count * 10_000_000_000_000_000_000)));

    /// <summary>The score, in base units of votes; votes below one token count as one.</summary>
    /// <exception cref="OverflowException">More than 128 bits.</exception>
    public static UInt128 Of(Amount votes, Credits burned, Credits fees)
    {
        var byBurn = MulDiv.Floor(UInt128.Max(votes.BaseUnits, Amount.PerToken), Burn(burned), One);
        return MulDiv.Floor(byBurn, Activity(fees), One);
    }
}
