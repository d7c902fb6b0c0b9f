using System.Numerics;
using FsCheck.Fluent;
using Turnpike.Economics;

namespace Turnpike.Core.Tests.Economics;

public class RemintVaultTests
{
    private const ulong Usd = 1_000_000;

    private static readonly VaultTerms NoSpread = new() { MintSpreadBps = 0 };

    // V9: AEP-76's examples.
    [Theory]
    [InlineData("1.50", "666.666666", "0")]
    [InlineData("0.90", "1111.111111", "233.918128")]
    public void A_thousand_dollars_bought_at_1_14_settle_as_published(string price, string paid, string minted)
    {
        var vault = new RemintVault(NoSpread);
        Assert.True(vault.TryMint(1_000 * Usd, Price.Parse("1.14"), out var burned, out var received));
        Assert.StartsWith("877.192982", burned.ToTokenString(), StringComparison.Ordinal);
        Assert.Equal((UInt128)1_000 * Usd, received);

        var settled = vault.Settle(received, Price.Parse(price));
        Assert.StartsWith(paid, settled.Paid.ToTokenString(), StringComparison.Ordinal);
        Assert.StartsWith(minted, settled.Minted.ToTokenString(), StringComparison.Ordinal);
        // Net of the supply: -210.526316 at 1.50, 233.918129 at 0.90.
        Assert.Equal(price == "1.50" ? "210.526315" : "-233.91812", Net(burned, settled.Paid)[..10]);
    }

    [Fact]
    public void Ten_million_dollars_at_1_14_take_8_771_929_tokens()
    {
        new RemintVault(NoSpread).TryMint(10_000_000 * (UInt128)Usd, Price.Parse("1.14"), out var burned, out _);
        Assert.StartsWith("8771929.8", burned.ToTokenString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.00", 10_000u, VaultStatus.Healthy, 10u)]
    [InlineData("0.95", 9_500u, VaultStatus.Warning, 10u)]
    [InlineData("0.949", 9_490u, VaultStatus.Warning, 11u)]
    [InlineData("0.94", 9_400u, VaultStatus.Warning, 25u)]
    [InlineData("0.90", 9_000u, VaultStatus.Halted, 1_173u)]
    [InlineData("0.50", 5_000u, VaultStatus.Halted, 14_400u)]
    public void Collateral_warns_slows_and_halts(string price, uint ratio, VaultStatus status, uint blocks)
    {
        var vault = new RemintVault(NoSpread);
        vault.TryMint(1_000 * Usd, Price.Parse("1"), out _, out _);
        var now = Price.Parse(price);
        Assert.Equal((ratio, status, blocks), (vault.CollateralBps(now), vault.Status(now), vault.BackoffBlocks(now)));
        Assert.Equal(status != VaultStatus.Halted, vault.TryMint(Usd, now, out _, out _));
        Assert.False(vault.Settle(Usd, now).Paid.IsZero);
    }

    [Fact]
    public void Vault_keeps_its_books_over_any_sequence() => Property.Holds(
        (from micro in Any.Bits(40)
         from price in Gen.Choose(1, 1_000_000_000)
         from action in Gen.Choose(0, 2)
         select (micro, price, action)).ListOf(30),
        steps =>
        {
            var vault = new RemintVault(new VaultTerms());
            BigInteger minted = 0, settled = 0, burned = 0, paid = 0, supply = 0;
            foreach (var (micro, priceE8, action) in steps)
            {
                var price = new Price((ulong)priceE8);
                if (action > 0 && vault.TryMint(micro, price, out var cost, out var received)) (minted, burned) = (minted + received, burned + cost.BaseUnits);
                else if (action == 0)
                {
                    var part = UInt128.Min(micro, vault.Outstanding);
                    var result = vault.Settle(part, price);
                    (settled, paid, supply) = (settled + part, paid + result.Paid.BaseUnits, supply + result.Minted.BaseUnits);
                }
                Assert.Equal(minted - settled, vault.Outstanding);
                Assert.Equal(burned - (paid - supply), vault.RemintCredits.BaseUnits);
                Assert.Equal(supply, vault.NewSupply.BaseUnits);
                Assert.True(supply.IsZero || paid > burned - vault.RemintCredits.BaseUnits);
            }
        });

    [Fact]
    public void Bought_and_settled_at_one_price_the_supply_never_grows() => Property.Holds(Any.Bits(50).Two(), x =>
    {
        var (vault, price) = (new RemintVault(new VaultTerms()), new Price(x.Item2 + 1));
        vault.TryMint(x.Item1, price, out var burned, out var received);
        var (paid, minted) = vault.Settle(received, price);
        Assert.True(minted.IsZero && paid <= burned);
    });

    [Fact]
    public void Settling_more_than_is_outstanding_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new RemintVault(NoSpread).Settle(1, Price.Parse("1")));

    [Theory]
    [InlineData("1.00 1.01 1.02", 1, "1.01")]
    [InlineData("1.00 1.01 1.50", 1, "1")]
    [InlineData("1.00 1.01", 1, "1")]
    [InlineData("0.90 1.00 1.20", 2, null)]
    [InlineData("0", 1, null)]
    [InlineData("0.986 1.00 1.0149", 3, "1")]
    [InlineData("0.985 1.00 1.015", 3, null)]
    public void Median_drops_outliers_and_halts_when_wide(string prices, int minimum, string? median)
    {
        var found = FeedMedian.TryOf([.. prices.Split(' ').Select(price => Price.Parse(price))], 150, 300, minimum, out var price);
        Assert.Equal(median, found ? price.ToString() : null);
    }

    private static string Net(Amount burned, Amount paid) => burned >= paid ? (burned - paid).ToTokenString() : "-" + (paid - burned).ToTokenString();
}
