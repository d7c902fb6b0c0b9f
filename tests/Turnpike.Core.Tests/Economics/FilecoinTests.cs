using System.Globalization;
using System.Numerics;
using FsCheck.Fluent;
using Turnpike.Economics;
using Turnpike.Tests;

namespace Turnpike.Core.Tests.Economics;

/// <summary>Filecoin's actors are the reference, bit for bit: 1,024 rows of their own golden files.</summary>
public class FilecoinTests
{
    [Fact]
    public void Simple_reward_equals_all_512_golden_rows()
    {
        var rows = Rows("storage/filecoin_simple_reward.golden.csv");
        Assert.Equal(512, rows.Count);
        Assert.All(rows, row => Assert.Equal(row[1], FilecoinMinting.Reward((long)row[0], 0, 0, FilecoinMinting.SimpleTotal, 0).BaseUnits));
    }

    [Fact]
    public void Baseline_reward_equals_all_512_golden_rows()
    {
        var rows = Rows("storage/filecoin_baseline_reward.golden.csv");
        Assert.Equal(512, rows.Count);
        // The golden file holds the whole reward of epoch 0 less its simple part.
        var simple = FilecoinMinting.Reward(0, 0, 0);
        Assert.All(rows, row => Assert.Equal(row[2], (FilecoinMinting.Reward(0, row[0], row[1]) - simple).BaseUnits));
    }

    [Fact]
    public void First_reward_by_time_alone_is_the_published_one() =>
        Assert.Equal("36.266264293777134739", FilecoinMinting.Reward(0, 0, 0, FilecoinMinting.SimpleTotal, 0).ToTokenString());

    [Fact]
    public void Baseline_starts_at_its_published_value_and_doubles_in_a_year()
    {
        var clock = new BaselineClock(BaselineClock.FilecoinInitial);
        clock.Advance(0);
        Assert.InRange(clock.Baseline, BaselineClock.FilecoinInitial - 1, BaselineClock.FilecoinInitial);
        for (var epoch = 0; epoch < FilecoinMinting.EpochsPerYear; epoch++) clock.Advance(0);
        Assert.InRange(clock.Baseline, 2 * BaselineClock.FilecoinInitial - 2_000_000, 2 * BaselineClock.FilecoinInitial);
    }

    // Power above the baseline: effective time is the number of epochs. Then power of a quarter of it: time slows down.
    [Fact]
    public void Effective_time_of_a_year_is_what_the_closed_form_says()
    {
        var clock = new BaselineClock(BaselineClock.FilecoinInitial);
        var realized = BigInteger.Zero;
        for (var epoch = 0; epoch < FilecoinMinting.EpochsPerYear; epoch++)
        {
            var power = epoch % 3 == 0 ? 4 * BaselineClock.FilecoinInitial : BaselineClock.FilecoinInitial / 4;
            clock.Advance(power);
            realized += UInt128.Min(power, clock.Baseline);
        }
        var closed = BaselineClock.ThetaOf(realized, BaselineClock.FilecoinInitial);
        Assert.True(BigInteger.Abs(closed - clock.Theta) < Q128.One, $"{closed >> 128} against {clock.Theta >> 128}");
        Assert.True(clock.Theta >> 128 < FilecoinMinting.EpochsPerYear);
    }

    [Fact]
    public void Rewards_of_epochs_sum_to_what_is_minted_through_them()
    {
        var clock = new BaselineClock(BaselineClock.FilecoinInitial);
        var sum = Amount.Zero;
        for (var epoch = 0; epoch < 3_000; epoch++) sum += clock.AdvanceWithReward(3 * BaselineClock.FilecoinInitial);
        var through = FilecoinMinting.SimpleThrough(3_000) + FilecoinMinting.BaselineThrough(clock.Theta);
        // The actor's simple rewards sum to e^lambda times the closed form: 1.1e-7 more.
        Assert.InRange((sum - through).BaseUnits, UInt128.Zero, sum.BaseUnits * 12 / 100_000_000);
    }

    [Fact]
    public void Everything_is_minted_in_the_end() =>
        Assert.InRange((FilecoinMinting.SimpleThrough(40L * FilecoinMinting.EpochsPerYear).BaseUnits / Amount.PerToken), (UInt128)326_000_000, (UInt128)330_000_000);

    [Fact]
    public void Logarithm_of_a_power_of_two_is_exact_and_of_others_within_its_precision() => Property.Holds(Any.Bits(100), x =>
    {
        var value = Q128.One + x;
        var log = Q128.Log2(value, 64);
        var expected = Math.Log2((double)value) - 128;
        Assert.InRange((double)log / Math.Pow(2, 128) - expected, -1e-12, 1e-12);
        Assert.Equal((BigInteger)7 << 128, Q128.Log2(Q128.One << 7));
    });

    [Fact]
    public void Upper_half_of_a_product_is_exact() => Property.Holds(Any.UInt128.Two(), x =>
        Assert.Equal(((BigInteger)x.Item1 * x.Item2) >> 128, Q128.MultiplyHigh(x.Item1, x.Item2)));

    [Fact]
    public void Pledge_is_capped_at_one_FIL_for_32_GiB()
    {
        var sector = (UInt128)32 << 30;
        var (eib, reward) = ((UInt128)1 << 60, Amount.FromTokens(100));
        Assert.Equal(Amount.FromTokens(1), FilecoinPledge.Initial(reward, Amount.FromTokens(700_000_000), sector, eib / 1024, eib / 1024));
        var pledge = FilecoinPledge.Initial(Amount.FromTokens(27), Amount.FromTokens(780_000_000), sector, 24 * eib, 83 * eib);
        // 20 days' reward 0.0019; of 234 million, 70 % over the baseline and 30 % over the network: 0.0588 + 0.0872.
        Assert.StartsWith("0.147", pledge.ToTokenString(), StringComparison.Ordinal);
    }

    private static List<BigInteger[]> Rows(string file) =>
        File.ReadLines(SharedData.Path(file)).Skip(1).Where(line => line.Length > 0).Select(line => line.Split(',').Select(cell => BigInteger.Parse(cell.Trim(), NumberStyles.None, CultureInfo.InvariantCulture)).ToArray()).ToList();
}
