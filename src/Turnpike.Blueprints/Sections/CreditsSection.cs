using Turnpike.Blueprints.Schema;

namespace Turnpike.Blueprints;

/// <summary>What things cost in credits ($0.00001 each), and when the price is too old or too uncertain to sell credits at.</summary>
public sealed record CreditsSection
{
    /// <summary>Credits to bring a device onto the network.</summary>
    public required ulong OnboardingFee { get; init; }

    /// <summary>Credits for each assertion of a device's place.</summary>
    public required ulong LocationFee { get; init; }

    /// <summary>No credits are sold at a price older than this.</summary>
    public required TimeSpan MaxPriceAge { get; init; }

    /// <summary>No credits are sold while the price's confidence is wider than this many hundredths of a percent of it.</summary>
    public required uint MaxConfidenceBps { get; init; }
}

internal static class CreditsKeys
{
    private const ulong MostCredits = 1_000_000_000_000; // $10,000,000

    internal static readonly ScalarKey<string> UsdPerCredit = new("usd_per_credit", ScalarTypes.Choice("0.00001"), "What one credit is worth, in USD. It is the same everywhere; the key only shows it.") { Default = "0.00001" };
    internal static readonly ScalarKey<ulong> OnboardingFee = new("onboarding_fee", ScalarTypes.Integer(0, MostCredits), "Credits to bring a device onto the network; 100000 are one dollar.");
    internal static readonly ScalarKey<ulong> LocationFee = new("location_fee", ScalarTypes.Integer(0, MostCredits), "Credits for each assertion of a device's place.");
    internal static readonly ScalarKey<TimeSpan> MaxPriceAge = new("max_price_age", ScalarTypes.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)), "No credits are sold at a price older than this.");
    internal static readonly ScalarKey<ulong> MaxConfidenceBps = new("max_confidence_bps", ScalarTypes.Integer(1, 4_000), "No credits are sold while the price's confidence is wider than this, in hundredths of a percent of the price.");

    internal static readonly GroupKey Section = new(new("credits", "What things cost in credits, and at which prices credits are sold.", [UsdPerCredit, OnboardingFee, LocationFee, MaxPriceAge, MaxConfidenceBps]));

    internal static CreditsSection? Read(SectionReader? section)
    {
        if (section is null) return null;
        section.Read(UsdPerCredit);
        return new CreditsSection
        {
            OnboardingFee = section.Read(OnboardingFee).Value,
            LocationFee = section.Read(LocationFee).Value,
            MaxPriceAge = section.Read(MaxPriceAge).Value,
            MaxConfidenceBps = (uint)section.Read(MaxConfidenceBps).Value,
        };
    }
}
