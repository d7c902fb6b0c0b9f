using Turnpike.Blueprints;

namespace Turnpike.Simulation;

/// <summary>Rules by their terms.</summary>
public static class WeeklyRules
{
    /// <summary>Fresh rules of an economy.</summary>
    /// <param name="economy">The economy.</param>
    /// <param name="terms">One of its sets of rules.</param>
    /// <param name="blueprint">The blueprint, where the rules are a rule pack.</param>
    /// <exception cref="ArgumentException">The rules are a pack's and there is no blueprint.</exception>
    public static IWeeklyRules Create(Economy economy, RulesTerms terms, Blueprint? blueprint) => terms.Kind switch
    {
        RuleKind.UsagePack => new UsagePackRules(blueprint ?? throw new ArgumentException("A rule pack needs its blueprint.", nameof(blueprint)), economy.Emission),
        RuleKind.RemintVault => new VaultRules(terms),
        RuleKind.StorageBaseline => new StorageRules(terms),
        _ => new PoolRules(terms, economy.Emission, economy.Token.LifetimeCap),
    };
}
