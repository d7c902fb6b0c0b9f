using System.Numerics;
using FsCheck.Fluent;
using Turnpike.Economics;
using Turnpike.Tests;

namespace Turnpike.Core.Tests.Economics;

public class EmissionTests
{
    private static readonly Amount HeliumPerDay = Amount.ParseTokens("20547.94520548");
    private static readonly Amount HeliumCap = Amount.ParseTokens("1643.83561642");

    // HIP-20's yearly figures over days of the year, as the chain holds them with 8 decimals (nearest).
    [Theory]
    [InlineData(30_000_000, 365, "82191.78082192")]
    [InlineData(15_000_000, 366, "40983.60655738")]
    [InlineData(15_000_000, 365, "41095.89041096")]
    [InlineData(7_500_000, 365, "20547.94520548")]
    public void Yearly_emission_of_Helium_over_days_is_the_published_figure(ulong perYear, ulong days, string perDay)
    {
        const ulong Unit = 10_000_000_000;
        var exact = new Ratio(1, days).FloorOf(Amount.FromTokens(perYear)).BaseUnits;
        Assert.Equal(Amount.ParseTokens(perDay).BaseUnits, (exact + Unit / 2) / Unit * Unit);
    }

    [Fact]
    public void Halving_of_Helium_in_2027_gives_half()
    {
        var schedule = EmissionSchedule.Halving(EpochNumber.First, HeliumPerDay, 730, 2);
        Assert.Equal(HeliumPerDay, schedule.At(new EpochNumber(730)));
        Assert.Equal(Amount.ParseTokens("10273.97260274"), schedule.At(new EpochNumber(731)));
        Assert.Equal(Amount.ParseTokens("5136.98630137"), schedule.At(new EpochNumber(1461)));
        Assert.Equal(Amount.ParseTokens("5136.98630137"), schedule.At(new EpochNumber(1_000_000)));
    }

    [Fact]
    public void Emission_of_Helium_by_month_is_what_the_chain_issued()
    {
        var days = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["2025-09"] = 35, ["2025-10"] = 28, ["2025-11"] = 28, ["2025-12"] = 35, ["2026-01"] = 28, ["2026-02"] = 17,
        };
        var rows = File.ReadLines(SharedData.Path("economics/helium_monthly_burn_issue_2023-05_2026-02.csv"))
            .Select(line => line.Split(',')).Where(row => row[0].Length > 7 && days.ContainsKey(row[0][..7])).ToArray();
        Assert.Equal(6, rows.Length);

        // Burn was above the cap throughout, so every epoch re-emits exactly the cap: seeded at the cap, burning the month's daily mean.
        var rule = new NetEmission(HeliumCap, 7);
        var smoothed = HeliumCap;
        foreach (var row in rows)
        {
            var count = days[row[0][..7]];
            var burn = new Amount(Amount.ParseTokens(Truncated(row[1])).BaseUnits / (UInt128)count);
            var issued = Amount.Zero;
            for (var day = 0; day < count; day++)
            {
                (smoothed, var reemitted) = rule.Advance(smoothed, burn);
                issued += HeliumPerDay + reemitted;
            }
            // The file rounds to 7 decimals.
            var difference = Amount.Max(issued, Amount.ParseTokens(row[2])) - Amount.Min(issued, Amount.ParseTokens(row[2]));
            Assert.True(difference <= Amount.ParseTokens("0.0000001"), $"{row[0]}: {issued.ToTokenString()} against {row[2]}");
        }
    }

    [Fact]
    public void Emission_of_DIMO_sums_to_its_published_totals()
    {
        var schedule = EmissionSchedule.Decaying(EpochNumber.First, Amount.FromTokens(1_105_000), new Ratio(85, 100), 52, 39);
        Assert.Equal("260264270.0490625", schedule.TotalThrough(new EpochNumber(364)).ToTokenString());
        Assert.StartsWith("382491185.1", schedule.TotalThrough(new EpochNumber(40 * 52)).ToTokenString());
    }

    [Fact]
    public void Total_is_the_sum_over_epochs() => Property.Holds(
        from gaps in Gen.Choose(1, 9).NonEmptyListOf()
        from amounts in Any.Bits(80).ListOf(gaps.Count)
        from last in Gen.Choose(1, 120)
        select (gaps, amounts, last),
        x =>
        {
            var from = 0UL;
            var schedule = new EmissionSchedule(x.gaps.Zip(x.amounts).Select(pair => new EmissionStep(new EpochNumber(from += (ulong)pair.First), new Amount(pair.Second))));
            var sum = Amount.Zero;
            for (var epoch = 1; epoch <= x.last; epoch++)
            {
                var step = schedule.Steps.LastOrDefault(step => step.FromEpoch.Value <= (ulong)epoch);
                Assert.Equal(step.PerEpoch, schedule.At(new EpochNumber((ulong)epoch)));
                sum += step.PerEpoch;
            }
            Assert.Equal(sum, schedule.TotalThrough(new EpochNumber((ulong)x.last)));
        });

    [Fact]
    public void Schedule_out_of_order_or_empty_is_refused()
    {
        var step = new EmissionStep(new EpochNumber(5), Amount.FromTokens(1));
        Assert.Throws<ArgumentException>(() => new EmissionSchedule([]));
        Assert.Throws<ArgumentException>(() => new EmissionSchedule([step, step]));
        Assert.Throws<ArgumentException>(() => new EmissionSchedule([default]));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmissionSchedule.Halving(EpochNumber.First, Amount.FromTokens(1), 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmissionSchedule.Halving(EpochNumber.First, Amount.FromTokens(1), 1, -1));
    }

    // Solidity computes ((k - 1) * smoothed + burn) / k in 256 bits.
    [Fact]
    public void Smoothed_burn_is_what_the_contract_computes() => Property.Holds(
        from smoothed in Any.UInt128
        from burn in Any.UInt128
        from cap in Any.UInt128
        from k in Gen.OneOf(Gen.Choose(1, 10), Gen.Choose(1, int.MaxValue))
        select (smoothed, burn, cap, k),
        x =>
        {
            var (smoothed, reemitted) = new NetEmission(new Amount(x.cap), (uint)x.k).Advance(new Amount(x.smoothed), new Amount(x.burn));
            Assert.Equal(((x.k - 1) * (BigInteger)x.smoothed + x.burn) / x.k, smoothed.BaseUnits);
            Assert.Equal(UInt128.Min(smoothed.BaseUnits, x.cap), reemitted.BaseUnits);
        },
        cases: 10_000);

    // Below the cap, all that is burned comes back: the supply grows by the schedule and no less.
    [Fact]
    public void Re_emission_below_the_cap_converges_to_a_steady_burn()
    {
        var rule = new NetEmission(HeliumCap, 7);
        var burn = Amount.ParseTokens("280.3");
        var state = (Smoothed: Amount.Zero, Reemitted: Amount.Zero);
        for (var day = 0; day < 400; day++) state = rule.Advance(state.Smoothed, burn);
        Assert.True(burn - state.Reemitted < new Amount(7));
    }

    [Fact]
    public void Smoothing_over_no_epochs_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new NetEmission(HeliumCap, 0));

    // The file carries the noise of binary floats beyond 18 decimals.
    private static string Truncated(string tokens)
    {
        var end = tokens.IndexOf('.', StringComparison.Ordinal) + 1 + Amount.Decimals;
        return tokens.Length > end ? tokens[..end] : tokens;
    }
}
