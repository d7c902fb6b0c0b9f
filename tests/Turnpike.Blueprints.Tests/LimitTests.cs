using System.Diagnostics;
using System.Text;

namespace Turnpike.Blueprints.Tests;

public sealed class LimitTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("turnpike-limits-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string> Bombs => new()
    {
        { "deep list", new string('[', 100_000) },
        { "deep block", string.Concat(Enumerable.Range(0, 300).Select(depth => new string(' ', depth) + "a:\n")) },
        { "many values", "a: [" + string.Join(',', Enumerable.Repeat("1", 60_000)) + "]" },
        { "many keys", string.Concat(Enumerable.Range(0, 20_000).Select(index => $"k{index}: 1\n")) },
        { "many unknown keys of one name", string.Concat(Enumerable.Repeat("netwrok: 1\n", 20_000)) },
        { "billion laughs", "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: &d [*c,*c,*c]\ne: [*d,*d,*d]\n" },
        { "long scalar", "network: { name: " + new string('a', 200_000) + " }" },
        { "long key", new string('k', 900) + ": 1" },
        { "long line of flow keys", "{" + string.Join(',', Enumerable.Range(0, 25_000).Select(index => $"a{index}: 1")) + "}" },
        { "question marks", string.Concat(Enumerable.Repeat("? ", 100_000)) },
        { "dashes", string.Concat(Enumerable.Repeat("- ", 100_000)) },
        { "braces", string.Concat(Enumerable.Repeat("{a: ", 50_000)) },
    };

    [Theory, MemberData(nameof(Bombs))]
    public void Bomb_is_refused_within_bounded_time_and_answer(string what, string yaml)
    {
        var clock = Stopwatch.StartNew();
        var reading = Sample.Read(yaml);

        Assert.NotEmpty(reading.Problems);
        Assert.InRange(reading.Problems.Count, 1, ProblemList.Maximum);
        Assert.All(reading.Problems, problem => Assert.InRange(problem.ToString().Length, 1, 1_000));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{what} took {clock.Elapsed}.");
    }

    // Found by fuzzing: the YAML library answers these with InvalidOperationException and ArgumentException.
    [Theory]
    [InlineData("- {\na", "net.yaml:1:1: this is not YAML: the text after this place cannot be read")]
    [InlineData("a: !![b]", "net.yaml:1:2: this is not YAML: the text after this place cannot be read")]
    public void Text_that_the_scanner_stumbles_over_is_a_syntax_problem(string yaml, string expected)
    {
        var problem = Assert.Single(Sample.Read(yaml).Problems);

        Assert.Equal(BlueprintFault.Syntax, problem.Fault);
        Assert.StartsWith(expected, problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void File_beyond_the_size_limit_is_refused_unread()
    {
        var path = Path.Combine(_folder, "large.yaml");
        File.WriteAllText(path, Sample.Yaml + new string('#', BlueprintReader.MaximumBytes));

        Assert.Equal([$"{path}: the file is larger than 262144 bytes; move bulk data out of the blueprint."], Read(path));
    }

    [Fact]
    public void File_of_exactly_the_size_limit_is_read()
    {
        var path = Path.Combine(_folder, "full.yaml");
        File.WriteAllText(path, Sample.Yaml + new string('#', BlueprintReader.MaximumBytes - Encoding.UTF8.GetByteCount(Sample.Yaml)));

        Assert.Empty(Read(path));
    }

    [Fact]
    public void Absent_file_is_a_problem() =>
        Assert.Equal([$"{_folder}/none.yaml: the file cannot be opened; check the path: nothing is there."], Read(Path.Combine(_folder, "none.yaml")));

    [Fact]
    public void Folder_is_a_problem() => Assert.Equal([$"{_folder}: the file cannot be opened; check that it is a file that you may read."], Read(_folder));

    [Fact]
    public void Bytes_that_are_not_utf8_are_a_problem()
    {
        var path = Path.Combine(_folder, "latin1.yaml");
        File.WriteAllBytes(path, [.. Encoding.UTF8.GetBytes(Sample.Yaml), (byte)'#', 0xE9]);

        Assert.Equal([$"{path}: the file is not UTF-8 text; save it as UTF-8."], Read(path));
    }

    [Fact]
    public void Byte_order_mark_and_carriage_returns_are_accepted()
    {
        var path = Path.Combine(_folder, "windows.yaml");
        File.WriteAllText(path, Sample.Yaml.ReplaceLineEndings("\r\n"), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.Empty(Read(path));
    }

    [Theory]
    [InlineData("", "net.yaml:1:1: the file is empty; write a blueprint: network, token, emission and so on.")]
    [InlineData("# nothing\n", "net.yaml:1:1: the file is empty; write a blueprint: network, token, emission and so on.")]
    [InlineData("- a\n", "net.yaml:1:1: the file holds a list; a blueprint is a group of keys: network, token, emission and so on.")]
    [InlineData("hello", "net.yaml:1:1: the file holds a single value; a blueprint is a group of keys: network, token, emission and so on.")]
    public void File_without_keys_is_one_problem(string yaml, string expected) =>
        Assert.Equal([expected], Sample.Read(yaml).Problems.Select(problem => problem.ToString()));

    private static IEnumerable<string> Read(string path) => BlueprintReader.Read(path, [Sample.Pack]).Problems.Select(problem => problem.ToString());
}
