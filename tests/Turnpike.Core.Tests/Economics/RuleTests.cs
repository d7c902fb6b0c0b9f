using System.Numerics;
using FsCheck.Fluent;
using Turnpike.Economics;

namespace Turnpike.Core.Tests.Economics;

/// <summary>Laws of the smaller rules.</summary>
public class RuleTests
{
    [Fact]
    public void Roots_are_exact() => Property.Holds(Any.UInt128, value =>
    {
        BigInteger square = IntegerRoot.Square(value), fourth = IntegerRoot.Fourth(value);
        Assert.True(square * square <= value && (square + 1) * (square + 1) > value);
        Assert.True(BigInteger.Pow(fourth, 4) <= value && BigInteger.Pow(fourth + 1, 4) > value);
    }, cases: 5_000);

    [Fact]
    public void Utility_score_multiplies_votes_burn_and_activity()
    {
        Assert.Equal(Amount.PerToken, UtilityScore.Of(Amount.Zero, Credits.Zero, Credits.Zero));
        Assert.Equal(1_000 * 10 * 2 * Amount.PerToken, UtilityScore.Of(Amount.FromTokens(1_000), Credits.FromUsd(100), Credits.FromUsd(16)));
    }

    [Fact]
    public void Burned_and_minted_again_sum_to_what_was_redeemed() => Property.Holds(Any.Bits(120).Three(), x =>
    {
        var (gone, reminted) = new RemintShare(new Ratio(3, 7), new Amount(x.Item2)).Split(new Amount(x.Item1), new Amount(x.Item3));
        Assert.Equal(x.Item1, gone.BaseUnits + reminted.BaseUnits);
        Assert.True(reminted.BaseUnits + UInt128.Min(x.Item3, x.Item2) <= x.Item2);
        Assert.Equal((new Amount(x.Item1), Amount.Zero), RemintShare.Plain.Split(new Amount(x.Item1)));
    });

    [Fact]
    public void Lifetime_cap_is_reached_and_never_passed() => Property.Holds(Any.Bits(100).NonEmptyListOf(), wishes =>
    {
        var cap = new LifetimeCap(new Amount(UInt128.One << 98));
        var minted = Amount.Zero;
        foreach (var wish in wishes) minted += cap.Allow(minted, new Amount(wish));
        Assert.Equal(BigInteger.Min(wishes.Aggregate(BigInteger.Zero, (sum, wish) => sum + wish), cap.Most.BaseUnits), minted.BaseUnits);
    });

    [Fact]
    public void Inflation_moves_toward_its_goal_within_its_band()
    {
        var akash = new StakingInflation(40_000, 80_000, 670_000, 130_000);
        Assert.Equal(60_000 + 130_000 / 365, akash.Next(60_000, 0, 365));
        Assert.True(akash.Next(60_000, 900_000, 365) < 60_000);
        Assert.Equal(60_000, akash.Next(60_000, 670_000, 365));
        Assert.Equal((40_000, 80_000), (akash.Next(40_010, 1_000_000, 1), akash.Next(79_990, 0, 1)));
        Assert.Equal(Amount.FromTokens(60), StakingInflation.Provision(Amount.FromTokens(365_000), 60_000, 365));
    }

    [Fact]
    public void Grant_vests_whole_and_nothing_before_its_cliff() => Property.Holds(from total in Any.Bits(100) from cliff in Gen.Choose(0, 40) from length in Gen.Choose(1, 60) select (total, cliff, length), x =>
    {
        var grant = new LinearVesting(new Amount(x.total), 10, (ulong)x.cliff, (ulong)x.length);
        var sum = Amount.Zero;
        for (var epoch = 0UL; epoch <= 120; epoch++)
        {
            sum += grant.ReleasedIn(epoch);
            Assert.Equal(grant.VestedAt(epoch), sum);
            if (epoch < 10 + (ulong)x.cliff) Assert.Equal(Amount.Zero, sum);
        }
        Assert.Equal(grant.Total, sum);
    });

    [Fact]
    public void Queue_releases_each_reward_evenly_and_to_the_base_unit() => Property.Holds(Gen.Zip(Any.Bits(90).NonEmptyListOf(), Gen.Choose(1, 12)), x =>
    {
        var queue = new VestingQueue(x.Item2);
        var (taken, released) = (UInt128.Zero, UInt128.Zero);
        var rewards = x.Item1.Concat(Enumerable.Repeat(UInt128.Zero, x.Item2)).ToList();
        for (var i = 0; i < rewards.Count; i++)
        {
            var expected = Enumerable.Range(1, x.Item2).Where(age => i - age >= 0).Aggregate(UInt128.Zero, (sum, age) => sum + rewards[i - age] / (UInt128)x.Item2 + (age == x.Item2 ? rewards[i - age] % (UInt128)x.Item2 : 0));
            var part = queue.Advance(new Amount(rewards[i])).BaseUnits;
            Assert.Equal(expected, part);
            (taken, released) = (taken + rewards[i], released + part);
            Assert.Equal(taken - released, queue.Locked.BaseUnits);
        }
        Assert.Equal(Amount.Zero, queue.Locked);
    });

    [Fact]
    public void Slash_reaches_what_thaws_and_leaves_the_oldest_thaw_last()
    {
        var provision = new Provision(28, new Ratio(1, 2));
        provision.Deposit(Amount.FromTokens(100));
        provision.Thaw(Amount.FromTokens(30), 1);
        provision.Thaw(Amount.FromTokens(50), 5);
        Assert.Equal((Amount.FromTokens(60), Amount.FromTokens(30), Amount.FromTokens(30)), provision.Slash(Amount.FromTokens(60), new Ratio(9, 10)));
        Assert.Equal((Amount.Zero, Amount.FromTokens(40)), (provision.Bonded, provision.Thawing));
        Assert.Equal(Amount.Zero, provision.Withdraw(28));
        Assert.Equal(Amount.FromTokens(30), provision.Withdraw(29));
        Assert.Equal((Amount.FromTokens(10), Amount.Zero, Amount.FromTokens(10)), provision.Slash(Amount.FromTokens(60), Ratio.Zero));
        Assert.Equal(Amount.Zero, provision.Withdraw(100));
        Assert.Throws<OverflowException>(() => provision.Thaw(new Amount(1), 100));
    }

    [Theory]
    [InlineData(100, 0, 1, 10, 900ul)]
    [InlineData(100, 300, 1, 10, 600ul)]
    [InlineData(100, 0, 1, 1, 0ul)]
    [InlineData(100, 5_000, 1, 10, 0ul)]
    public void Bond_that_deters_is_gain_times_odds_less_what_is_unvested(ulong gain, ulong unvested, ulong numerator, ulong denominator, ulong bond) =>
        Assert.Equal(Amount.FromTokens(bond), Deterrence.BondNeeded(Amount.FromTokens(gain), Amount.FromTokens(unvested), new Ratio(numerator, denominator)));

    [Fact]
    public void Cheat_that_is_never_found_no_bond_deters() => Assert.Null(Deterrence.BondNeeded(Amount.FromTokens(1), Amount.Zero, Ratio.Zero));

    [Fact]
    public void Endowment_pays_what_inflation_does_not_and_borrows_when_empty()
    {
        var endowment = new StorageEndowment();
        endowment.Donate(50);
        Assert.Equal(((UInt128)100, UInt128.Zero, UInt128.Zero), endowment.Settle(60, 40, 90));
        Assert.Equal(((UInt128)130, (UInt128)30, UInt128.Zero), endowment.Settle(60, 40, 130));
        Assert.Equal(((UInt128)130, (UInt128)20, (UInt128)10), endowment.Settle(60, 40, 130));
        Assert.Equal((2u, (UInt128)10), (endowment.Kryder, endowment.Debt));
        endowment.Settle(0, 0, 5);
        Assert.Equal(2u, endowment.Kryder);
        endowment.Donate(10_001 * StorageEndowment.PerAr);
        endowment.Settle(0, 0, 0);
        endowment.Settle(0, 0, 10_002 * StorageEndowment.PerAr);
        Assert.Equal(4u, endowment.Kryder);
    }

    [Fact]
    public void Stored_bytes_are_billed_in_chunks() =>
        Assert.Equal([StoragePrice.Chunk + 3_210, StoragePrice.Chunk + 3_210, 2 * StoragePrice.Chunk + 3_210], new[] { 1u, 262_144u, 262_145u }.Select(bytes => (ulong)StoragePrice.BilledBytes(bytes)));

    [Fact]
    public void Quantity_theory_prices_what_demand_holds()
    {
        var theory = new QuantityTheory(new Ratio(30, 1));
        Assert.Equal("0.3", theory.Of(Credits.FromUsd(1_000), Amount.FromTokens(100_000)).ToString());
        Assert.True(theory.Of(Credits.FromUsd(1_000), Amount.Zero).IsZero);
    }

    [Fact]
    public void Pool_product_never_falls_and_a_round_trip_loses() => Property.Holds(from a in Any.Bits(80) from b in Any.Bits(60) from c in Any.Bits(60) select (a, b, c), x =>
    {
        var pool = new ConstantProductPool(new Amount(x.a + 1_000), new Credits(x.b + 1_000), 30);
        var before = (BigInteger)pool.Tokens.BaseUnits * pool.Credits.Count;
        var bought = pool.Buy(new Credits(x.c));
        Assert.True((BigInteger)pool.Tokens.BaseUnits * pool.Credits.Count >= before);
        Assert.True(pool.Sell(bought).Count <= x.c);
        Assert.True((BigInteger)pool.Tokens.BaseUnits * pool.Credits.Count >= before);
    });

    [Fact]
    public void Pool_price_moves_with_depth()
    {
        var pool = new ConstantProductPool(Amount.FromTokens(1_000_000), Credits.FromUsd(1_000_000), 0);
        Assert.Equal("1", pool.Price.ToString());
        Assert.Equal(Amount.FromTokens(500_000), pool.Buy(Credits.FromUsd(1_000_000)));
        Assert.Equal("4", pool.Price.ToString());
    }

    [Fact]
    public void Exogenous_price_holds_its_last_value()
    {
        var path = new ExogenousPrice([Price.Parse("1"), Price.Parse("2")]);
        Assert.Equal(["1", "1", "2", "2"], new[] { 0UL, 1UL, 2UL, 99UL }.Select(epoch => path.At(epoch).ToString()));
        Assert.Throws<ArgumentException>(() => new ExogenousPrice([]));
    }

    // RNP-015 in floating point, as published, against our integers.
    [Fact]
    public void Availability_weights_are_those_of_the_published_formula() => Property.Holds(
        (from idle in Gen.Choose(0, 1_000_000)
         from benchmark in Gen.Choose(2, 3_000)
         from vram in Gen.Choose(4, 96)
         from age in Gen.Choose(2, 2_000)
         from wallet in Gen.Choose(1, 20)
         select new AvailableNode((uint)idle, (ulong)benchmark, (ulong)vram, (ulong)age, (uint)wallet)).NonEmptyListOf(),
        nodes =>
        {
            var (ob, vram, age) = (Math.Log(nodes.Average(node => (double)node.Benchmark)), Math.Log(nodes.Average(node => (double)node.Vram)), Math.Log(nodes.Average(node => (double)node.AgeDays)));
            var weights = AvailabilityWeight.Of(nodes);
            foreach (var (node, weight) in nodes.Zip(weights))
            {
                var factors = 3 * Math.Log(node.Benchmark) / ob + 3 * Math.Log(node.Vram) / vram + Math.Log(node.AgeDays) / age;
                var expected = node.IdlePpm * factors * (node.WalletNodes <= 3 ? 1 : Math.Exp(-0.65 * (node.WalletNodes - 3)));
                Assert.Equal(expected, (double)weight / Math.Pow(2, 32), expected * 1e-9 + 1e-6);
            }
        });
}
