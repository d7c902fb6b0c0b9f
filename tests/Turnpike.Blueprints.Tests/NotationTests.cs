using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Turnpike.Blueprints.Schema;

namespace Turnpike.Blueprints.Tests;

public class NotationTests
{
    [Fact]
    public void Written_tokens_are_read_back_equal() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), Prop.ForAll<ulong, ulong>((high, low) =>
    {
        var amount = ((UInt128)high << 32) + low;
        return AmountTypes.Tokens.Parse(Notation.Tokens(amount), out var back) == Reading.Right && back == amount;
    }));

    [Fact]
    public void Read_tokens_equal_exact_arithmetic() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), Prop.ForAll<uint, uint, byte>((whole, fraction, zeros) =>
    {
        var digits = new string('0', zeros % 9) + fraction;
        var exact = new BigInteger(whole) * BigInteger.Pow(10, 18) + fraction * BigInteger.Pow(10, 18 - digits.Length);
        return AmountTypes.Tokens.Parse($"{whole}.{digits}", out var value) == Reading.Right && (BigInteger)value == exact;
    }));

    [Fact]
    public void Written_durations_are_read_back_equal() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll<uint>(milliseconds =>
    {
        var duration = TimeSpan.FromMilliseconds(milliseconds);
        return ScalarTypes.Duration(TimeSpan.Zero, TimeSpan.FromDays(60), wholeSeconds: false).Parse(Notation.Duration(duration), out var back) == Reading.Right && back == duration;
    }));

    [Fact]
    public void Every_share_is_read_back_equal()
    {
        for (var ppm = 1u; ppm <= 1_000_000; ppm += 37)
            Assert.True(ScalarTypes.Percent.Parse(Notation.Percent(ppm), out var back) == Reading.Right && back == ppm);
    }

    [Theory]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1,000")]
    [InlineData("0x10")]
    [InlineData("１")] // A full-width digit.
    public void Number_in_another_notation_is_refused(string text) => Assert.Equal(Reading.WrongType, AmountTypes.Tokens.Parse(text, out _));

    // EIP-55's own examples: all capitals, all lowercase, and normal.
    [Theory]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7", true)]
    [InlineData("0xde709f2102306220921060314715629080e2fb77", true)]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", true)]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", true)]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb", true)]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9adb", false)]
    [InlineData("0xd1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb", false)]
    public void Address_of_mixed_case_must_have_its_checksum(string text, bool right) => Assert.Equal(right, AccountReference.TryParseAddress(text, out _));

    [Theory]
    [InlineData("lenght", "length")]
    [InlineData("activation-delay", "activation_delay")]
    [InlineData("Grace", "grace")]
    [InlineData("empty_aftr", "empty_after")]
    [InlineData("zebra", null)]
    public void Nearest_key_is_the_one_meant(string written, string? meant) =>
        Assert.Equal(meant, Spelling.Nearest(written, ["start", "length", "grace", "activation_delay", "empty_after"]));
}
