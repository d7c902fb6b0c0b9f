using System.Globalization;

namespace Turnpike.Blueprints;

/// <summary>A design that is allowed and has failed elsewhere.</summary>
/// <param name="Law">Short stable name of the law.</param>
/// <param name="Text">What is so, and what to do.</param>
public sealed record DesignWarning(string Law, string Text);

/// <summary>
/// Known laws of network economies, held against a blueprint. What is impossible is a <see cref="BlueprintProblem"/> already (shares that are not 100 %, too few oracles for the
/// liars, a delay longer than the epoch); here is what deploys and then hurts.
/// </summary>
public static class DesignWarnings
{
    private const double Year = 365.25 * 86_400;

    /// <summary>Every law that the network breaks.</summary>
    public static IReadOnlyList<DesignWarning> Of(Blueprint blueprint)
    {
        ArgumentNullException.ThrowIfNull(blueprint);
        var warnings = new List<DesignWarning>();
        var perYear = Year / blueprint.Epoch.Length.TotalSeconds;
        Emission(blueprint, perYear, warnings);
        Demand(blueprint, perYear, warnings);
        Quorum(blueprint, warnings);
        Disputes(blueprint, warnings);
        return warnings;
    }

    private static void Emission(Blueprint blueprint, double perYear, List<DesignWarning> warnings)
    {
        var genesis = blueprint.Token.Genesis.Aggregate(UInt128.Zero, (sum, allocation) => sum + allocation.Amount);
        var first = (double)blueprint.Emission.Steps[0].PerEpoch * perYear;
        if (first > 0.5 * (double)genesis)
            warnings.Add(new DesignWarning("dilution", string.Create(CultureInfo.InvariantCulture, $"The first year mints {100 * first / Math.Max(1, (double)genesis):0}% of the genesis supply: holders are diluted by more than a third, and the price pays for it. Let less be minted, or more exist.")));
        if (blueprint.Emission.Steps[^1].PerEpoch > 0)
            warnings.Add(new DesignWarning("no-cap", "The last step of the emission mints for ever, so the supply has no cap. End the schedule with a step of 0, or say so to holders."));
        if (blueprint.Emission.ReemissionCap > blueprint.Emission.Steps[0].PerEpoch)
            warnings.Add(new DesignWarning("reemission-above-emission", "More of the burns may be minted again than the schedule mints at all: demand then never shrinks the supply. Lower emission.reemission.cap_per_epoch below the emission."));
    }

    // Contributors of the pack's shapes get min(value of the service, pool): a dollar burned never earns more than a dollar. A share of nothing for them is another matter.
    private static void Demand(Blueprint blueprint, double perYear, List<DesignWarning> warnings)
    {
        var usage = blueprint.Pools.Where(pool => pool.Shape != PoolSection.AccountShape).Aggregate(0UL, (sum, pool) => sum + pool.SharePpm);
        if (usage < 250_000)
            warnings.Add(new DesignWarning("contributors-share", $"Contributors divide {Notation.Percent((uint)usage)} of the emission; networks that pay their builders less than a quarter lose them. Give their pools more."));
        var recycled = blueprint.Pools.Where(pool => pool.Shape != PoolSection.AccountShape && pool.Leftovers is not null).ToList();
        if (blueprint.Credits.OnboardingFee == 0 && recycled.Count > 0)
            warnings.Add(new DesignWarning("free-identities", "Devices join for nothing, so identities cost nothing: one person can be a thousand devices. Set credits.onboarding_fee."));
        var poolUsdPerYear = (double)blueprint.Emission.Steps[0].PerEpoch / 1e18 * perYear * usage / 1e6 * (double)blueprint.Price.InitialUsd / 1e8;
        if (poolUsdPerYear > 0 && blueprint.Credits.MaxConfidenceBps > 2_000)
            warnings.Add(new DesignWarning("wash-demand", string.Create(CultureInfo.InvariantCulture, $"Credits are sold while the price is uncertain by {blueprint.Credits.MaxConfidenceBps / 100.0:0.#}%: who buys at the low side and is paid at the average gets back more than a dollar for each dollar burned, so demand on paper is profitable. Lower credits.max_confidence_bps below 2000.")));
    }

    private static void Quorum(Blueprint blueprint, List<DesignWarning> warnings)
    {
        if (blueprint.Oracles.Faulty == 0)
            warnings.Add(new DesignWarning("quorum", "One signature settles an epoch: a single oracle can mint the whole pool to itself. Run at least 4 oracles with faulty: 1."));
    }

    private static void Disputes(Blueprint blueprint, List<DesignWarning> warnings)
    {
        if (blueprint.Distributor.BreakerWindow < blueprint.Epoch.ActivationDelay)
            warnings.Add(new DesignWarning("breaker-shorter-than-dispute", $"The circuit breaker forgets after {Notation.Duration(blueprint.Distributor.BreakerWindow)}, sooner than an epoch can be disputed ({Notation.Duration(blueprint.Epoch.ActivationDelay)}). Let distributor.breaker_window be at least the activation delay."));
        if (blueprint.Epoch.ActivationDelay < TimeSpan.FromHours(1) && blueprint.Epoch.Length >= TimeSpan.FromHours(1))
            warnings.Add(new DesignWarning("short-dispute", $"A settled epoch pays after {Notation.Duration(blueprint.Epoch.ActivationDelay)}: nobody recomputes and disputes that fast. Give it an hour or more."));
        if (blueprint.Guardian.PauseMax < blueprint.Epoch.ActivationDelay)
            warnings.Add(new DesignWarning("pause-shorter-than-dispute", $"The guardian can pause claims for {Notation.Duration(blueprint.Guardian.PauseMax)}, shorter than the dispute it is for ({Notation.Duration(blueprint.Epoch.ActivationDelay)}). Let guardian.pause_max be longer."));
    }
}
