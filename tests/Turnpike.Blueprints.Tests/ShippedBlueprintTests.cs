using Turnpike.Networks.Wireless.Rules.Usage2026;
using Turnpike.Tests;

namespace Turnpike.Blueprints.Tests;

public class ShippedBlueprintTests
{
    private static readonly string Folder = Path.Combine(SharedData.RepositoryRoot, "blueprints");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.yaml").Select(path => Path.GetFileName(path))];

    [Theory, MemberData(nameof(Files))]
    public void Shipped_blueprint_is_right_and_named_like_its_file(string file)
    {
        var reading = BlueprintReader.Read(Path.Combine(Folder, file), [Usage2026Description.Pack]);

        Assert.Empty(reading.Problems);
        Assert.Equal(Path.GetFileNameWithoutExtension(file), reading.Blueprint!.Network.Name);
    }

    [Fact]
    public void Shipped_blueprints_are_all_in_the_readme()
    {
        var readme = File.ReadAllText(Path.Combine(Folder, "README.md"));

        Assert.NotEmpty(Files);
        Assert.All(Files, file => Assert.Contains($"| `{file.Data}` |", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void Helium_iot_has_the_published_figures()
    {
        var helium = Helium().Blueprint!;

        Assert.Equal(Tokens("20547.94520548"), helium.Emission.Steps[0].PerEpoch); // HNT emission list, 2025-08-01.
        Assert.Equal((Tokens("1643.83561643"), 7u), (helium.Emission.ReemissionCap, helium.Emission.SmoothingEpochs)); // HIP-20, smoothed since 2025-03.
        Assert.Equal((50_000ul, 50_000ul), (helium.Credits.OnboardingFee, helium.Credits.LocationFee));
        Assert.Equal(TimeSpan.FromMinutes(10), helium.Credits.MaxPriceAge);
        Assert.Equal([("data", 500_000u), ("operations", 370_000u), ("oracles", 70_000u), ("lockers", 60_000u)], helium.Pools.Select(pool => (pool.Name, pool.SharePpm)));
        Assert.Equal("operations", helium.Pools[0].Leftovers!.Value.Text);
        Assert.Equal((24ul, 300_000ul, 2ul), (helium.Parameters.Integer("bytes_per_credit"), helium.Parameters.Milliseconds("retransmission_window"), helium.Parameters.Integer("minimum_trust")));
    }

    // 7.5 million a year, halved every second August: each year from August to July mints its share but for the eighth decimal of each day.
    [Fact]
    public void Helium_iot_mints_each_year_what_hip_20_says()
    {
        var helium = Helium().Blueprint!;
        var start = helium.Epoch.Start!.Value;
        for (var year = 2025; year < 2045; year++)
        {
            var minted = UInt128.Zero;
            for (var day = new DateTimeOffset(year, 8, 1, 0, 0, 0, TimeSpan.Zero); day < new DateTimeOffset(year + 1, 8, 1, 0, 0, 0, TimeSpan.Zero); day = day.AddDays(1))
                minted += PerEpoch(helium, (ulong)(day - start).Days + 1);

            var nominal = Tokens("7500000") >> ((year - 2025) / 2);
            var difference = minted > nominal ? minted - nominal : nominal - minted;
            Assert.True(difference <= 366 * Tokens("0.000000005"), $"{year}: {minted} and not {nominal}");
        }
        Assert.Equal(UInt128.Zero, PerEpoch(helium, (ulong)(new DateTimeOffset(2045, 8, 1, 0, 0, 0, TimeSpan.Zero) - start).Days + 1));
    }

    [Fact]
    public void Helium_iot_local_day_mints_what_a_published_day_does()
    {
        var (published, local) = (Helium().Blueprint!, Helium().Local!);
        var epochs = (UInt128)(ulong)(published.Epoch.Length / local.Epoch.Length);

        Assert.Equal((UInt128)8_640, epochs);
        Assert.True(published.Emission.Steps[0].PerEpoch - local.Emission.Steps[0].PerEpoch * epochs < epochs);
        Assert.Equal(published.Pools, local.Pools);
    }

    private static BlueprintReading Helium() => BlueprintReader.Read(Path.Combine(Folder, "helium-iot.yaml"), [Usage2026Description.Pack]);

    private static UInt128 PerEpoch(Blueprint blueprint, ulong epoch) => blueprint.Emission.Steps.Last(step => step.FromEpoch <= epoch).PerEpoch;

    private static UInt128 Tokens(string text) => Schema.AmountTypes.Tokens.Parse(text, out var value) == Schema.Reading.Right ? value : throw new FormatException(text);
}
