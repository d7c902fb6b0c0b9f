namespace Turnpike.Bench.Faults;

/// <summary>A moment in the course of an epoch: something of a node's folder has just changed.</summary>
/// <param name="Name">What has just been done.</param>
/// <param name="IsGateway">Whether a gateway does it, or an oracle.</param>
/// <param name="Path">Below the node's folder: the folder whose entries, or the file whose length, tell it.</param>
internal sealed record KillStage(string Name, bool IsGateway, string Path);

/// <summary>
/// Kills nodes by SIGKILL just as they do something that must not be lost or done twice: whoever is the first to seal, certify, send a commit, compute, sign, reveal, send a settlement. Each
/// stage once an epoch, within milliseconds of the file that bears witness to it; the process is started again at once, as a service manager does, and has to go on from there.
/// A gateway is killed at one stage only, so that in each epoch one of the gateways of every report is never far from its commit.
/// </summary>
internal sealed class StageKills(IReadOnlyList<FaultNode> nodes, FaultOptions options, Action<string> say)
{
    private static readonly KillStage[] Stages =
    [
        new("sealing", true, "evidence/manifests"), new("committing", true, "journal"), new("certifying", false, "signed/manifests"), new("computing", false, "epochs"),
        new("signing", false, "signed"), new("revealing", false, "rounds"), new("settling", false, "journal"), new("activating", false, "journal"),
    ];

    private readonly SemaphoreSlim[] _turns = [.. nodes.Select(_ => new SemaphoreSlim(1, 1))];
    private readonly Random _random = new(options.Seed);

    /// <summary>Kills until cancelled, and returns when everybody runs again.</summary>
    public Task RunAsync(long epochOne, CancellationToken until, CancellationToken cancellation) => Task.WhenAll(Stages.Select((stage, number) => HauntAsync(stage, number, epochOne, until, cancellation)));

    private async Task HauntAsync(KillStage stage, int number, long epochOne, CancellationToken until, CancellationToken cancellation)
    {
        var candidates = stage.IsGateway
            ? [options.Oracles + number % options.Gateways]
            : Enumerable.Range(0, options.Oracles).ToArray();
        while (!until.IsCancellationRequested)
        {
            if (await FirstToActAsync(stage, candidates, until) is not { } victim) return;
            await Task.Delay(Next(40), cancellation);
            await _turns[victim].WaitAsync(cancellation);
            try
            {
                if (until.IsCancellationRequested) return;
                await nodes[victim].KillAsync();
                say($"{(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - epochOne) / 1000.0,7:0.0} s  killed {(victim < options.Oracles ? $"oracle-{victim}" : $"gateway-{victim - options.Oracles}")} {stage.Name}");
                await nodes[victim].RestartAsync(null, cancellation);
            }
            finally
            {
                _turns[victim].Release();
            }
            // Once an epoch, and a little more or less, so that in the long run each comes at each moment.
            await Task.Delay(options.EpochMilliseconds * (60 + Next(40)) / 100, until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private int Next(int below)
    {
        lock (_random) return _random.Next(below);
    }

    private async Task<int?> FirstToActAsync(KillStage stage, int[] candidates, CancellationToken until)
    {
        var before = candidates.Select(place => Trace(nodes[place].Folder, stage)).ToArray();
        while (!until.IsCancellationRequested)
        {
            await Task.Delay(10, until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            for (var i = 0; i < candidates.Length; i++)
                if (Trace(nodes[candidates[i]].Folder, stage) > before[i]) return candidates[i];
        }
        return null;
    }

    // Entries and bytes only ever grow where something is done; what is deleted in between is not looked for.
    private static long Trace(string folder, KillStage stage)
    {
        var path = Path.Combine(folder, stage.Path);
        try
        {
            return Directory.Exists(path) ? new DirectoryInfo(path).EnumerateFileSystemInfos().Sum(entry => 1 + ((entry as FileInfo)?.Length ?? 0)) : 0;
        }
        catch (IOException)
        {
            // Renamed while it was looked at: the next look sees where to.
            return 0;
        }
    }
}
