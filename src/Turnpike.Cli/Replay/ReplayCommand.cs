using System.CommandLine;
using Turnpike.Blueprints;
using Turnpike.Cli.Blueprints;
using Turnpike.Core.Parameters;
using Turnpike.Evm.Rpc;
using Turnpike.Networks.Wireless.Archive;
using Turnpike.Node;
using Turnpike.Node.Deploy;
using Turnpike.Node.Epochs;
using Turnpike.Node.Local;
using Turnpike.Node.Replay;
using Turnpike.Node.Wallets;

namespace Turnpike.Cli.Replay;

/// <summary>The verb <c>turnpike replay</c>. Exit codes: 0 every epoch reproduced, 1 something is wrong or an epoch differs.</summary>
public static class ReplayCommand
{
    private const int Right = 0;
    private const int Wrong = 1;
    private const int Interrupted = 130;

    /// <summary>The command.</summary>
    /// <param name="packs">The rule packs of this program.</param>
    public static Command Create(IReadOnlyList<PackDescription> packs)
    {
        var file = new Argument<string>("file")
        {
            Description = "Deliveries as Helium Console's HTTP integration wrote them: JSON Lines, gzip if the name ends in .gz. Nobody signed them for this network, so they are archive "
                + "evidence (trust 0), and the hotspots' public keys go into an archive registry, which exists on a local chain only. A hotspot's rewards go to the last 20 bytes of "
                + "keccak256(key): nobody holds that account, so they can never be claimed.",
        };
        var epoch = new Option<string>("--epoch") { Description = "Length of an epoch in the trace's own time, 10m to 31d.", DefaultValueFactory = _ => "7d" };
        var blueprint = new Option<string>("--blueprint") { Description = "The network to replay on: a wireless blueprint's name, or a file.", DefaultValueFactory = _ => "helium-iot" };
        var keep = new Option<DirectoryInfo?>("--keep") { Description = "Keep evidence, outcomes and journals in this folder (it must not exist); otherwise they are deleted at the end. The chain is not kept." };
        var json = new Option<bool>("--json") { Description = "Write JSON, and nothing else to standard output." };
        var command = new Command("replay", "Replay real deliveries through real Helium hotspots on a local chain, epoch by epoch, and audit all of it.") { file, epoch, blueprint, keep, json }
            .WithExamples("turnpike replay helium-field-tester.ndjson.gz", "turnpike replay helium-field-tester.ndjson.gz --epoch 1d --json", "turnpike replay trace.ndjson --keep ./replayed");
        command.SetAction((parsed, cancellation) => GuardAsync(parsed, () =>
        {
            var length = ReadLength(parsed.GetRequiredValue(epoch));
            var profile = ReadBlueprint(parsed.GetRequiredValue(blueprint), packs);
            var screen = parsed.GetValue(json) ? null : new ReplayScreen(parsed.InvocationConfiguration.Output);
            return RunAsync(parsed.GetRequiredValue(file), profile, length, parsed.GetValue(keep), screen, parsed.InvocationConfiguration.Output, cancellation);
        }));
        return command;
    }

    private static async Task<int> RunAsync(string file, Blueprint blueprint, TimeSpan length, DirectoryInfo? keep, ReplayScreen? screen, TextWriter output, CancellationToken cancellation)
    {
        if (keep is not null && (keep.Exists || File.Exists(keep.FullName))) throw new ReplayException($"--keep names {keep.FullName}, which exists already; choose a new folder.");
        var trace = ReplayTrace.Load(file);
        var root = keep?.FullName ?? Path.Combine(Path.GetTempPath(), "turnpike-replay-" + Path.GetRandomFileName());
        try
        {
            var options = new ReplayOptions { Folder = new NetworkFolder(root), Blueprint = blueprint, EpochLength = length };
            var replay = new TraceReplay(trace, options);
            screen?.Begin(file, trace, replay.Epochs, length, blueprint);
            using var http = new HttpClient();
            var result = screen is null ? await replay.RunAsync(http, null, cancellation) : await screen.ShowAsync(progress => replay.RunAsync(http, progress, cancellation));
            if (screen is null) output.WriteLine(ReplayJson.Write(result));
            else screen.End(result);
            return result.IsReproduced ? Right : Wrong;
        }
        finally
        {
            if (keep is null && Directory.Exists(root)) Directory.Delete(root, recursive: true);
        }
    }

    private static TimeSpan ReadLength(string text) =>
        Notation.TryReadDuration(text, ReplayCalendar.ShortestEpoch, ReplayCalendar.LongestEpoch, out var length, out var expected)
            ? length
            : throw new ReplayException($"--epoch is '{text}'; write {expected}.");

    private static Blueprint ReadBlueprint(string name, IReadOnlyList<PackDescription> packs)
    {
        var path = BlueprintFolder.Find(null).Resolve(name) ?? throw new ReplayException($"There is no blueprint and no file '{name}'. See: turnpike blueprint list");
        var reading = BlueprintReader.Read(path, packs);
        return reading.Local ?? throw new ReplayException(string.Join(Environment.NewLine, reading.Problems));
    }

    private static async Task<int> GuardAsync(ParseResult parsed, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception problem) when (problem is ReplayException or TraceFormatException or LocalChainException or DeploymentException or KeyRingException or WalletException
            or EvidenceException or UnknownRulesException or RpcException or IntentRefusedException or HttpRequestException or IOException or UnauthorizedAccessException)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"turnpike: {problem.Message}");
            return Wrong;
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
    }
}
