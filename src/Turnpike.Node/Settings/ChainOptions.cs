namespace Turnpike.Node.Settings;

/// <summary>How a node reaches and trusts its chain.</summary>
public sealed class ChainOptions
{
    /// <summary>JSON-RPC endpoints, the preferred one first; the next is asked while one fails. Default: the one in network.json. Endpoints of another chain end the start.</summary>
    public IReadOnlyList<Uri> Rpc { get; init; } = [];

    /// <summary>Blocks, its own included, after which a transaction of the node counts as done. Default 12, on a development chain 1. Too few, a reorganisation undoes what the node took for done; too many, it waits longer.</summary>
    public int? Confirmations { get; init; }

    /// <summary>Pause between looks at the chain's head. Default 2s, on a development chain 200ms. Too short, providers refuse for their quota; too long, the node acts late.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>Time between blocks, from which follows how long oracles wait for each other (three blocks before the next in turn submits). Default 12s, as on Ethereum; on a development chain 1s. Too short, oracles pay gas for the same report twice; too long, a silent oracle delays settlement.</summary>
    public TimeSpan? BlockTime { get; init; }

    /// <summary>Waiting time after which a transaction's fee is raised. Default 90s. Too short, fees are wasted; too long, a fee spike delays settlement.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Confirmations on the given chain.</summary>
    public int ConfirmationsOn(ulong chainId) => Confirmations ?? (IsDevelopment(chainId) ? 1 : 12);

    /// <summary>Poll interval on the given chain.</summary>
    public TimeSpan PollIntervalOn(ulong chainId) => PollInterval ?? (IsDevelopment(chainId) ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(2));

    /// <summary>Block time of the given chain.</summary>
    public TimeSpan BlockTimeOn(ulong chainId) => BlockTime ?? (IsDevelopment(chainId) ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(12));

    internal IEnumerable<string> Problems()
    {
        foreach (var endpoint in Rpc.Where(endpoint => endpoint.Scheme != Uri.UriSchemeHttp && endpoint.Scheme != Uri.UriSchemeHttps)) yield return $"chain.rpc is '{endpoint}': it begins with http:// or https://.";
        if (Confirmations is < 1 or > 1000) yield return $"chain.confirmations is {Confirmations}: 1 to 1000.";
        if (PollInterval is { } poll && (poll < TimeSpan.FromMilliseconds(50) || poll > TimeSpan.FromMinutes(1))) yield return $"chain.pollInterval is {Duration.Format(poll)}: 50ms to 1m.";
        if (BlockTime is { } block && (block < TimeSpan.FromMilliseconds(100) || block > TimeSpan.FromHours(1))) yield return $"chain.blockTime is {Duration.Format(block)}: 100ms to 1h.";
        if (StuckAfter < TimeSpan.FromSeconds(1)) yield return $"chain.stuckAfter is {Duration.Format(StuckAfter)}: at least 1s.";
    }

    private static bool IsDevelopment(ulong chainId) => chainId == Local.LocalChainOptions.ChainId;
}
