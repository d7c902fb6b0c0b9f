using System.CommandLine;
using Turnpike.Blueprints;
using Turnpike.Core.Parameters;

namespace Turnpike.Cli.Blueprints;

/// <summary>
/// The verbs <c>turnpike blueprint list|show|check</c>. Exit codes: 0 all right, 1 problems in a blueprint, 2 no such blueprint.
/// </summary>
public static class BlueprintCommands
{
    private const int Right = 0;
    private const int Wrong = 1;
    private const int NotFound = 2;

    /// <summary>The command with its verbs.</summary>
    /// <param name="packs">The rule packs of this program.</param>
    public static Command Create(IReadOnlyList<PackDescription> packs) =>
        new Command("blueprint", "List, show and check blueprints: YAML files that describe a network each.") { List(packs), Show(packs), Check(packs) }
            .WithExamples("turnpike blueprint list", "turnpike blueprint show helium-iot", "turnpike blueprint check my-network.yaml");

    private static Command List(IReadOnlyList<PackDescription> packs)
    {
        var (json, folder) = (Json(), Folder());
        var command = new Command("list", "List the blueprints of a folder.") { json, folder }
            .WithExamples("turnpike blueprint list", "turnpike blueprint list --folder ./networks --json");
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var found = BlueprintFolder.Find(parsed.GetValue(folder)).Files().Select(path => (path, reading: BlueprintReader.Read(path, packs))).ToList();
            if (parsed.GetValue(json)) output.WriteLine(BlueprintJson.List(found));
            else foreach (var (path, reading) in found) output.WriteLine(BlueprintText.ListLine(path, reading));
            return found.All(entry => entry.reading.Problems.Count == 0) ? Right : Wrong;
        });
        return command;
    }

    private static Command Show(IReadOnlyList<PackDescription> packs)
    {
        var (json, folder) = (Json(), Folder());
        var name = new Argument<string>("blueprint") { Description = "A name from the list, or a file." };
        var local = new Option<bool>("--local") { Description = "The network as it runs on one machine: the local section laid over the rest." };
        var command = new Command("show", "Show what a blueprint makes of a network.") { name, local, json, folder }
            .WithExamples("turnpike blueprint show helium-iot", "turnpike blueprint show ./my-network.yaml --local --json");
        command.SetAction(parsed =>
        {
            var path = BlueprintFolder.Find(parsed.GetValue(folder)).Resolve(parsed.GetRequiredValue(name));
            if (path is null) return ReportMissing(parsed, parsed.GetRequiredValue(name));
            var reading = BlueprintReader.Read(path, packs);
            var shown = parsed.GetValue(local) ? reading.Local : reading.Blueprint;
            if (shown is null) return ReportProblems(parsed, [(path, reading)], parsed.GetValue(json));
            parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(json) ? BlueprintJson.Show(shown) : BlueprintText.Show(shown));
            return Right;
        });
        return command;
    }

    private static Command Check(IReadOnlyList<PackDescription> packs)
    {
        var (json, folder) = (Json(), Folder());
        var names = new Argument<string[]>("blueprints") { Description = "Names from the list, or files; none checks all of the folder.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("check", "Check blueprints and report every problem at once, each with line and column.") { names, json, folder }
            .WithExamples("turnpike blueprint check", "turnpike blueprint check helium-iot ./my-network.yaml --json");
        command.SetAction(parsed =>
        {
            var home = BlueprintFolder.Find(parsed.GetValue(folder));
            var readings = new List<(string Path, BlueprintReading Reading)>();
            var asked = parsed.GetValue(names) ?? [];
            foreach (var name in asked.Length > 0 ? asked : [.. home.Files()])
            {
                if (home.Resolve(name) is null && Simulate.EconomyFiles.IsEconomyOnly(name))
                {
                    Simulate.EconomyCheck.Run(name, packs, parsed.InvocationConfiguration.Output);
                    continue;
                }
                if (home.Resolve(name) is not { } path) return ReportMissing(parsed, name);
                readings.Add((path, BlueprintReader.Read(path, packs)));
            }
            return ReportProblems(parsed, readings, parsed.GetValue(json));
        });
        return command;
    }

    private static Option<bool> Json() => new("--json") { Description = "Write JSON." };

    private static Option<string?> Folder() => new("--folder") { Description = "The folder of blueprints; by default the one of this installation." };

    private static int ReportMissing(ParseResult parsed, string name)
    {
        parsed.InvocationConfiguration.Error.WriteLine($"There is no blueprint and no file '{name}'. See: turnpike blueprint list");
        return NotFound;
    }

    private static int ReportProblems(ParseResult parsed, IReadOnlyList<(string Path, BlueprintReading Reading)> readings, bool json)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (json) output.WriteLine(BlueprintJson.Check(readings));
        else foreach (var (path, reading) in readings) output.WriteLine(BlueprintText.Check(path, reading));
        return readings.All(entry => entry.Reading.Problems.Count == 0) ? Right : Wrong;
    }
}
