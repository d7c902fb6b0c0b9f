using System.Globalization;
using Turnpike.Blueprints;
using Turnpike.Core;

namespace Turnpike.Simulation;

/// <summary>
/// Known laws of network economies, held against an economy at its start: rules are asked once with the first week's numbers and once more with a buyer who pays himself.
/// </summary>
public static class EconomyWarnings
{
    private const ulong TestDollars = 1_000;

    /// <summary>Every law that the economy breaks.</summary>
    public static IReadOnlyList<DesignWarning> Of(Economy economy, Blueprint? blueprint)
    {
        var warnings = new List<DesignWarning>();
        Emission(economy, warnings);
        foreach (var rules in economy.Rules)
        {
            if (WashReturn(economy, rules, blueprint) is > 1 and var earned)
                warnings.Add(new DesignWarning("wash-demand", string.Create(CultureInfo.InvariantCulture, $"Under the rules from week {rules.FromWeek} a dollar that an operator pays to himself earns him {earned:0.00} at the start: demand on paper is profitable. Bind the pool to what customers burn, with a cap below 1 over his share.")));
            if (rules.FaultyOracles == 0) warnings.Add(new DesignWarning("quorum", string.Create(CultureInfo.InvariantCulture, $"Under the rules from week {rules.FromWeek} one signature settles an epoch. Run at least 4 oracles with faulty_oracles: 1.")));
            if (!rules.BondOutlastsDispute) warnings.Add(new DesignWarning("thaw-shorter-than-dispute", string.Create(CultureInfo.InvariantCulture, $"Under the rules from week {rules.FromWeek} a bond thaws in {Notation.Duration(rules.BondThaw)}, sooner than an epoch can be disputed ({Notation.Duration(rules.Dispute)}): a liar has taken it out before he is proved one. Let bond_thaw be at least dispute.")));
        }
        foreach (var attacker in economy.Attackers.Where(attacker => attacker is { Kind: AttackKind.Sybil, CostUsd: 0, CostUsdPerWeek: 0 }))
            warnings.Add(new DesignWarning("free-identities", $"The sybil '{attacker.Name}' pays nothing for its identities. Let onboarding cost something."));
        return warnings;
    }

    private static void Emission(Economy economy, List<DesignWarning> warnings)
    {
        if (economy.Token.LifetimeCap is not { } cap || economy.Rules[0].Kind is RuleKind.StorageBaseline or RuleKind.RemintVault) return;
        var epochs = (ulong)Math.Max(1, TimeSpan.FromDays(365 * 50).Ticks / economy.EpochLength.Ticks);
        var total = economy.Emission.TotalThrough(new EpochNumber(epochs));
        if (total > cap)
            warnings.Add(new DesignWarning("emission-beyond-cap", string.Create(CultureInfo.InvariantCulture, $"In fifty years the schedule would mint {Readable.Number((double)total.BaseUnits / 1e18)} {economy.Token.Symbol}, and at most {Readable.Number((double)cap.BaseUnits / 1e18)} may be minted: pay stops when the cap is reached. Let the schedule end below it.")));
    }

    // What one more dollar of a buyer, who delivers to himself a part of the work as large as his part of the revenue, brings back to him.
    private static double? WashReturn(Economy economy, RulesTerms rules, Blueprint? blueprint)
    {
        if (!rules.PaysForWork || rules.Kind == RuleKind.RemintVault) return null;
        var honest = (UInt128)Math.Max(1, economy.Customers.DemandUsdPerWeek * 1_000);
        var week = new WeekFacts(1, (ulong)Math.Max(1, TimeSpan.FromDays(7).Ticks / economy.EpochLength.Ticks), economy.Token.Price, new Credits((UInt128)(economy.Customers.DemandUsdPerWeek * Credits.PerUsd) + Credits.FromUsd(TestDollars).Count), economy.Token.Supply);
        var outcome = WeeklyRules.Create(economy, rules, blueprint).Settle(week, [honest, TestDollars * 1_000]);
        return (double)economy.Token.Price.CreditsFloor(outcome.Amounts[1]).Count / (TestDollars * Credits.PerUsd);
    }
}
