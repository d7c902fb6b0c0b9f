using System.Text.RegularExpressions;
using Turnpike.Tests;

namespace Turnpike.Node.Tests;

/// <summary>The architecture page names only what exists.</summary>
public partial class ArchitectureDocumentTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "ARCHITECTURE.md"));
    private static readonly string Prose = FencedBlock().Replace(Page, "");

    [Fact]
    public void Every_path_on_the_page_exists()
    {
        var paths = Quoted().Matches(Prose).Select(match => match.Groups[1].Value).Where(text => text.Contains('/', StringComparison.Ordinal) && !text.Contains('*', StringComparison.Ordinal)).ToList();
        Assert.True(paths.Count >= 15);
        var missing = paths.Where(path => !Candidates(path).Any(candidate => Directory.Exists(candidate) || File.Exists(candidate))).ToList();
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_type_on_the_page_exists()
    {
        var types = AppDomain.CurrentDomain.GetAssemblies().Concat(Directory.EnumerateFiles(AppContext.BaseDirectory, "Turnpike.*.dll").Select(System.Reflection.Assembly.LoadFrom))
            .Where(assembly => assembly.GetName().Name!.StartsWith("Turnpike", StringComparison.Ordinal)).SelectMany(assembly => assembly.GetTypes()).SelectMany(type => type.GetMethods().Select(method => method.Name).Append(type.Name.Split('`')[0])).ToHashSet(StringComparer.Ordinal);
        var named = TypeName().Matches(Page).Select(match => match.Value).Where(name => name is not "OpenZeppelin" and not "PascalCase").Distinct().ToList();
        Assert.True(named.Count >= 20);
        Assert.Equal([], named.Where(name => !types.Contains(name)).ToArray());
    }

    private static IEnumerable<string> Candidates(string path)
    {
        var relative = path.TrimEnd('/');
        yield return Path.Combine(SharedData.RepositoryRoot, relative);
        yield return Path.Combine(SharedData.RepositoryRoot, "src", "Turnpike.Node", relative);
        yield return Path.Combine(SharedData.RepositoryRoot, "src", "Turnpike.Core", relative);
        yield return Path.Combine(SharedData.RepositoryRoot, "src", "Turnpike.Networks.Wireless", relative);
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex FencedBlock();

    // Two capitalised words in one, such as EpochSealer, that are no file's name: types, and methods where a step is one.
    [GeneratedRegex(@"\bI?[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+\b(?!\.cs)")]
    private static partial Regex TypeName();
}
