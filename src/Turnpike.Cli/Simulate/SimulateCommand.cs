using System.CommandLine;
using System.Globalization;
using Turnpike.Blueprints;
using Turnpike.Core.Parameters;
using Turnpike.Node.Deploy;
using Turnpike.Simulation;

namespace Turnpike.Cli.Simulate;

/// <summary>The verb <c>turnpike simulate</c>: what happens to a network under its rules.</summary>
internal static class SimulateCommand
{
    private const int WeeksPerYear = 52;

    private sealed record Choices(int Weeks, int Seeds, DirectoryInfo Out, bool HasSensitivity, string? Scenario, string Command);

    /// <param name="packs">The rule packs of this program.</param>
    public static Command Create(IReadOnlyList<PackDescription> packs)
    {
        var economy = new Argument<string?>("economy") { Description = "An economy by name (blueprints/economics) or file.", Arity = ArgumentArity.ZeroOrOne };
        var years = new Option<double>("--years") { Description = "Length of a run, 0.1 to 50.", DefaultValueFactory = _ => 5 };
        var seeds = new Option<int>("--seeds") { Description = "Runs, 1 to 1000000.", DefaultValueFactory = _ => 1000 };
        var output = new Option<DirectoryInfo>("--out") { Description = "Folder of report.html and bands.csv.", DefaultValueFactory = _ => new DirectoryInfo("simulation") };
        var scenario = new Option<string?>("--scenario") { Description = "A scenario by name or file, laid over the economy." };
        var compare = new Option<string[]>("--compare") { Description = "Two economies, or two scenarios of the economy, side by side.", Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true };
        var fork = new Option<string?>("--fork") { Description = "Start from the live network of --network, read through this JSON-RPC endpoint." };
        var plain = new Option<bool>("--no-sensitivity") { Description = "Leave the sensitivity analysis out." };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("simulate", "Simulate a network under its own rules: years of weeks, many seeds, attackers and shocks; writes a report and tables.") { economy, years, seeds, output, scenario, compare, fork, plain, network, json, ValidateCommand.Create() }
            .WithExamples("turnpike simulate helium-mobile", "turnpike simulate akash --scenario price-crash --years 3 --out ./akash", "turnpike simulate render --compare price-crash demand-spike", "turnpike simulate --compare my-rules.yaml your-rules.yaml", "turnpike simulate helium-iot --fork http://127.0.0.1:8545 --network .turnpike/local");
        command.SetAction(async (parsed, cancellation) =>
        {
            var weeks = (int)Math.Round(parsed.GetValue(years) * WeeksPerYear);
            if (weeks is < 5 or > 2_600) throw new CommandException($"--years is {parsed.GetValue(years).ToString(CultureInfo.InvariantCulture)}; it takes 0.1 to 50.");
            if (parsed.GetValue(seeds) is < 1 or > 1_000_000) throw new CommandException($"--seeds is {parsed.GetValue(seeds).ToString(CultureInfo.InvariantCulture)}; it takes 1 to 1000000.");
            var pairs = Sides(parsed.GetValue(economy), parsed.GetValue(scenario), parsed.GetValue(compare) ?? [], packs);
            LiveState? live = null;
            if (parsed.GetValue(fork) is { } rpc) (live, pairs) = await ForkedAsync(pairs, rpc, parsed.Folder(network), cancellation);
            var title = parsed.GetValue(scenario) is { } named ? EconomyFiles.TitleOf(named) : null;
            var again = "turnpike " + string.Join(' ', parsed.Tokens.Select(token => token.Value));
            var choices = new Choices(weeks, parsed.GetValue(seeds), parsed.GetRequiredValue(output), !parsed.GetValue(plain), title, again);
            return Run(pairs, live, choices, parsed.GetValue(json), parsed.InvocationConfiguration.Output, cancellation);
        });
        return command;
    }

    private sealed record Side(string Name, Economy Economy, Blueprint? Blueprint);

    private static List<Side> Sides(string? economy, string? scenario, string[] compare, IReadOnlyList<PackDescription> packs)
    {
        if (compare.Length == 0)
        {
            var named = economy ?? throw new CommandException($"Name an economy: {string.Join(", ", EconomyFiles.Names(""))}, or a file.");
            var (read, blueprint) = EconomyFiles.Read(named, scenario, packs);
            return [new Side(read.Title, read, blueprint)];
        }
        if (scenario is not null) throw new CommandException("--scenario and --compare exclude each other; compare two scenarios, or two economies.");
        return [.. compare.Select(side => SideOf(economy, side, packs))];
    }

    private static Side SideOf(string? economy, string side, IReadOnlyList<PackDescription> packs)
    {
        var isScenario = EconomyFiles.IsScenario(side);
        if (isScenario && economy is null) throw new CommandException($"'{side}' is a scenario: name the economy too, as in: turnpike simulate akash --compare {side} other");
        var (read, blueprint) = EconomyFiles.Read(isScenario ? economy! : side, isScenario ? side : null, packs);
        return new Side(isScenario ? EconomyFiles.TitleOf(side) : read.Title == "" ? side : $"{read.Title} ({Path.GetFileNameWithoutExtension(side)})", read, blueprint);
    }

    private static async Task<(LiveState Live, List<Side> Sides)> ForkedAsync(List<Side> sides, string rpc, NetworkFolder folder, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(rpc, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) throw new CommandException($"--fork is '{rpc}'; it takes an http or https URL, such as http://127.0.0.1:8545.");
        using var http = CommonOptions.Http();
        var live = await LiveNetwork.ReadAsync(http, url, folder, cancellation);
        try
        {
            return (live, [.. sides.Select(side => side with { Economy = live.Begin(side.Economy) })]);
        }
        catch (ArgumentException unfit)
        {
            throw new CommandException(unfit.Message);
        }
    }

    private static int Run(List<Side> sides, LiveState? live, Choices choices, bool isJson, TextWriter output, CancellationToken cancellation)
    {
        var screen = isJson ? null : new SimulateScreen(output);
        if (live is not null) screen?.Say($"Starts from the live network after epoch {live.LastEpoch}: supply {live.Supply.ToTokenString()}, price {live.Price} USD, {live.Devices} devices, {live.BurnedPerEpoch.ToTokenString()} tokens burned an epoch.");
        T With<T>(string doing, int steps, Func<Action<int>, T> work) => screen is null ? work(_ => { }) : screen.Run(doing, steps, work);

        foreach (var side in sides)
            foreach (var warning in EconomyWarnings.Of(side.Economy, side.Blueprint)) screen?.Say($"warning {warning.Law}: {warning.Text}");
        var runs = sides.Select(side => (side.Name, With($"Simulating {side.Name}", choices.Seeds, progress => MonteCarlo.Run(side.Economy, side.Blueprint, choices.Weeks, choices.Seeds, progress: progress, cancellation: cancellation)))).ToList();
        IReadOnlyDictionary<Metric, IReadOnlyList<Sensitivity>> effects = choices.HasSensitivity
            ? With("Measuring sensitivity", 1, _ => Morris.Measure(sides[0].Economy, sides[0].Blueprint, choices.Weeks, [Metric.Price, Metric.Operators, Metric.Revenue, Metric.Subsidy], cancellation: cancellation))
            : new Dictionary<Metric, IReadOnlyList<Sensitivity>>();
        var report = Path.Combine(choices.Out.FullName, "report.html");
        try
        {
            choices.Out.Create();
            File.WriteAllText(report, HtmlReport.Write(new ReportContent(runs, effects, choices.Scenario, choices.Command)));
            foreach (var (i, run) in runs.Index()) File.WriteAllText(Path.Combine(choices.Out.FullName, runs.Count == 1 ? "bands.csv" : $"bands-{(i + 1).ToString(CultureInfo.InvariantCulture)}.csv"), CsvReport.Write(run.Item2));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The report cannot be written to {choices.Out.FullName}: {fault.Message}");
        }
        if (screen is null) NetworkSession.WriteJson(runs.Select(run => SimulateJson.View(run.Name, run.Item2, report)));
        else
        {
            foreach (var (name, result) in runs) screen.Show(name, result);
            screen.Say("Report: " + report);
        }
        return 0;
    }
}
