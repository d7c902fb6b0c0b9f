using FsCheck.Fluent;
using Turnpike.Economics;

namespace Turnpike.Core.Tests.Economics;

public class HealthTests
{
    private static readonly Price OneDollar = Price.Parse("1");

    [Fact]
    public void Vital_signs_of_a_small_network_are_as_computed_by_hand()
    {
        var health = NetworkHealth.Of(Facts());

        Assert.Equal(600_000u, health.SubsidyPpm);              // 100 tokens of reward, $40 of revenue.
        Assert.Equal(2_500_000ul, health.RewardPerRevenuePpm);
        Assert.Equal(333_333ul, health.BurnToMintPpm);          // 40 of 120.
        Assert.Equal(750_000u, health.OrganicPpm);              // $10 of $40 to oneself.
        Assert.Equal(3_250_000L, health.DilutionPpmPerYear);    // 80 on 1,280 in 7 of 364 epochs.
        Assert.Equal(20ul, health.RunwayEpochs);
        var payback = Assert.Single(health.Payback);
        // $70 of hardware; 7 epochs; $7 running; earning 77, 14, 7.
        Assert.Equal(((ulong?)7, (ulong?)70, null), (payback.P10, payback.P50, payback.P90));
        Assert.Equal((333_333u, Credits.FromUsd(140), Credits.FromUsd(70)), (payback.LosingPpm, payback.Debt, payback.Stranded));
    }

    [Fact]
    public void Without_a_price_what_needs_none_is_still_known()
    {
        var health = NetworkHealth.Of(Facts() with { Price = null });
        Assert.Equal((null, null, 333_333ul), (health.SubsidyPpm, health.RewardPerRevenuePpm, health.BurnToMintPpm));
        Assert.Empty(health.Payback);
    }

    [Fact]
    public void Silent_network_has_no_figures_rather_than_zeros()
    {
        var health = NetworkHealth.Of(Facts() with { Minted = Amount.Zero, Burned = Amount.Zero, Rewards = Amount.Zero, Revenue = Credits.Zero, SelfDealt = Credits.Zero, Operators = [], Payers = [], SpendingPerEpoch = Credits.Zero });
        Assert.Equal((null, null, null, null), (health.SubsidyPpm, health.BurnToMintPpm, health.OrganicPpm, health.RunwayEpochs));
        Assert.Equal((0L, Concentration.None), (health.DilutionPpmPerYear, health.Operators));
    }

    [Fact]
    public void Revenue_above_rewards_is_no_subsidy() => Assert.Equal(0u, NetworkHealth.Of(Facts() with { Revenue = Credits.FromUsd(500) }).SubsidyPpm);

    [Theory]
    [InlineData(new ulong[] { 5, 5, 5, 5 }, 0u, 250_000u, 3)]
    [InlineData(new ulong[] { 0, 0, 0, 8 }, 750_000u, 1_000_000u, 1)]
    [InlineData(new ulong[] { 1, 3 }, 250_000u, 625_000u, 1)]
    [InlineData(new ulong[] { 0, 0 }, 0u, 0u, 0)]
    public void Concentration_of_simple_divisions(ulong[] amounts, uint gini, uint hhi, int nakamoto)
    {
        var measured = Concentration.Of(amounts.Select(amount => (UInt128)amount));
        Assert.Equal((gini, hhi, nakamoto), (measured.GiniPpm, measured.HhiPpm, measured.Nakamoto));
    }

    [Fact]
    public void Concentration_is_blind_to_order_and_scale_and_inside_its_bounds() => Property.Holds(Any.Bits(60).NonEmptyListOf(), amounts =>
    {
        var measured = Concentration.Of(amounts);
        Assert.Equal(measured, Concentration.Of(Enumerable.Reverse(amounts)));
        Assert.Equal(measured, Concentration.Of(amounts.Select(amount => amount * 3)));
        Assert.InRange(measured.GiniPpm, 0u, 1_000_000u);
        Assert.InRange(measured.HhiPpm, amounts.Any(amount => amount > 0) ? 1_000_000u / (uint)amounts.Count - 1 : 0, 1_000_000u);
        Assert.InRange(measured.Nakamoto, 0, amounts.Count / 2 + 1);
    });

    private static HealthFacts Facts() => new()
    {
        Epochs = 7, EpochsPerYear = 364, Price = OneDollar, Supply = Amount.FromTokens(1_360), Minted = Amount.FromTokens(120), Burned = Amount.FromTokens(40), Rewards = Amount.FromTokens(100),
        Revenue = Credits.FromUsd(40), SelfDealt = Credits.FromUsd(10), Operators = [77, 14, 7], Payers = [30, 10], Holders = [], Treasury = Credits.FromUsd(200), SpendingPerEpoch = Credits.FromUsd(10),
        Hardware = [new HardwareClass("gateway", Credits.FromUsd(70), Credits.FromUsd(1), [Amount.FromTokens(14), Amount.FromTokens(7), Amount.FromTokens(77)])],
    };
}
