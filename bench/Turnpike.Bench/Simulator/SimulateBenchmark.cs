using System.Diagnostics;
using System.Globalization;
using Turnpike.Core;
using Turnpike.Networks.Wireless;
using Turnpike.Simulation;

namespace Turnpike.Bench.Simulator;

/// <summary>
/// The simulator: operator-epoch updates a second and core, a thousand five-year runs, a ten-year daily Filecoin run. The reference in the same run is the trivial step of
/// cadCAD's benchmark (a state of two numbers copied into a dictionary each step, as these tools do) in C#; radCAD's and mechafil's own figures are quoted as published.
/// </summary>
internal sealed class SimulateBenchmark : IBenchmark
{
    private const int Weeks = 260;

    public string Name => "simulate";

    public string Summary => "operator-epochs a second, 1,000 five-year runs (arguments: seeds), ten years of Filecoin by day";

    public Task<int> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var seeds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 1_000;
        var folder = Path.Combine(FindRepository(), "blueprints", "economics");
        foreach (var name in new[] { "helium-mobile", "akash", "filecoin", "helium-iot" }) OneCore(Read(folder, name), name);
        Console.WriteLine($"reference: trivial step with state in dictionaries {Trivial() / 1e6:0.00} M steps/s (published: radCAD 0.073 M/s, cadCAD 0.017 M/s)");
        TenYears(Read(folder, "filecoin"));

        var whole = Read(folder, "helium-mobile");
        GC.Collect();
        var cpu = Process.GetCurrentProcess().UserProcessorTime;
        var result = MonteCarlo.Run(whole.Economy, whole.Blueprint, Weeks, seeds, cancellation: cancellation);
        var spent = (Process.GetCurrentProcess().UserProcessorTime - cpu).TotalSeconds;
        Console.WriteLine($"{seeds} runs of five years by week with {whole.Economy.Operators.Cohorts} cohorts: {result.Elapsed.TotalSeconds:0.0} s on {Environment.ProcessorCount} cores ({spent:0.0} s of CPU, {spent / Environment.ProcessorCount:0.0} s a core), {GC.GetTotalMemory(true) / 1e6:0} MB kept, result {result.Hash[..16]}");
        return Task.FromResult(0);
    }

    private static void OneCore((Economy Economy, Blueprints.Blueprint? Blueprint) read, string name)
    {
        var run = new SimulationRun(read.Economy, read.Blueprint, Weeks);
        run.Execute(1);
        var cpu = Process.GetCurrentProcess().UserProcessorTime;
        var lives = 0;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(3) || lives == 0; lives++) run.Execute((ulong)lives + 2);
        var spent = (Process.GetCurrentProcess().UserProcessorTime - cpu).TotalSeconds;
        Console.WriteLine($"{name}: {run.Updates * lives / spent / 1e6:0.00} M operator-epoch updates/s a core (CPU time)");
    }

    private static double Trivial()
    {
        var state = new Dictionary<string, object>(StringComparer.Ordinal) { ["a"] = 1.0, ["b"] = 0.0 };
        var (steps, clock) = (0L, Stopwatch.StartNew());
        var cpu = Process.GetCurrentProcess().UserProcessorTime;
        var history = new List<Dictionary<string, object>>(1 << 20);
        for (; clock.Elapsed < TimeSpan.FromSeconds(1); steps++)
        {
            state = new Dictionary<string, object>(state, StringComparer.Ordinal) { ["a"] = (double)state["a"] + 1, ["b"] = (double)state["b"] + (double)state["a"] };
            if (history.Count < 1 << 20) history.Add(state);
        }
        return steps / (Process.GetCurrentProcess().UserProcessorTime - cpu).TotalSeconds;
    }

    private static void TenYears((Economy Economy, Blueprints.Blueprint? Blueprint) read)
    {
        var best = double.MaxValue;
        var minted = Amount.Zero;
        for (var round = 0; round < 7; round++)
        {
            var cpu = Process.GetCurrentProcess().UserProcessorTime;
            var rules = new StorageRules(read.Economy.Rules[0]);
            minted = Amount.Zero;
            for (var day = 0; day < 3_650; day++) minted += rules.AdvanceDay((UInt128)(3.07 * 1_152_921_504_606_846_976 * (1 + day / 7_300.0)));
            best = Math.Min(best, (Process.GetCurrentProcess().UserProcessorTime - cpu).TotalMilliseconds);
        }
        Console.WriteLine($"Filecoin, ten years by day: {best:0.0} ms of CPU, {minted.ToTokenString()[..9]} FIL (published: mechafil with NumPy about 2,900 ms for nine years)");
    }

    private static (Economy Economy, Blueprints.Blueprint? Blueprint) Read(string folder, string name)
    {
        var reading = EconomyReader.Read(Path.Combine(folder, name + ".yaml"), null, WirelessModule.Packs);
        return reading.Economy is { } economy ? (economy, reading.Rules) : throw new InvalidOperationException(string.Join("; ", reading.Problems));
    }

    private static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Turnpike.slnx"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Run the benchmark inside the repository.");
        return folder;
    }
}
