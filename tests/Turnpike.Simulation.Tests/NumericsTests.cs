using FsCheck.Fluent;
using Turnpike.Core.Tests;

namespace Turnpike.Simulation.Tests;

public class NumericsTests
{
    // Known answers of Random123's kat_vectors for philox4x32-10.
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_gives_the_published_answers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint x0, uint x1, uint x2, uint x3) =>
        Assert.Equal((x0, x1, x2, x3), Philox.Block(c0, c1, c2, c3, k0, k1));

    [Fact]
    public void Streams_of_a_seed_are_apart_and_each_is_repeatable()
    {
        Assert.Equal(Draw(7, 1), Draw(7, 1));
        Assert.Empty(Draw(7, 1).Intersect(Draw(7, 2)));
        Assert.Empty(Draw(7, 1).Intersect(Draw(8, 1)));

        static List<ulong> Draw(ulong seed, ulong stream)
        {
            var random = new Philox(seed, stream);
            return [.. Enumerable.Range(0, 100).Select(_ => random.NextBits())];
        }
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_the_normal()
    {
        var random = new Philox(1, 1);
        var draws = Enumerable.Range(0, 200_000).Select(_ => random.NextNormal()).ToArray();
        Assert.InRange(draws.Average(), -0.01, 0.01);
        Assert.InRange(draws.Average(x => x * x), 0.985, 1.015);
        Assert.InRange(draws.Average(x => x * x * x * x), 2.9, 3.1);
    }

    [Theory]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.001, -3.090232306167814)]
    [InlineData(1e-10, -6.361340902404056)]
    public void Normal_quantile_is_the_tabulated_one(double p, double x) => Assert.Equal(x, PortableMath.NormalQuantile(p), 1e-12);

    // The platform's own functions are right to a unit in the last place; ours to a few.
    [Fact]
    public void Portable_functions_agree_with_the_platform() => Property.Holds(Gen.Choose(int.MinValue, int.MaxValue).Two(), x =>
    {
        var value = x.Item1 / 3.1e6;
        Near(Math.Exp(value), PortableMath.Exp(value));
        Assert.Equal(Math.Tanh(value / 100), PortableMath.Tanh(value / 100), 4e-16);
        var positive = Math.Exp(x.Item2 / 3.1e6);
        Near(Math.Log(positive), PortableMath.Log(positive));
        Near(Math.Pow(positive, value / 1_000), PortableMath.Pow(positive, value / 1_000), 1e-12);

        static void Near(double expected, double actual, double relative = 2e-15) =>
            Assert.True(expected == actual || Math.Abs(expected - actual) <= relative * Math.Abs(expected) + 1e-300 * 1e-10 || Math.Abs(expected) < 1e-300 && Math.Abs(actual) < 1e-299, $"{actual:R} is not {expected:R}");
    }, cases: 5_000);

    // Bits, not closeness: what makes a result hash equal on every machine. The value was computed once; a platform that differs fails here first.
    [Fact]
    public void Portable_functions_give_these_very_bits()
    {
        var random = new Philox(42, 0);
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        for (var i = 0; i < 10_000; i++)
        {
            var x = random.NextNormal() * 10;
            foreach (var value in new[] { PortableMath.Exp(x), PortableMath.Log(Math.Abs(x)), PortableMath.Tanh(x), PortableMath.Pow(Math.Abs(x), 0.3) }) hash.AppendData(BitConverter.GetBytes(value));
        }
        Assert.Equal("173223640b259c3727564fca2d69d2f6", Convert.ToHexStringLower(hash.GetHashAndReset())[..32]);
    }

    [Fact]
    public void Sketch_quantiles_are_within_one_percent_of_the_exact_ones() => Property.Holds(Gen.Choose(-1_000_000, 1_000_000).Select(i => i * Math.Exp(i / 200_000.0)).NonEmptyListOf(), values =>
    {
        var sketch = new QuantileSketch();
        foreach (var value in values) sketch.Add(value);
        var sorted = values.Order().ToArray();
        foreach (var share in new[] { 0, 0.05, 0.5, 0.95, 1 })
        {
            var exact = sorted[(int)Math.Floor(share * (sorted.Length - 1))];
            Assert.InRange(sketch.Quantile(share), exact - Math.Abs(exact) * 0.01 - 1e-9, exact + Math.Abs(exact) * 0.01 + 1e-9);
        }
        Assert.Equal(values.Count(value => value >= 1e-9) / (double)values.Count, sketch.ShareAboveZero);
    });

    [Fact]
    public void Sketch_is_the_same_however_its_values_were_spread() => Property.Holds(Gen.Choose(-100_000, 100_000).NonEmptyListOf(), values =>
    {
        var whole = new QuantileSketch();
        QuantileSketch[] parts = [new(), new(), new()];
        for (var i = 0; i < values.Count; i++)
        {
            whole.Add(values[i] / 7.0);
            parts[i % 3].Add(values[i] / 7.0);
        }
        parts[2].Merge(parts[0]);
        parts[2].Merge(parts[1]);
        for (var share = 0.0; share <= 1; share += 0.125) Assert.Equal(whole.Quantile(share), parts[2].Quantile(share));
        Assert.Equal((whole.Count, whole.Minimum, whole.Maximum), (parts[2].Count, parts[2].Minimum, parts[2].Maximum));
    });

    [Fact]
    public void Sketch_of_nothing_has_no_quantile() => Assert.True(double.IsNaN(new QuantileSketch().Quantile(0.5)));
}
