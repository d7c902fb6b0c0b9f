using Turnpike.Blueprints;
using Turnpike.Core.Parameters;
using Turnpike.Simulation;

namespace Turnpike.Cli.Simulate;

/// <summary>Economies and scenarios by name or path.</summary>
internal static class EconomyFiles
{
    /// <summary>Reads an economy, with a scenario over it if one is named.</summary>
    /// <exception cref="CommandException">Nothing of that name, or problems; lists them.</exception>
    public static (Economy Economy, Blueprint? Blueprint) Read(string economy, string? scenario, IReadOnlyList<PackDescription> packs)
    {
        var reading = EconomyReader.Read(PathOf(economy, "economy", ""), scenario is null ? null : PathOf(scenario, "scenario", "scenarios"), packs);
        return reading.Economy is { } read ? (read, reading.Rules) : throw new CommandException(string.Join(Environment.NewLine, reading.Problems));
    }

    /// <summary>What a scenario is called, else its name.</summary>
    public static string TitleOf(string scenario) =>
        File.ReadLines(PathOf(scenario, "scenario", "scenarios")).Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("name:", StringComparison.Ordinal))?[5..].Trim().Trim('"') ?? scenario;

    /// <summary>Whether an economy of that name is shipped: for verbs that take networks only.</summary>
    public static bool IsEconomyOnly(string name) => Blueprints.BlueprintFolder.Find(null).Resolve(name) is null && Resolve(name, "") is not null;

    /// <summary>Whether a name or path means a scenario.</summary>
    public static bool IsScenario(string name) => Resolve(name, "scenarios") is { } path && File.ReadLines(path).Any(line => line.StartsWith("scenario:", StringComparison.Ordinal));

    /// <summary>Names of the shipped ones.</summary>
    public static IEnumerable<string> Names(string kind)
    {
        var folder = Path.Combine(Blueprints.BlueprintFolder.Find(null).Location, "economics", kind);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal) : [];
    }

    private static string PathOf(string name, string noun, string kind) =>
        Resolve(name, kind) ?? throw new CommandException($"There is no {noun} and no file '{name}'. Shipped: {string.Join(", ", Names(kind))}.");

    private static string? Resolve(string name, string kind)
    {
        if (File.Exists(name)) return name;
        var shipped = Path.Combine(Blueprints.BlueprintFolder.Find(null).Location, "economics", kind, name + ".yaml");
        return Path.GetFileName(name) == name && File.Exists(shipped) ? shipped : null;
    }
}
