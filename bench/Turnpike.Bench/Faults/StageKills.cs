namespace Turnpike.Bench.Faults;

/// <summary>A moment in the course of an epoch: something of a node's folder has just changed.</summary>
/// <param name="Name">What has just been done.</param>
/// <param name="IsGateway">Whether a gateway does it, or an oracle.</param>
/// <param name="Path">Below the node's folder: the folder whose entries and lengths tell it.</param>
internal sealed record KillStage(string Name, bool IsGateway, string Path);

/// <summary>
/// Kills nodes by SIGKILL just as they do something that must not be lost or done twice: whoever is the first to seal, certify, send a commit, compute, sign, reveal, send a settlement or an activation;
/// within milliseconds of the file that bears witness to it. The process is started again at once, as a service manager does, and has to go on from there. One at a time, and, while devices report, each stage about as often as the others.
/// A gateway is killed at one stage only, so that in each epoch one of the gateways of every report is never far from its commit.
/// </summary>
internal sealed class StageKills(IReadOnlyList<FaultNode> nodes, FaultOptions options, Action<string> say)
{
    private static readonly KillStage[] Stages =
    [
        new("sealing", true, "evidence/manifests"), new("committing", true, "journal"), new("certifying", false, "signed/manifests"), new("computing", false, "epochs"),
        new("signing", false, "signed"), new("revealing", false, "rounds"), new("settling or activating", false, "journal"),
    ];

    private readonly int[] _kills = new int[Stages.Length];
    private readonly Random _random = new(options.Seed);

    /// <summary>Kills until cancelled, and returns when everybody runs again.</summary>
    public async Task RunAsync(long epochOne, CancellationToken until, CancellationToken cancellation)
    {
        while (await FirstToActAsync(epochOne + options.Epochs * options.EpochMilliseconds, until) is var (stage, victim))
        {
            await Task.Delay(_random.Next(40), cancellation);
            await nodes[victim].KillAsync();
            _kills[stage]++;
            say($"{(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - epochOne) / 1000.0,7:0.0} s  killed {(victim < options.Oracles ? $"oracle-{victim}" : $"gateway-{victim - options.Oracles}")} {Stages[stage].Name}");
            await nodes[victim].RestartAsync(null, cancellation);
        }
    }

    private async Task<(int Stage, int Node)?> FirstToActAsync(long reportsEnd, CancellationToken until)
    {
        var places = Enumerable.Range(0, Stages.Length).SelectMany(stage => CandidatesOf(stage).Select(node => (Stage: stage, Node: node))).ToList();
        var before = places.Select(TraceOf).ToList();
        while (!until.IsCancellationRequested)
        {
            await Task.Delay(10, until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Epochs without evidence have no stages of evidence: to wait for those would leave the others unkilled.
            var isBalanced = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() < reportsEnd;
            for (var i = 0; i < places.Count; i++)
            {
                var trace = TraceOf(places[i]);
                if (trace > before[i] && (!isBalanced || _kills[places[i].Stage] <= _kills.Min() + 1)) return places[i];
                before[i] = trace;
            }
        }
        return null;
    }

    private IEnumerable<int> CandidatesOf(int stage) => Stages[stage].IsGateway ? [options.Oracles + stage % options.Gateways] : Enumerable.Range(0, options.Oracles);

    // Entries and bytes grow where something is done.
    private long TraceOf((int Stage, int Node) place)
    {
        var path = Path.Combine(nodes[place.Node].Folder, Stages[place.Stage].Path);
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
