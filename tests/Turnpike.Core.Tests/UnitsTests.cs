using System.Numerics;
using FsCheck.Fluent;

namespace Turnpike.Core.Tests;

public class UnitsTests
{
    [Fact]
    public void Amount_written_and_read_is_itself() => Property.Holds(Any.UInt128, units =>
    {
        var amount = new Amount(units);
        Assert.Equal(amount, Amount.Parse(amount.ToString()));
        Assert.Equal(amount, Amount.ParseTokens(amount.ToTokenString()));
        Assert.Equal(units.ToString(System.Globalization.CultureInfo.InvariantCulture), amount.ToString());
    });

    [Theory]
    [InlineData("0", "0")]
    [InlineData("1", "0.000000000000000001")]
    [InlineData("1500000000000000000", "1.5")]
    [InlineData("1000000000000000000", "1")]
    [InlineData("340282366920938463463374607431768211455", "340282366920938463463.374607431768211455")]
    public void Amount_in_tokens_is_exact_and_shortest(string units, string tokens) => Assert.Equal(tokens, Amount.Parse(units).ToTokenString());

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("01")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.0")]
    [InlineData("1,000")]
    [InlineData("0x1")]
    [InlineData("١")]
    [InlineData("340282366920938463463374607431768211456")]
    [InlineData("1000000000000000000000000000000000000000")]
    public void Amount_from_anything_but_canonical_digits_is_refused(string text)
    {
        Assert.False(Amount.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Amount.Parse(text));
    }

    [Theory]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1.0000000000000000001")]
    [InlineData("1.2.3")]
    [InlineData("01.5")]
    [InlineData("1e3")]
    [InlineData("-0.1")]
    [InlineData("340282366920938463463.374607431768211456")]
    [InlineData("1000000000000000000000000000000000000000000000000000000000000000000000000000000")]
    public void Amount_in_tokens_that_is_not_exact_is_refused(string text) => Assert.Throws<FormatException>(() => Amount.ParseTokens(text));

    [Fact]
    public void Amount_below_zero_or_above_128_bits_throws()
    {
        Assert.Throws<OverflowException>(() => Amount.Zero - new Amount(1));
        Assert.Throws<OverflowException>(() => new Amount(UInt128.MaxValue) + new Amount(1));
        Assert.Throws<OverflowException>(() => Amount.Sum([new Amount(UInt128.MaxValue), new Amount(1)]));
        Assert.Throws<OverflowException>(() => Credits.Zero - new Credits(1));
    }

    [Fact]
    public void Price_conversions_round_as_named() => Property.Holds(Any.Bits(57).Two(), x =>
    {
        var (price, credits) = (new Price(x.Item1 + 1), new Credits(x.Item2));
        var exact = (BigInteger)credits.Count * BigInteger.Pow(10, 21);
        Assert.Equal(exact / price.UsdE8, price.AmountFloor(credits).BaseUnits);
        Assert.Equal((exact + price.UsdE8 - 1) / price.UsdE8, price.AmountCeiling(credits).BaseUnits);
        var amount = price.AmountCeiling(credits);
        Assert.Equal(amount.BaseUnits * (BigInteger)price.UsdE8 / BigInteger.Pow(10, 21), price.CreditsFloor(amount).Count);
    });

    // What must be burned for some credits buys at least those credits, and never a credit more than one base unit is worth.
    [Fact]
    public void Price_burn_for_credits_always_buys_those_credits() => Property.Holds(Any.Bits(57).Two(), x =>
    {
        var (price, credits) = (new Price(x.Item1 + 1), new Credits(x.Item2));
        Assert.True(price.CreditsFloor(price.AmountCeiling(credits)) >= credits);
        Assert.True(price.CreditsFloor(price.AmountFloor(credits)) <= credits);
        Assert.True(price.CreditsCeiling(price.AmountFloor(credits)) <= credits);
    });

    [Theory]
    [InlineData("0.0359", "100000", "27.855153203342618384", "27.855153203342618385")]
    [InlineData("1", "100000", "1", "1")]
    [InlineData("3", "100000", "0.333333333333333333", "0.333333333333333334")]
    [InlineData("1.14", "100000000", "877.192982456140350877", "877.192982456140350878")]
    public void Price_of_known_cases_gives_exact_tokens(string price, string credits, string floor, string ceiling)
    {
        Assert.Equal(floor, Price.Parse(price).AmountFloor(Credits.Parse(credits)).ToTokenString());
        Assert.Equal(ceiling, Price.Parse(price).AmountCeiling(Credits.Parse(credits)).ToTokenString());
    }

    [Fact]
    public void Credits_are_hundred_thousandths_of_a_dollar()
    {
        Assert.Equal(new Credits(100_000), Credits.FromUsd(1));
        Assert.Equal("0.50001", new Credits(50_001).ToUsdString());
    }

    [Fact]
    public void Price_up_to_a_limit_is_the_floor_or_the_limit_and_nothing_without_a_price()
    {
        var price = Price.Parse("0.5");
        Assert.Equal(price.AmountFloor(new Credits(7)), price.AmountUpTo(Amount.FromTokens(1), new Credits(7)));
        Assert.Equal(new Amount(5), price.AmountUpTo(new Amount(5), new Credits(7)));
        Assert.Equal(Amount.FromTokens(1), new Price(1).AmountUpTo(Amount.FromTokens(1), new Credits(UInt128.MaxValue)));
        Assert.Equal(Amount.Zero, new Price(0).AmountUpTo(Amount.FromTokens(1), new Credits(7)));
    }

    [Fact]
    public void Price_of_zero_converts_nothing() => Assert.Throws<DivideByZeroException>(() => new Price(0).AmountCeiling(new Credits(1)));

    [Fact]
    public void Ratio_is_kept_in_lowest_terms_and_its_default_is_zero()
    {
        Assert.Equal(new Ratio(1, 2), new Ratio(500_000, 1_000_000));
        Assert.Equal(Ratio.Zero, new Ratio(0, 7));
        Assert.Equal("1/1", Ratio.One.ToString());
        Assert.Equal((UInt128)0, default(Ratio).FloorOf(UInt128.MaxValue));
        Assert.True(new Ratio(2, 3).CompareTo(new Ratio(3, 4)) < 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Ratio(1, 0));
    }

    [Fact]
    public void DeviceId_of_a_public_key_is_its_keccak()
    {
        // The secp256k1 generator: its Keccak ends in the well-known address of the private key 1.
        var generator = Hex.Parse("0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8");
        Assert.EndsWith("7e5f4552091a69125d5dfcb7b8c2659029395bdf", DeviceId.OfPublicKey(generator).ToString());
        Assert.Throws<ArgumentException>(() => DeviceId.OfPublicKey(generator.AsSpan(1)));
    }
}
