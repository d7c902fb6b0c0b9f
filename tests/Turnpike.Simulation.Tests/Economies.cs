using Turnpike.Blueprints;
using Turnpike.Networks.Wireless;
using Turnpike.Tests;

namespace Turnpike.Simulation.Tests;

/// <summary>The shipped economies, and changes to them.</summary>
internal static class Economies
{
    public static string Folder { get; } = Path.Combine(SharedData.RepositoryRoot, "blueprints", "economics");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Scenarios => [.. Directory.GetFiles(Path.Combine(Folder, "scenarios"), "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    public static (Economy Economy, Blueprint? Blueprint) Read(string name, string? scenario = null)
    {
        var reading = EconomyReader.Read(Path.Combine(Folder, name + ".yaml"), scenario is null ? null : Path.Combine(Folder, "scenarios", scenario + ".yaml"), WirelessModule.Packs);
        Assert.Empty(reading.Problems);
        return (reading.Economy!, reading.Rules);
    }

    /// <summary>An economy with few cohorts: quick.</summary>
    public static (Economy Economy, Blueprint? Blueprint) Small(string name, string? scenario = null)
    {
        var (economy, blueprint) = Read(name, scenario);
        return (economy with { Operators = economy.Operators with { Cohorts = 40 } }, blueprint);
    }

    /// <summary>Reads the akash economy with one piece replaced; problems as "line:column path: ...".</summary>
    public static string[] ProblemsOf(string piece, string replacement, string name = "akash")
    {
        var text = File.ReadAllText(Path.Combine(Folder, name + ".yaml"));
        Assert.Contains(piece, text, StringComparison.Ordinal);
        var reading = EconomyReader.Parse(text.Replace(piece, replacement, StringComparison.Ordinal), name + ".yaml", null, null, WirelessModule.Packs, blueprint => Path.Combine(Folder, "..", blueprint + ".yaml"));
        Assert.Null(reading.Economy);
        return [.. reading.Problems.Select(problem => problem.ToString())];
    }
}
