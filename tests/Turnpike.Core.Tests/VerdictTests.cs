namespace Turnpike.Core.Tests;

public class VerdictTests
{
    // Published outcomes hold these numbers for ever: this list may only grow.
    private const string Published = """
        200 accepted
        201 duplicate
        202 clone
        203 stale
        204 unknown-device
        205 suspended-device
        206 trust-too-low
        207 unpaid
        208 malformed
        209 unknown-kind
        210 from-the-future
        211 no-order
        212 over-quota
        213 common-control
        """;

    [Fact]
    public void Generic_codes_are_the_published_ones() =>
        Assert.Equal(Published.ReplaceLineEndings("\n"), string.Join('\n', new VerdictRegistry().Codes));

    [Fact]
    public void Module_declares_a_number_and_a_name_once()
    {
        var module = new VerdictModule("test", 900, 909);
        module.Declare(900, "first", "One.");
        Assert.Throws<ArgumentException>(() => module.Declare(900, "second", "Two."));
        Assert.Throws<ArgumentException>(() => module.Declare(901, "first", "Two."));
        Assert.Throws<ArgumentException>(() => module.Declare(910, "outside", "Two."));
        Assert.Throws<ArgumentException>(() => module.Declare(899, "outside", "Two."));
        Assert.Throws<ArgumentException>(() => module.Declare(902, "described", " "));
        Assert.Equal("900 first", Assert.Single(module.Codes).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("-x")]
    [InlineData("x-")]
    [InlineData("x--y")]
    [InlineData("two words")]
    public void Module_refuses_names_that_are_no_metric_label(string name) =>
        Assert.Throws<ArgumentException>(() => new VerdictModule("test", 900, 909).Declare(900, name, "One."));

    [Fact]
    public void Registry_finds_codes_of_its_modules_only()
    {
        var module = new VerdictModule("test", 300, 300);
        var code = module.Declare(300, "too-far", "Too far.");
        Assert.True(new VerdictRegistry(module).TryGet(300, out var found));
        Assert.Same(code, found);
        Assert.False(new VerdictRegistry().TryGet(300, out _));
        Assert.True(new VerdictRegistry(VerdictCode.Module, module, module).TryGet(201, out _));
    }

    [Fact]
    public void Registry_refuses_overlapping_ranges_and_shared_names()
    {
        Assert.Throws<ArgumentException>(() => new VerdictRegistry(new VerdictModule("test", 250, 350)));
        var module = new VerdictModule("test", 300, 399);
        module.Declare(300, "duplicate", "Again.");
        Assert.Throws<ArgumentException>(() => new VerdictRegistry(module));
    }

    [Fact]
    public void Codes_are_equal_and_ordered_by_number()
    {
        Assert.True(VerdictCode.Accepted != VerdictCode.Duplicate);
        Assert.True(VerdictCode.Accepted.CompareTo(VerdictCode.Duplicate) < 0);
        Assert.False(VerdictCode.Accepted == null);
    }
}
