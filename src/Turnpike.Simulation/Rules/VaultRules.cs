using Turnpike.Core.Allocation;
using Turnpike.Economics;

namespace Turnpike.Simulation;

/// <summary>
/// Akash's rules: customers' dollars burn tokens into the vault in the week they pay, and providers settle them a week later at that week's price. While the collateral is
/// at the halt nobody can buy. Staking inflation is minted beside it.
/// </summary>
public sealed class VaultRules(RulesTerms terms) : IWeeklyRules
{
    private const ulong WeeksPerYear = 52;

    private readonly RemintVault _vault = new(new VaultTerms());

    /// <inheritdoc/>
    public WeekOutcome Settle(in WeekFacts week, ReadOnlySpan<UInt128> units)
    {
        var before = _vault.NewSupply;
        var (paid, _) = _vault.Settle(_vault.Outstanding, week.Price);
        // A credit of ours is ten of the vault's millionths.
        var bought = _vault.TryMint(week.Revenue.Count * 10, week.Price, out var burned, out _);
        var inflation = StakingInflation.Provision(week.Supply, (long)(terms.StakingInflation * 1e6), (long)WeeksPerYear);
        var allocation = ProRata.Allocate(paid, units);
        // What leaves the vault beyond new supply was burned before: to the supply both are mints.
        var reminted = paid - (_vault.NewSupply - before);
        return new WeekOutcome(_vault.NewSupply - before + reminted + inflation, burned, paid - allocation.Dust - allocation.Unallocated, allocation.Amounts, Refused: !bought);
    }
}
