using Turnpike.Blueprints.Schema;

namespace Turnpike.Blueprints;

/// <summary>The token's price feed.</summary>
public sealed record PriceSection
{
    /// <summary>USD for a whole token at deployment, in units of 10^-8 dollar.</summary>
    public required UInt128 InitialUsd { get; init; }

    /// <summary>Largest step from one price to the next, in hundredths of a percent.</summary>
    public required uint MaxStepBps { get; init; }
}

internal static class PriceKeys
{
    internal static readonly ScalarKey<UInt128> InitialUsd = new("initial_usd", AmountTypes.Dollars, "What a token is worth at deployment; the oracles' median follows.");
    internal static readonly ScalarKey<ulong> MaxStepBps = new("max_step_bps", ScalarTypes.Integer(1, 5_000), "Largest step from one price to the next, in hundredths of a percent.");

    internal static readonly GroupKey Section = new(new("price", "The token's price feed.", [InitialUsd, MaxStepBps]));

    internal static PriceSection? Read(SectionReader? section) => section is null ? null : new()
    {
        InitialUsd = section.Read(InitialUsd).Value,
        MaxStepBps = (uint)section.Read(MaxStepBps).Value,
    };
}
