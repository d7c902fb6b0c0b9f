using System.Globalization;

namespace Turnpike.Bench.Faults;

/// <summary>The fault schedule as a command; see <see cref="FaultRun"/>.</summary>
internal sealed class FaultsBenchmark : IBenchmark
{
    public string Name => "faults";

    public string Summary => "a network under a seeded schedule of faults [--seed N --oracles 7 --gateways 3 --epochs 20 --epoch-seconds 16 --grace-seconds 8 --finality-slots 3 --folder F --plan --kills]";

    public async Task<int> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var options = new FaultOptions
        {
            Seed = Number(arguments, "--seed", 1), Oracles = Number(arguments, "--oracles", 7), Gateways = Number(arguments, "--gateways", 3), Epochs = Number(arguments, "--epochs", 20),
            EpochSeconds = Number(arguments, "--epoch-seconds", 16), GraceSeconds = Number(arguments, "--grace-seconds", 8), FinalitySlots = Number(arguments, "--finality-slots", 3), Folder = Text(arguments, "--folder"), KillsAtStages = arguments.Contains("--kills"),
        };
        if (arguments.Contains("--plan"))
        {
            foreach (var fault in FaultSchedule.Create(options)) Console.WriteLine(fault);
            return 0;
        }
        var result = await FaultRun.RunAsync(options, Console.WriteLine, cancellation);
        foreach (var problem in result.Problems) Console.WriteLine("PROBLEM: " + problem);
        Console.WriteLine($"seed {options.Seed}: {result.Epochs} epochs settled and minted once, {result.Reports} honest reports acknowledged, {result.Duplicates} copies recognised, {result.Kills} kills, {result.Problems.Count} problems");
        return result.Problems.Count == 0 ? 0 : 1;
    }

    private static int Number(string[] arguments, string name, int otherwise) => Text(arguments, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static string? Text(string[] arguments, string name) => Array.IndexOf(arguments, name) is >= 0 and var at && at + 1 < arguments.Length ? arguments[at + 1] : null;
}
