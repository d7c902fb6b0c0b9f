using Turnpike.Core.Parameters;

namespace Turnpike.Blueprints.Tests;

public class ParameterSetTests
{
    [Fact]
    public void Set_holds_given_values_and_defaults_sorted_by_name() =>
        Assert.Equal([new("mode", "mild"), new("weight", "10"), new("window", "1500")], Set(("weight", "10"), ("mode", "mild")).Values);

    [Theory]
    [InlineData("weight", "0")] // Below the range.
    [InlineData("weight", "11")]
    [InlineData("weight", "07")] // One form only: what is hashed has no leading zeros.
    [InlineData("weight", "+7")]
    [InlineData("weight", "")]
    [InlineData("window", "60001")]
    [InlineData("mode", "MILD")]
    [InlineData("wieght", "7")]
    public void Value_outside_the_declaration_is_refused(string name, string value) =>
        Assert.Throws<ArgumentException>(() => Set(("weight", "1"), ("mode", "mild"), (name, value)));

    [Fact]
    public void Missing_value_without_a_default_is_refused() => Assert.Throws<ArgumentException>(() => Set(("weight", "1")));

    [Fact]
    public void Word_read_as_a_number_is_refused() => Assert.Throws<InvalidOperationException>(() => Set(("weight", "1"), ("mode", "mild")).Integer("mode"));

    [Theory]
    [InlineData("strict", true)]
    [InlineData("two words", false)]
    [InlineData("line\n", false)] // Canonical bytes are lines.
    [InlineData("é", false)]
    [InlineData("", false)]
    public void Text_without_choices_is_one_printable_ascii_word(string value, bool allowed) =>
        Assert.Equal(allowed, new ParameterDeclaration { Name = "label", Kind = ParameterKind.Text, Meaning = "Label." }.Allows(value));

    [Fact]
    public void Longest_text_is_allowed_and_one_more_is_not()
    {
        var declared = new ParameterDeclaration { Name = "label", Kind = ParameterKind.Text, Meaning = "Label." };

        Assert.Equal((true, false), (declared.Allows(new string('x', 64)), declared.Allows(new string('x', 65))));
    }

    // A later value of the same name replaces an earlier one, so that each row changes one thing of a right set.
    private static ParameterSet Set(params (string Name, string Value)[] values) =>
        new(Sample.Pack, values.GroupBy(value => value.Name).Select(same => new KeyValuePair<string, string>(same.Key, same.Last().Value)));
}
