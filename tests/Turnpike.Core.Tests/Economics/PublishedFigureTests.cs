using System.Globalization;
using System.Text.Json;
using Turnpike.Core.Allocation;
using Turnpike.Economics;
using Turnpike.Tests;

namespace Turnpike.Core.Tests.Economics;

/// <summary>Figures that networks published, recomputed. V1 and V3 are in <see cref="EmissionTests"/>, V5 and V6 in <see cref="FilecoinTests"/>.</summary>
public class PublishedFigureTests
{
    // V2: August 2024, 28 epochs of 41,095.89041096 HNT and a re-emission of the smoothed burn, which was below the cap.
    [Fact]
    public void Helium_issued_in_August_2024_what_the_schedule_and_the_smoothed_burn_say()
    {
        var row = File.ReadLines(SharedData.Path("economics/helium_monthly_burn_issue_2023-05_2026-02.csv")).Select(line => line.Split(',')).Single(row => row[0].StartsWith("2024-08-31", StringComparison.Ordinal));
        var issued = Tokens(row[2]);
        var scheduled = new Amount(Amount.ParseTokens("41095.89041096").BaseUnits * 28);
        var excess = (issued - scheduled).BaseUnits / 28;
        var meanBurn = Tokens(row[1]).BaseUnits / 28;

        Assert.StartsWith("1158532.3", issued.ToTokenString(), StringComparison.Ordinal);
        // The average of seven days trails the month's own burn.
        var difference = excess > meanBurn ? excess - meanBurn : meanBurn - excess;
        Assert.True(difference * 100 < meanBurn, $"{new Amount(excess).ToTokenString()} a day re-emitted, {new Amount(meanBurn).ToTokenString()} burned");

        var rule = new NetEmission(Amount.ParseTokens("1643.83561643"), 7);
        var (smoothed, total) = (new Amount(meanBurn), Amount.Zero);
        for (var day = 0; day < 28; day++)
        {
            (smoothed, var reemitted) = rule.Advance(smoothed, new Amount(meanBurn));
            total += Amount.ParseTokens("41095.89041096") + reemitted;
        }
        Assert.True(Amount.Max(total, issued) - Amount.Min(total, issued) < Amount.FromTokens(60), total.ToTokenString());
    }

    // V4.
    [Fact]
    public void Io_emits_its_300_million_in_175_319_hours()
    {
        var total = CompoundingEmission.IoNet.Total(1, ulong.MaxValue);
        // The published factor has 19 decimals: exact arithmetic misses the published sum by less than half a thousandth of a token, and the token's cap stops it there.
        Assert.Equal("300000000.000440932488743948", total.ToTokenString());
        Assert.Equal(Amount.FromTokens(300_000_000), new LifetimeCap(Amount.FromTokens(300_000_000)).Allow(Amount.Zero, total));
        foreach (var (year, millions) in new[] { (1UL, "37.66"), (2UL, "33.35"), (3UL, "29.53"), (4UL, "26.15"), (5UL, "23.15") })
            Assert.Equal(millions, Hundredths(CompoundingEmission.IoNet.Total((year - 1) * 8_760 + 1, year * 8_760), 1_000_000));
    }

    // V7: the HIP's two tables; pool = 60 % of 82 % of 22,191.95 HNT a day, $0.50 a GB. Each row: price; coverage and data under HIP-53; coverage and data under HIP-147.
    [Theory]
    [InlineData(40, 1, 3639, 7279, 0, 10918)]
    [InlineData(40, 2, 7279, 14558, 1837, 20000)]
    [InlineData(40, 3, 12755, 20000, 12755, 20000)]
    [InlineData(40, 5, 34592, 20000, 34592, 20000)]
    [InlineData(40, 10, 89184, 20000, 89184, 20000)]
    [InlineData(40, 20, 198369, 20000, 198369, 20000)]
    [InlineData(120, 1, 3639, 7279, 0, 10918)]
    [InlineData(120, 2, 7279, 14558, 0, 21837)]
    [InlineData(120, 3, 10918, 21837, 0, 32755)]
    [InlineData(120, 5, 18197, 36395, 0, 54592)]
    [InlineData(120, 10, 49184, 60000, 49184, 60000)]
    [InlineData(120, 20, 158369, 60000, 158369, 60000)]
    public void Hip_147_divides_as_its_tables_say(ulong terabytes, ulong dollars, ulong oldCoverage, ulong oldData, ulong newCoverage, ulong newData)
    {
        var pool = new Ratio(60 * 82, 10_000).FloorOf(Amount.ParseTokens("22191.95"));
        var price = new Price(dollars * 100_000_000);
        var value = Credits.FromUsd(terabytes * 1_000 / 2);

        Assert.Equal((oldCoverage, oldData), Divided(DataFirst.Hip53));
        Assert.Equal((newCoverage, newData), Divided(DataFirst.Hip147));

        (ulong, ulong) Divided(DataFirst rule)
        {
            var (data, coverage) = rule.Divide(pool, value, price);
            Assert.Equal(pool, data + coverage);
            return (Dollars(coverage, price), Dollars(data, price));
        }
    }

    // V8: with 91,000 GB a day at $0.10, a pool that gets 0.623 of 22,191.78 HNT meets its floor below $0.33 and its cap above $1.97.
    [Fact]
    public void Hip_149_binds_at_its_published_prices()
    {
        Assert.Equal(33, Boundary(price => Size(price).TopUp.IsZero));
        Assert.Equal(198, Boundary(price => !Size(price).Overflow.IsZero));
        Assert.StartsWith("13825.4", Size(new Price(100_000_000)).Base.ToTokenString(), StringComparison.Ordinal);

        static Band Size(Price price) => Banded.Size(new BandTerms
        {
            Emission = Amount.ParseTokens("20547.94520548"), SmoothedBurn = Amount.FromTokens(30_000), ReemissionCap = Amount.ParseTokens("1643.83561643"),
            Share = new Ratio(623, 1_000), ServiceValue = Credits.FromUsd(9_100), FloorPrice = price, CapPrice = price,
        });

        // The first cent at which it holds.
        static int Boundary(Func<Price, bool> holds) => Enumerable.Range(1, 400).First(cent => holds(new Price((UInt128)cent * 1_000_000)));
    }

    // V10: RNP-006's worked example.
    [Fact]
    public void Render_scores_the_node_of_its_example()
    {
        var earnings = NodeScore.Earnings(Credits.FromUsd(100), Credits.FromUsd(2_500));
        Assert.Equal(136_000ul, earnings);
        Assert.Equal(484_000ul, NodeScore.Of(earnings, NodeScore.Bandwidth(1), 600_000, 950_000));
        Assert.Equal(Amount.FromTokens(75_000), NodeScore.Pool(Amount.FromTokens(100_000), 1_000));
        Assert.Equal(Amount.FromTokens(100_000), NodeScore.Pool(Amount.FromTokens(100_000), 1_500));

        // Among 1,500 equal nodes each gets a fifteen-hundredth of the pool.
        var shares = ProRata.Allocate(Amount.FromTokens(100_000), [.. Enumerable.Repeat((UInt128)484_000, 1_500)]);
        Assert.All(shares.Amounts, amount => Assert.Equal(new Amount(Amount.FromTokens(100_000).BaseUnits / 1_500), amount));
    }

    // V11.
    [Theory]
    [InlineData(448_000UL * 40 + 2_000 * 10, "65.08")]
    [InlineData(200UL * 10, "6.69")]
    [InlineData(0UL, "1.00")]
    public void Hip_88_activity_is_the_fourth_root_of_the_fees(ulong dollars, string activity) =>
        Assert.Equal(activity, ((UtilityScore.Activity(Credits.FromUsd(dollars)) + 5_000) / 10_000).ToString("D3", CultureInfo.InvariantCulture).Insert(dollars > 10_000 ? 2 : 1, "."));

    // V12: the published index, to a thousandth.
    [Theory]
    [InlineData("helium", 270)]
    [InlineData("livepeer", 306)]
    [InlineData("dimo", 63)]
    [InlineData("hivemapper", 926)]
    public void Burn_concentration_of_payers_is_the_published_index(string network, uint thousandths)
    {
        // The lists are of the largest payers; the index is over their shares of all that was paid.
        var shares = File.ReadLines(SharedData.Path("economics/burn_concentration_by_payer.csv")).Skip(1).Select(line => line.Split(',')).Where(row => row[0] == network).Select(row => Tokens(row[^1]).BaseUnits);
        Assert.Equal(thousandths, (Concentration.Of(shares, Amount.FromTokens(100).BaseUnits).HhiPpm + 500) / 1_000);
    }

    // V13: RENDER paid to each of 412 operators over all epochs.
    [Fact]
    public void Render_payouts_are_as_unequal_as_published()
    {
        var paid = new Dictionary<string, UInt128>(StringComparer.Ordinal);
        foreach (var row in File.ReadLines(SharedData.Path("economics/render_operator_payouts_long.csv")).Skip(1).Select(line => line.Split(',')))
            paid[row[0]] = paid.GetValueOrDefault(row[0]) + Tokens(row[2]).BaseUnits + Tokens(row[3]).BaseUnits;
        var measured = Concentration.Of(paid.Values);

        Assert.Equal((412, 759u, 30), (measured.Count, (measured.GiniPpm + 500) / 1_000, measured.Nakamoto));
        Assert.Equal((135u, 267u), ((measured.HhiPpm + 50) / 100, (measured.Top10Ppm + 500) / 1_000));
    }

    // data/compute: 8 decimals, epoch 97 pays 15,000 pro rata to the hours that count.
    [Fact]
    public void Render_divides_its_work_pool_pro_rata_to_hours()
    {
        var epochs = SharedData.Json("compute/render-OBhrs.json").GetProperty("data").GetProperty("epochs").EnumerateArray()
            .Where(epoch => epoch.GetProperty("channel").GetString() == "node_operator" && epoch.GetProperty("epochId").GetInt32() >= 76).ToList();
        Assert.NotEmpty(epochs);
        foreach (var epoch in epochs)
        {
            var due = (UInt128)epoch.GetProperty("amountDue").GetDecimal();
            var nodes = epoch.GetProperty("metadataBySolKey").EnumerateObject().Select(node => (Used: (UInt128)(node.Value.GetProperty("obhUsed").GetDecimal() * 100), Due: Due(node.Value))).ToList();
            Assert.InRange(due, (UInt128)1_499_999_000_000, (UInt128)1_500_001_000_000);
            var allocation = ProRata.Allocate(new Amount(due), [.. nodes.Select(node => node.Used)]);
            Assert.Equal(due, Amount.Sum([.. allocation.Amounts]).BaseUnits + allocation.Dust.BaseUnits);
            foreach (var (node, amount) in nodes.Zip(allocation.Amounts))
                if (node.Due is { } paid) Assert.InRange(amount.BaseUnits, paid - UInt128.Min(paid, 2), paid + 2);
        }

        static UInt128? Due(JsonElement node) => node.TryGetProperty("amountDue", out var due) ? (UInt128)due.GetDecimal() : null;
    }

    // MIP-15.
    [Fact]
    public void Hivemapper_burns_three_quarters_and_mints_a_quarter_up_to_half_a_million_a_week()
    {
        Assert.Equal((Amount.FromTokens(750), Amount.FromTokens(250)), RemintShare.Hivemapper.Split(Amount.FromTokens(1_000)));
        Assert.Equal((Amount.FromTokens(3_500_000), Amount.FromTokens(500_000)), RemintShare.Hivemapper.Split(Amount.FromTokens(4_000_000)));
        Assert.Equal((Amount.FromTokens(1_000), Amount.Zero), RemintShare.Hivemapper.Split(Amount.FromTokens(1_000), Amount.FromTokens(500_000)));
    }

    [Fact]
    public void Geodnet_and_Render_burn_their_shares_of_revenue()
    {
        Assert.Equal((Credits.FromUsd(80), Credits.FromUsd(20)), RevenueBurn.Geodnet.Split(Credits.FromUsd(100)));
        Assert.Equal((Credits.FromUsd(95), Credits.FromUsd(5)), RevenueBurn.Render.Split(Credits.FromUsd(100)));
        Assert.Equal(Amount.FromTokens(160), RevenueBurn.Geodnet.Tokens(Credits.FromUsd(100), Price.Parse("0.5")));
    }

    // At 340 winston a GiB-minute a GiB for ever costs 0.749 AR, at 170 half of it.
    [Theory]
    [InlineData(340u, 749u)]
    [InlineData(170u, 374u)]
    public void Arweave_prices_a_gib_for_ever(uint winston, uint thousandthsOfAr)
    {
        var (fee, miner) = new StoragePrice(winston).Fee(StoragePrice.Gib);
        Assert.Equal(thousandthsOfAr, (fee + 500_000_000) / 1_000_000_000);
        Assert.Equal((fee - miner) / 20, miner);
    }

    [Fact]
    public void Arweave_endowment_is_199_5_years_of_the_first_years_cost()
    {
        var price = new StoragePrice(340);
        var years = price.Endowment(StoragePrice.Gib) * 10 / price.Cost(StoragePrice.Gib, 365 * 86_400);
        Assert.Equal((UInt128)1_994, years);
    }

    [Fact]
    public void Arweave_inflation_halves_yearly_from_five_and_a_half_million()
    {
        var year = UInt128.Zero;
        for (var height = 0L; height < StorageEndowment.BlocksPerYear; height += 438) year += StorageEndowment.Inflation(height) * 438;
        Assert.InRange(year / StorageEndowment.PerAr, 5_500_000u, 5_504_000u);
        var (first, second) = (StorageEndowment.Inflation(0), StorageEndowment.Inflation(StorageEndowment.BlocksPerYear));
        Assert.True(first / 2 - second <= 1);
    }

    private static Amount Tokens(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return Amount.ParseTokens(point >= 0 && text.Length > point + 19 ? text[..(point + 19)] : text);
    }

    private static ulong Dollars(Amount amount, Price price) => (ulong)((price.CreditsFloor(amount).Count + Credits.PerUsd / 2) / Credits.PerUsd);

    private static string Hundredths(Amount amount, ulong unit) =>
        ((decimal)(amount.BaseUnits / Amount.PerToken) / unit).ToString("0.00", CultureInfo.InvariantCulture);
}
