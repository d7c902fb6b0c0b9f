using System.CommandLine;
using Turnpike.Blueprints;
using Turnpike.Core.Parameters;
using Turnpike.Node.Deploy;
using Turnpike.Node.Replay;

namespace Turnpike.Cli.Replay;

/// <summary>The verb <c>turnpike replay</c>. Exit code 0 only if the audit reproduced every epoch.</summary>
internal static class ReplayCommand
{
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
        var blueprint = new Option<string>("--blueprint") { Description = "The wireless network to replay on; blueprint by name or file.", DefaultValueFactory = _ => "helium-iot" };
        var keep = new Option<DirectoryInfo?>("--keep") { Description = "Keep evidence, outcomes and journals in this folder (it must not exist); otherwise they are deleted at the end. The chain is not kept." };
        var json = CommonOptions.Json();
        var command = new Command("replay", "Replay real deliveries through real Helium hotspots on a local chain, epoch by epoch, and audit all of it.") { file, epoch, blueprint, keep, json }
            .WithExamples("turnpike replay helium-field-tester.ndjson.gz", "turnpike replay helium-field-tester.ndjson.gz --epoch 1d --json", "turnpike replay trace.ndjson --keep ./replayed");
        command.SetAction((parsed, cancellation) =>
        {
            var kept = parsed.GetValue(keep);
            var options = new ReplayOptions { Folder = FolderFor(kept), Blueprint = BlueprintFiles.Local(parsed.GetRequiredValue(blueprint), packs), EpochLength = ReadLength(parsed.GetRequiredValue(epoch)) };
            var output = parsed.InvocationConfiguration.Output;
            return RunAsync(parsed.GetRequiredValue(file), options, isKept: kept is not null, parsed.GetValue(json) ? null : new ReplayScreen(output), output, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(string file, ReplayOptions options, bool isKept, ReplayScreen? screen, TextWriter output, CancellationToken cancellation)
    {
        var trace = ReplayTrace.Load(file);
        var replay = new TraceReplay(trace, options);
        screen?.Begin(file, trace, replay.Epochs, options);
        try
        {
            using var http = CommonOptions.Http();
            var result = screen is null ? await replay.RunAsync(http, progress: null, cancellation) : await screen.ShowAsync(progress => replay.RunAsync(http, progress, cancellation));
            if (screen is null) await output.WriteLineAsync(ReplayJson.Write(result));
            else screen.End(result);
            return result.IsReproduced ? 0 : 1;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The replay cannot write its folder: {fault.Message}");
        }
        finally
        {
            if (!isKept && Directory.Exists(options.Folder.Root)) Directory.Delete(options.Folder.Root, recursive: true);
        }
    }

    private static NetworkFolder FolderFor(DirectoryInfo? kept)
    {
        if (kept is null) return new NetworkFolder(Path.Combine(Path.GetTempPath(), "turnpike-replay-" + Path.GetRandomFileName()));
        return kept.Exists || File.Exists(kept.FullName) ? throw new CommandException($"--keep names {kept.FullName}, which exists already; choose a new folder.") : new NetworkFolder(kept.FullName);
    }

    private static TimeSpan ReadLength(string text) =>
        Notation.TryReadDuration(text, ReplayCalendar.ShortestEpoch, ReplayCalendar.LongestEpoch, out var length, out var expected)
            ? length
            : throw new CommandException($"--epoch is '{text}'; write {expected}.");
}
