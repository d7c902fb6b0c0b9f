using System.CommandLine;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Turnpike.Blueprints;
using Turnpike.Node.Deploy;
using Turnpike.Node.Local;

namespace Turnpike.Cli.Demo;

/// <summary>The verb <c>turnpike demo</c>.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var devices = new Option<int>("--devices") { Description = "Hotspots, 4 to 400.", DefaultValueFactory = _ => 12 };
        var epochs = new Option<int>("--epochs") { Description = "Epochs, 1 to 50.", DefaultValueFactory = _ => 3 };
        var keep = new Option<DirectoryInfo?>("--keep") { Description = "Keep the network in this folder (it must not exist); otherwise everything is deleted at the end." };
        var verbose = new Option<bool>("--verbose") { Description = "Show what the node logs." };
        var json = CommonOptions.Json();
        var command = new Command("demo", "Run a whole network on this machine: devices, cheats, epochs, claims, audit.") { devices, epochs, keep, verbose, json }
            .WithExamples("turnpike demo", "turnpike demo --devices 40 --epochs 5", "turnpike demo --json");
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(devices), parsed.GetValue(epochs), parsed.GetValue(keep), parsed.GetValue(verbose), parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(int devices, int epochs, DirectoryInfo? keep, bool verbose, bool json, CancellationToken cancellation)
    {
        if (devices is < 4 or > 400) throw new CommandException($"--devices is {devices}; it goes from 4 to 400.");
        if (epochs is < 1 or > 50) throw new CommandException($"--epochs is {epochs}; it goes from 1 to 50.");
        if (keep?.Exists == true) throw new CommandException($"--keep names {keep.FullName}, which exists already; choose a new folder.");
        var watch = Stopwatch.StartNew();
        var folder = new NetworkFolder(keep?.FullName ?? Path.Combine(Path.GetTempPath(), "turnpike-demo-" + Path.GetRandomFileName()));
        try
        {
            var result = await PlayAsync(folder, devices, epochs, verbose, line => Say(json, watch, line), cancellation);
            var seconds = watch.Elapsed.TotalSeconds;
            if (json) Console.Out.WriteLine(DemoReport.Json(result, seconds));
            else DemoReport.Print(result, seconds);
            return result.Failures.Count == 0 ? 0 : 1;
        }
        finally
        {
            if (keep is null && Directory.Exists(folder.Root)) Directory.Delete(folder.Root, recursive: true);
        }
    }

    private static async Task<DemoResult> PlayAsync(NetworkFolder folder, int devices, int epochs, bool verbose, Action<string> say, CancellationToken cancellation)
    {
        using var http = CommonOptions.Http();
        var blueprint = Shorter(BlueprintFiles.Local("helium-iot"));
        say("A local EVM chain starts; the contracts of blueprint 'helium-iot' are deployed on it.");
        var options = new LocalNetworkOptions { Folder = folder, Blueprint = blueprint, Launch = TimeSpan.FromSeconds(6), LogLevel = verbose ? LogLevel.Information : LogLevel.Error };
        await using var network = await LocalNetwork.StartAsync(options, http, progress: null, cancellation);
        say($"Network {network.Node.Deployment.NetworkId.ToString()[..18]}...: {blueprint.Oracles.Count} oracles of which {blueprint.Oracles.Faulty} may lie, one gateway at {network.Node.Network.Node}; epochs of {blueprint.Epoch.Length.TotalSeconds:0} seconds.");
        return await new DemoScript(network, network.Node, say, devices, epochs).RunAsync(cancellation);
    }

    // Epochs short enough to watch.
    private static Blueprint Shorter(Blueprint blueprint) => blueprint with
    {
        Epoch = blueprint.Epoch with { Length = TimeSpan.FromSeconds(6), Grace = TimeSpan.FromSeconds(3), ActivationDelay = TimeSpan.FromSeconds(1) },
    };

    private static void Say(bool json, Stopwatch watch, string line)
    {
        if (!json) Console.WriteLine($"{watch.Elapsed.TotalSeconds,5:0.0} s  {line}");
    }
}
