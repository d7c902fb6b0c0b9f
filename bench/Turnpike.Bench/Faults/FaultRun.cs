using System.Text.Json.Nodes;
using Turnpike.Blueprints;
using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Networks.Wireless;
using Turnpike.Networks.Wireless.Rules.Usage2026;
using Turnpike.Node;
using Turnpike.Node.Deploy;
using Turnpike.Node.Epochs;
using Turnpike.Node.Local;
using Turnpike.Node.Market;
using Turnpike.Node.Wallets;

namespace Turnpike.Bench.Faults;

/// <summary>
/// A whole network under a seeded schedule of faults: a development chain, each oracle and each gateway in a process of its own, all HTTP between them through wires that delay, double, lose and
/// cut, devices with a spool. Processes are killed with SIGKILL and started again from their folders; liars are the real node with an altered rule pack or key. When the schedule
/// is over, everybody recovers, and what was paid is counted again.
/// </summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private readonly FaultOptions _options;
    private readonly Action<string> _say;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly List<FaultNode> _nodes = [];
    private readonly string _folder;
    private LocalChain _chain = null!;
    private FaultLinks _links = null!;
    private NodeContext _node = null!;
    private NetworkMembers _members = null!;
    private ulong _lastEpoch;

    private FaultRun(FaultOptions options, Action<string> say)
    {
        _options = options;
        _say = say;
        _folder = options.Folder ?? Path.Combine(Path.GetTempPath(), "turnpike-faults-" + Path.GetRandomFileName());
    }

    /// <summary>Runs a schedule to its end.</summary>
    public static async Task<FaultResult> RunAsync(FaultOptions options, Action<string> say, CancellationToken cancellation)
    {
        var run = new FaultRun(options, say);
        FaultResult result;
        await using (run) result = await run.PlayAsync(cancellation);
        // Nobody writes there any more.
        if (result.Problems.Count == 0 && options.Folder is null) Directory.Delete(run._folder, recursive: true);
        else say($"the run's files are in {run._folder}");
        return result;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        if (_links is not null) await _links.DisposeAsync();
        if (_chain is not null) await _chain.DisposeAsync();
        _http.Dispose();
    }

    private async Task<FaultResult> PlayAsync(CancellationToken cancellation)
    {
        var schedule = _options.KillsAtStages ? [] : FaultSchedule.Create(_options);
        _say($"seed {_options.Seed}: {_options.Oracles} oracles (f = {_options.Faulty}), {_options.Gateways} gateways, {_options.Epochs} epochs of {_options.EpochSeconds} s, {schedule.Count} faults");
        foreach (var fault in schedule) _say("  " + fault);
        var keys = await FoundAsync(cancellation);
        await Task.WhenAll(_nodes.Select(node => node.StartAsync(null, cancellation)));
        var fleet = await PopulateAsync(keys, cancellation);
        await FollowAsync(cancellation);
        var epochOne = FirstToCome(_node.History.Read(state => state.Clock));

        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watching = WatchAsync(fleet, done.Token);
        var troubling = schedule.Select(fault => InflictAsync(fault, epochOne, cancellation)).ToList();
        if (_options.KillsAtStages) troubling.Add(KillAtStagesAsync(epochOne, cancellation));
        var reporting = fleet.RunAsync(epochOne, cancellation);
        await Task.WhenAll(troubling);
        foreach (var node in _nodes) await node.RestartAsync(null, cancellation);
        _say("the schedule is over; everybody recovers");
        var last = await SettleAsync(fleet, reporting, cancellation);
        await done.CancelAsync();
        await watching;
        _say($"{_links.Summary}; {_nodes.Sum(node => node.Kills)} kills");
        return await CountAsync(fleet, last, cancellation) with { Kills = _nodes.Sum(node => node.Kills) };
    }

    // On a busy machine epoch 1 has begun before everybody is there: then all begins with the next one.
    private long FirstToCome(EpochClock clock)
    {
        var first = clock.TryAt(Now, out var current) ? current.Next : EpochNumber.First;
        _lastEpoch = first.Value + (ulong)_options.Epochs - 1;
        return clock.StartOf(first);
    }

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    // Chain, keys, folders, contracts, wires: everything but the processes.
    private async Task<KeyRing> FoundAsync(CancellationToken cancellation)
    {
        var folder = new NetworkFolder(Path.Combine(_folder, "network"));
        Directory.CreateDirectory(folder.Root);
        _chain = await LocalChain.StartAsync(new LocalChainOptions { FinalitySlots = _options.FinalitySlots }, cancellation);
        var client = new EthereumClient(new JsonRpcClient(_http, _chain.Rpc));
        var keys = KeyRing.Local(folder.Keys);
        var blueprint = BlueprintOf(keys);
        var urls = Enumerable.Range(0, _options.Oracles + _options.Gateways).Select(_ => new Uri($"http://127.0.0.1:{LocalNetwork.FreePort()}/")).ToList();
        _members = new NetworkMembers(
            [.. Enumerable.Range(0, _options.Oracles).Select(i => (keys.OpenOrCreate($"oracle-{i}").Address, urls[i]))],
            [.. Enumerable.Range(0, _options.Gateways).Select(i => (keys.OpenOrCreate($"gateway-{i}").Address, urls[_options.Oracles + i]))]);
        for (var i = 0; i < _options.Gateways; i++) keys.OpenOrCreate($"bystander-{i}").Dispose();
        foreach (var name in keys.Names) await LocalNetwork.FundAsync(client, keys, name, cancellation);
        await LocalNetwork.DeployAsync(folder, client, keys, blueprint, _members, _chain.Rpc, TimeProvider.System, archive: false, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + LaunchSeconds, null, cancellation);
        await client.Rpc.CallAsync(new RpcCall("evm_setIntervalMining", [1]), cancellation);
        _node = NodeContext.Open(folder, _http, TimeProvider.System);
        await WireAsync(urls, cancellation);
        return keys;
    }

    // A process takes about a second of a core to start, and all start at once.
    private int LaunchSeconds => 8 + _options.Oracles + _options.Gateways;

    private Blueprint BlueprintOf(KeyRing keys)
    {
        var reading = BlueprintReader.Read(Path.Combine(BlueprintFolder(), "helium-iot.yaml"), WirelessModule.Packs);
        var blueprint = reading.Local ?? throw new InvalidOperationException("The blueprint has no local profile.");
        blueprint = blueprint.WithAccounts(blueprint.GeneratedAccounts.ToDictionary(name => name, name => keys.OpenOrCreate(name).Address));
        return blueprint with
        {
            Epoch = blueprint.Epoch with { Length = TimeSpan.FromSeconds(_options.EpochSeconds), Grace = TimeSpan.FromSeconds(_options.GraceSeconds), ActivationDelay = TimeSpan.FromSeconds(1) },
            Oracles = blueprint.Oracles with { Count = (uint)_options.Oracles, Faulty = (uint)_options.Faulty },
            Gateways = blueprint.Gateways with { Count = (uint)_options.Gateways },
        };
    }

    private static string BlueprintFolder()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "blueprints", "helium-iot.yaml"))) return Path.Combine(folder, "blueprints");
        throw new InvalidOperationException("Run from the repository: blueprints/helium-iot.yaml is above no folder of this program.");
    }

    private async Task WireAsync(List<Uri> urls, CancellationToken cancellation)
    {
        _links = await FaultLinks.StartAsync(_options.Seed, [FaultLinks.Devices, .. Enumerable.Range(0, urls.Count)], cancellation);
        _links.Know(_chain.Rpc, FaultLinks.Chain);
        for (var i = 0; i < urls.Count; i++)
        {
            _links.Know(urls[i], i);
            var folder = new NetworkFolder(Path.Combine(_folder, NameOf(i)));
            folder.Write(_node.Network with { Node = urls[i] });
            folder.WriteParameters(_node.Parameters);
            var gateway = i - _options.Oracles;
            var role = new FaultChildRole(folder.Root, _node.Folder.Keys, gateway < 0 ? $"oracle-{i}" : $"bystander-{gateway}", gateway < 0 ? null : $"gateway-{gateway}", _links.ProxyOf(i), null, i);
            _nodes.Add(new FaultNode(role, Path.Combine(_folder, NameOf(i) + ".log")));
        }
    }

    private string NameOf(int place) => place < _options.Oracles ? $"oracle-{place}" : $"gateway-{place - _options.Oracles}";

    // Tokens, credits, devices and an order that every gateway has: before the first fault.
    private async Task<FaultFleet> PopulateAsync(KeyRing keys, CancellationToken cancellation)
    {
        var holder = new LocalDigestSigner(keys.Open("holders"));
        await using var wallet = await Wallet.OpenAsync(_node, holder, cancellation);
        var devices = Enumerable.Range(0, _options.Devices).Select(_ => P256DeviceKey.Generate()).ToList();
        await wallet.BuyFeesAsync(new Credits(50_000UL * (ulong)_options.Devices), cancellation);
        await wallet.RegisterAsync(devices, kind: 1, null, cancellation);
        await wallet.DepositAsync(wallet.Address, new Credits(1_000_000), cancellation);
        var order = new ServiceOrder
        {
            Customer = wallet.Address, Service = Usage2026Pack.Service, Meter = Address.Zero, Price = Usage2026Pack.CreditsPerUnit, CapPerEpoch = 1_000_000, FromEpoch = 1, UntilEpoch = 1_000_000, Nonce = 1,
        };
        var signed = await SignedOrder.SignAsync(order, new SigningDomain(_node.Deployment.ChainId, _node.Deployment.Credits), holder, cancellation);
        foreach (var (_, url) in _members.Gateways)
        {
            await OrderAsync(new Uri(url, "v1/orders"), signed.Encode(), cancellation);
        }
        var devicesHttp = new HttpClient(new SocketsHttpHandler { Proxy = new System.Net.WebProxy(_links.ProxyOf(FaultLinks.Devices)), UseProxy = true }) { Timeout = TimeSpan.FromSeconds(5) };
        return new FaultFleet(_options, devices, _node.Deployment.NetworkId, [.. _members.Gateways.Select(gateway => gateway.Url)], wallet.Address, devicesHttp);
    }

    // A gateway whose ledger has not seen the deposit yet refuses the order.
    private async Task OrderAsync(Uri door, byte[] order, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            using var content = new ByteArrayContent(order);
            using var answer = await _http.PostAsync(door, content, cancellation);
            if (answer.StatusCode is not System.Net.HttpStatusCode.PaymentRequired || tries == 50) answer.EnsureSuccessStatusCode();
            if (answer.IsSuccessStatusCode) return;
            await Task.Delay(200, cancellation);
        }
    }

    private async Task FollowAsync(CancellationToken cancellation)
    {
        var head = await _node.Chain.BlockNumberAsync(cancellation);
        await new LedgerFollower(_node.Chain, _node.History, new ChainFollowerOptions { To = FollowTo.Latest }, _node.Time).RunUntilAsync(head, cancellation);
    }

    private async Task InflictAsync(Fault fault, long epochOne, CancellationToken cancellation)
    {
        await UntilAsync(epochOne + fault.From, cancellation);
        _say($"{(Now - epochOne) / 1000.0,7:0.0} s  {fault.Kind} {(fault.Kind is FaultKind.Reorganise ? fault.Detail + " blocks" : NameOf(fault.Node))}");
        if (fault.Kind is FaultKind.Reorganise) await ReorganiseAsync(fault.Detail, cancellation);
        else if (fault.Kind is FaultKind.Lag) await LagAsync(fault, epochOne, cancellation);
        else if (fault.Kind is FaultKind.Partition) await CutAsync(fault, epochOne, cancellation);
        else await KillAsync(fault, epochOne, cancellation);
    }

    private async Task KillAtStagesAsync(long epochOne, CancellationToken cancellation)
    {
        await UntilAsync(epochOne, cancellation);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var killing = new StageKills(_nodes, _options, _say).RunAsync(epochOne, over.Token, cancellation);
        await UntilAsync(epochOne + _options.Epochs * _options.EpochMilliseconds, cancellation);
        // A slow machine takes longer to start what was killed: it has as much time again.
        while (_nodes.Sum(node => node.Kills) < _options.LeastKills && Now < epochOne + 4 * _options.Epochs * _options.EpochMilliseconds) await Task.Delay(100, cancellation);
        await over.CancelAsync();
        await killing;
    }

    private async Task KillAsync(Fault fault, long epochOne, CancellationToken cancellation)
    {
        var node = _nodes[fault.Node];
        await node.KillAsync();
        if (fault.IsLie)
        {
            await node.RestartAsync(fault.Kind, cancellation);
            if (fault.Kind is FaultKind.Equivocate)
            {
                await UntilAsync(epochOne + (fault.From + fault.Until) / 2, cancellation);
                await node.KillAsync();
                await node.RestartAsync(fault.Kind, cancellation);
            }
        }
        await UntilAsync(epochOne + fault.Until, cancellation);
        if (fault.IsLie) await node.KillAsync();
        await node.RestartAsync(null, cancellation);
    }

    private async Task LagAsync(Fault fault, long epochOne, CancellationToken cancellation)
    {
        _links.Lag(fault.Node, 500 + fault.Detail % 1500);
        await UntilAsync(epochOne + fault.Until, cancellation);
        _links.Lag(fault.Node, 0);
    }

    private async Task CutAsync(Fault fault, long epochOne, CancellationToken cancellation)
    {
        var random = new Random(fault.Detail);
        var others = Enumerable.Range(0, _nodes.Count).Where(place => place != fault.Node).Append(FaultLinks.Chain).Append(FaultLinks.Devices).Where(_ => random.NextDouble() < 0.7).ToList();
        foreach (var other in others) _links.Cut(fault.Node, other, cut: true);
        await UntilAsync(epochOne + fault.Until, cancellation);
        foreach (var other in others) _links.Cut(fault.Node, other, cut: false);
    }

    // The chain's clock goes back with its blocks; on a real chain time goes on.
    private async Task ReorganiseAsync(int depth, CancellationToken cancellation)
    {
        await _node.Chain.Rpc.CallAsync(new RpcCall("anvil_reorg", [depth, new JsonArray()]) { IsIdempotent = false }, cancellation);
        await _node.Chain.Rpc.CallAsync(new RpcCall("evm_setTime", [DateTimeOffset.UtcNow.ToUnixTimeSeconds()]) { IsIdempotent = false }, cancellation);
    }

    /// <summary>The devices' view of the chain: final commits, and what they list.</summary>
    private async Task WatchAsync(FaultFleet fleet, CancellationToken cancellation)
    {
        var history = new LedgerHistory(_node.Deployment);
        var following = new LedgerFollower(_node.Chain, history, new ChainFollowerOptions { To = FollowTo.Finalized, PollInterval = TimeSpan.FromMilliseconds(500) }, _node.Time).RunAsync(cancellation);
        var read = new HashSet<Bytes32>();
        while (!cancellation.IsCancellationRequested)
        {
            foreach (var commit in history.Read(state => Enumerable.Range(1, (int)_lastEpoch + 8).SelectMany(epoch => state.CommitsOf(new EpochNumber((ulong)epoch))).ToList()))
                if (!read.Contains(commit.ManifestHash) && await TryMarkAsync(commit, history, fleet, cancellation)) read.Add(commit.ManifestHash);
            await Task.Delay(300, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<bool> TryMarkAsync(EvidenceCommit commit, LedgerHistory history, FaultFleet fleet, CancellationToken cancellation)
    {
        try
        {
            var block = history.Block!.Number;
            var source = new PublishedEvidence(_http, listed => history.Read(state => PublishedEvidence.PlacesOf(state, listed)));
            var evidence = await new EpochEvidenceReader(source, _node.Deployment).ReadAsync([commit], history.StateAt(block), cancellation);
            var listed = evidence.Pieces.Select(piece => piece.Identity).ToHashSet();
            foreach (var report in fleet.Reports)
                if (listed.Contains(report.Identity)) report.IsCertified = true;
            return true;
        }
        catch (Exception fault) when (fault is EvidenceException or OperationCanceledException)
        {
            return false;
        }
    }

    // Waits until no report is in a spool and the epoch after the last commit is active.
    private async Task<ulong> SettleAsync(FaultFleet fleet, Task reporting, CancellationToken cancellation)
    {
        var limit = DateTime.UtcNow + TimeSpan.FromSeconds(6 * _options.EpochSeconds + 120);
        while (!reporting.IsCompleted)
        {
            if (DateTime.UtcNow > limit) throw new TimeoutException($"{fleet.Reports.Count(report => !report.IsCertified)} of {fleet.Reports.Count} reports are still in spools; the files are in {_folder}");
            await Task.Delay(300, cancellation);
        }
        await reporting;
        await FollowAsync(cancellation);
        var last = Math.Max(_lastEpoch, _node.History.Read(state => Enumerable.Range(1, (int)_lastEpoch + 8).Select(epoch => (ulong)epoch).Where(epoch => state.CommitsOf(new EpochNumber(epoch)).Count > 0).DefaultIfEmpty(0UL).Max()));
        while (_node.History.Read(state => state.LastClosedEpoch) < last)
        {
            if (DateTime.UtcNow > limit) throw new TimeoutException($"Epoch {_node.History.Read(state => state.LastClosedEpoch) + 1} of {last} does not settle; the files are in {_folder}");
            await Task.Delay(500, cancellation);
            await FollowAsync(cancellation);
        }
        return last;
    }

    private async Task<FaultResult> CountAsync(FaultFleet fleet, ulong last, CancellationToken cancellation)
    {
        var publishers = _members.Oracles.Select(oracle => oracle.Url).Take(2).ToList();
        var result = await new FaultTally(NodeContext.Open(_node.Folder, _http, TimeProvider.System), fleet.Reports, publishers).CountAsync(last, cancellation);
        return fleet.Refusals.Count == 0 ? result : result with { Problems = [.. result.Problems, .. fleet.Refusals.Select(refusal => "an honest report was refused: " + refusal)] };
    }

    private static async Task UntilAsync(long unixMilliseconds, CancellationToken cancellation)
    {
        var wait = unixMilliseconds - Now;
        if (wait > 0) await Task.Delay((int)wait, cancellation);
    }
}
