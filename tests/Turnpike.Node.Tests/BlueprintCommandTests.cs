using System.CommandLine;
using System.Text.Json;
using Turnpike.Cli.Blueprints;
using Turnpike.Networks.Wireless.Rules.Usage2026;

namespace Turnpike.Tests;

public sealed class BlueprintCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("turnpike-blueprints-").FullName;

    public BlueprintCommandTests() => File.Copy(Path.Combine(SharedData.RepositoryRoot, "blueprints", "helium-iot.yaml"), Path.Combine(_folder, "helium-iot.yaml"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void List_names_the_blueprints_of_a_folder()
    {
        var (exit, output, _) = Run("list", "--folder", _folder);

        Assert.Equal(0, exit);
        Assert.Equal("helium-iot               Helium IoT (wireless, usage-2026)\n", output);
    }

    [Fact]
    public void List_without_a_folder_finds_the_shipped_ones()
    {
        var (exit, output, _) = Run("list", "--json");

        Assert.Equal(0, exit);
        Assert.Contains(JsonDocument.Parse(output).RootElement.EnumerateArray(), entry => entry.GetProperty("name").GetString() == "helium-iot");
    }

    [Fact]
    public void Show_tells_pools_and_accounts()
    {
        var (exit, output, _) = Run("show", "helium-iot", "--folder", _folder);

        Assert.Equal(0, exit);
        Assert.Contains("pools     data 50%, by usage, leftovers to operations\n          operations 37%, to operations\n", output, StringComparison.Ordinal);
        Assert.Contains("epoch     1d from 2025-08-01T00:00:00Z; grace 30m", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_local_as_json_gives_exact_integers()
    {
        var (exit, output, _) = Run("show", Path.Combine(_folder, "helium-iot.yaml"), "--local", "--json");

        Assert.Equal(0, exit);
        var network = JsonDocument.Parse(output).RootElement;
        Assert.Equal(10, network.GetProperty("epoch").GetProperty("length").GetInt32());
        Assert.Equal("182500000000000000000000000", network.GetProperty("token").GetProperty("genesis")[0].GetProperty("amount").GetString());
    }

    [Fact]
    public void Check_of_a_wrong_file_prints_every_problem_and_fails()
    {
        var path = Path.Combine(_folder, "wrong.yaml");
        File.WriteAllText(path, File.ReadAllText(Path.Combine(_folder, "helium-iot.yaml")).Replace("grace: 30m", "grace: 24h", StringComparison.Ordinal).Replace("symbol: HNT", "symbol: hnt", StringComparison.Ordinal));

        var (exit, output, _) = Run("check", "helium-iot", path, "--folder", _folder);
        var (jsonExit, json, _) = Run("check", path, "--json");

        Assert.Equal((1, 1), (exit, jsonExit));
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.EndsWith("helium-iot.yaml: right", lines[0], StringComparison.Ordinal);
        Assert.Contains("wrong.yaml:16:11: token.symbol: 'hnt' cannot be read", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("wrong.yaml: 2 problems", lines[3], StringComparison.Ordinal);
        var problems = JsonDocument.Parse(json).RootElement[0].GetProperty("problems");
        Assert.Equal(["token.symbol", "epoch.grace"], problems.EnumerateArray().Select(problem => problem.GetProperty("path").GetString()!));
    }

    [Fact]
    public void Check_of_an_absent_blueprint_says_where_to_look()
    {
        var (exit, _, error) = Run("check", "helium-oit", "--folder", _folder);

        Assert.Equal(2, exit);
        Assert.Equal("There is no blueprint and no file 'helium-oit'. See: turnpike blueprint list\n", error);
    }

    [Theory, InlineData("list"), InlineData("show"), InlineData("check")]
    public void Help_of_each_verb_has_examples(string verb)
    {
        var (exit, output, _) = Run(verb, "--help");

        Assert.Equal(0, exit);
        Assert.Contains($"Examples:\n  turnpike blueprint {verb}", output, StringComparison.Ordinal);
    }

    private static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var root = new RootCommand { BlueprintCommands.Create([Usage2026Description.Pack]) };
        var exit = root.Parse(["blueprint", .. arguments]).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (exit, output.ToString(), error.ToString());
    }
}
