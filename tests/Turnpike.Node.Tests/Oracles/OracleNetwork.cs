using System.Text.Json.Nodes;
using Turnpike.Blueprints;
using Turnpike.Cli.Demo;
using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Networks.Wireless;
using Turnpike.Networks.Wireless.Rules.Usage2026;
using Turnpike.Node.Deploy;
using Turnpike.Node.Local;
using Turnpike.Node.Wallets;
using Turnpike.Tests;

namespace Turnpike.Node.Tests.Oracles;

/// <summary>The shape of a test network.</summary>
internal sealed record OracleNetworkOptions
{
    public int Oracles { get; init; } = 4;

    public int Faulty { get; init; } = 1;

    /// <summary>The first so many members are gateways too.</summary>
    public int Gateways { get; init; } = 1;

    public TimeSpan Epoch { get; init; } = TimeSpan.FromSeconds(6);

    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(3);

    public TimeSpan ActivationDelay { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan EmptyAfter { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Changes what every node is started with.</summary>
    public Func<NodeRoles, NodeRoles> Roles { get; init; } = roles => roles;
}

/// <summary>
/// A whole network in this process on a real chain (anvil, a block a second): contracts, oracles and gateways as real nodes that talk over HTTP, people with tokens, devices with keys. Each member has
/// its own disk and its own faults, so that tests stop, delay, partition or corrupt one and leave the others alone. The test looks on through a node of its own.
/// </summary>
internal sealed class OracleNetwork : IAsyncDisposable
{
    // Deployment may take as long on a busy machine; then chain and clocks jump to a second before the first epoch.
    private static readonly TimeSpan Launch = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly OracleNetworkOptions _options;
    private readonly LocalChain _chain;
    private readonly KeyRing _keys;
    private readonly string _folder;
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _watching = new();
    private readonly DemoTraffic _traffic = new();
    private Task _watch = Task.CompletedTask;

    private OracleNetwork(OracleNetworkOptions options, LocalChain chain, KeyRing keys, string folder, HttpClient http, NodeContext node, Blueprint blueprint, IReadOnlyList<OracleMember> members) =>
        (_options, _chain, _keys, _folder, _http, Node, Blueprint, Members) = (options, chain, keys, folder, http, node, blueprint, members);

    /// <summary>The test's own view: its ledger follows the chain, nothing hinders it.</summary>
    public NodeContext Node { get; }

    public Blueprint Blueprint { get; }

    /// <summary>The oracles in the order of the configuration.</summary>
    public IReadOnlyList<OracleMember> Members { get; }

    /// <summary>Devices of the one operator.</summary>
    public IReadOnlyList<P256DeviceKey> Devices { get; private set; } = [];

    /// <summary>Who pays for the devices' service.</summary>
    public Address Customer { get; private set; }

    /// <summary>Who owns the devices.</summary>
    public Address Operator { get; private set; }

    public EpochClock Clock => Node.History.Read(state => state.Clock);

    /// <summary>The clock of all nodes and of the chain.</summary>
    public TimeProvider Time => Node.Time;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Deploys and starts everything; skips the test where anvil is not installed.</summary>
    public static async Task<OracleNetwork> StartAsync(OracleNetworkOptions options, int devices = 4)
    {
        try
        {
            LocalChain.FindAnvil();
        }
        catch (LocalChainException absent)
        {
            Assert.Skip(absent.Message);
        }
        var folder = Directory.CreateTempSubdirectory("turnpike-oracles-").FullName;
        var chain = await LocalChain.StartAsync(new LocalChainOptions(), Stop);
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        try
        {
            var network = await DeployAsync(options, chain, folder, http);
            network._watch = new LedgerFollower(network.Node.Chain, network.Node.History, new ChainFollowerOptions { To = FollowTo.Latest, PollInterval = TimeSpan.FromMilliseconds(50) }, network.Time).RunAsync(network._watching.Token);
            await Task.WhenAll(network.Members.Select(network.StartMemberAsync));
            await network.PeopleComeAsync(devices);
            return network;
        }
        catch
        {
            await chain.DisposeAsync();
            http.Dispose();
            throw;
        }
    }

    /// <summary>Starts a member, or starts it again.</summary>
    public Task StartMemberAsync(OracleMember member) => member.StartAsync(_options.Roles, Time, Stop);

    /// <summary>The key of a named account.</summary>
    public IDigestSigner SignerOf(string name) => new LocalDigestSigner(_keys.OpenOrCreate(name));

    /// <summary>Sends as a named account, such as "admin" or "guardian".</summary>
    public async Task SendAsync(string account, Address contract, Evm.Abi.IContractCall call)
    {
        await using var wallet = await Wallet.OpenAsync(Node, SignerOf(account), Stop);
        await wallet.SendAsync(account, contract, call, Stop);
    }

    /// <summary>Asks anvil for something only a development chain does.</summary>
    public Task ChainAsync(string method, params JsonNode?[] parameters) => Node.Chain.Rpc.CallAsync(new RpcCall(method, new JsonArray(parameters)) { IsIdempotent = false }, Stop);

    /// <summary>Every device sends one report of one packet to a gateway; how many it keeps.</summary>
    public async Task<int> ReportAsync(int gateway = 0, ulong boot = 0)
    {
        // A boot of its own for each call: sequences begin anew.
        if (boot == 0) boot = (ulong)Node.Now;
        var answers = await Task.WhenAll(Devices.Select(key =>
            new VirtualDevice(key, Node.Deployment.NetworkId, Members[gateway].Url, _http, Time, boot).ReportAsync([_traffic.Packet(Customer)], Stop)));
        return answers.Count(answer => answer.IsKept);
    }

    /// <summary>Waits until an epoch has begun.</summary>
    public Task BeginAsync(ulong epoch) => UntilAsync(() => Node.Now >= Clock.StartOf(new EpochNumber(epoch)) + 100, $"epoch {epoch} to begin");

    /// <summary>Waits until an epoch is closed on chain; its report, the one in force.</summary>
    public async Task<LedgerReport> SettledAsync(ulong epoch)
    {
        await UntilAsync(() => Node.History.Read(state => state.LastClosedEpoch >= epoch), $"epoch {epoch} to become active");
        return Node.History.Read(state => state.Reports.Last(report => report.Report.Epoch == epoch && report.Stage == ReportStage.Active));
    }

    /// <summary>Reports that the outcomes of a member's active epochs accept (200), from one to another.</summary>
    public ulong Accepted(OracleMember member, ulong from, ulong to)
    {
        var archive = new Epochs.EpochArchive(member.Folder.Epochs);
        var active = Node.History.Read(state => state.Reports.Where(report => report.Stage == ReportStage.Active && report.Report.Epoch >= from && report.Report.Epoch <= to).Select(report => new EpochNumber(report.Report.Epoch)).ToList());
        return active.SelectMany(epoch => archive.ReadOutcome(epoch).Shards).Where(shard => shard.Name.StartsWith("devices-", StringComparison.Ordinal)).SelectMany(shard => Core.Canonical.CanonicalReader.ReadLines(shard.Bytes))
            .SelectMany(line => line["verdicts"].Items).Where(verdict => verdict["code"].UInt64 == 200).Aggregate(0UL, (sum, verdict) => sum + verdict["reports"].UInt64);
    }

    /// <summary>Waits for something; a timeout says what the chain looked like.</summary>
    public Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    /// <summary>The same for what must be asked.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var deadline = Node.Now + Patience.TotalMilliseconds; !await condition();)
        {
            if (Node.Now > deadline) Assert.Fail($"Waited {Patience.TotalSeconds} s for {what}. Block {Node.History.Block?.Number}, last closed epoch {Node.History.Read(state => state.LastClosedEpoch)}, pending {Node.History.Read(state => state.Pending?.Report.Epoch)}.");
            await Task.Delay(20, Stop);
        }
    }

    /// <summary>Asks a member's public API.</summary>
    public Task<T?> GetAsync<T>(OracleMember member, string path) => System.Net.Http.Json.HttpClientJsonExtensions.GetFromJsonAsync<T>(_http, new Uri(member.Url, path), Stop);

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members) await member.DisposeAsync();
        await _watching.CancelAsync();
        await _watch.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await _chain.DisposeAsync();
        _http.Dispose();
        _watching.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<OracleNetwork> DeployAsync(OracleNetworkOptions options, LocalChain chain, string folder, HttpClient http)
    {
        var client = new EthereumClient(new JsonRpcClient(http, chain.Rpc, new JsonRpcOptions { CustomErrors = ContractErrors.Known }));
        var observer = new NetworkFolder(Path.Combine(folder, "observer"));
        var keys = KeyRing.Local(observer.Keys);
        var reading = BlueprintReader.Read(Path.Combine(SharedData.RepositoryRoot, "blueprints", "helium-iot.yaml"), WirelessModule.Packs);
        var local = reading.Local!;
        var blueprint = local with
        {
            Epoch = local.Epoch with { Length = options.Epoch, Grace = options.Grace, ActivationDelay = options.ActivationDelay, EmptyAfter = options.EmptyAfter },
            Oracles = local.Oracles with { Count = (uint)options.Oracles, Faulty = (uint)options.Faulty },
            Gateways = local.Gateways with { Count = (uint)options.Gateways },
        };
        blueprint = blueprint.WithAccounts(blueprint.GeneratedAccounts.ToDictionary(name => name, name => keys.OpenOrCreate(name).Address));
        var urls = Enumerable.Range(0, options.Oracles).Select(_ => new Uri($"http://127.0.0.1:{LocalNetwork.FreePort()}/")).ToList();
        var oracles = urls.Select((url, i) => (Key: new LocalDigestSigner(keys.OpenOrCreate($"oracle-{i}")), Url: url)).ToList();
        var gateways = urls.Take(options.Gateways).Select((url, i) => (Key: new LocalDigestSigner(keys.OpenOrCreate($"gateway-{i}")), Url: url)).ToList();
        var members = new NetworkMembers([.. oracles.Select(oracle => (oracle.Key.Address, oracle.Url))], [.. gateways.Select(gateway => (gateway.Key.Address, gateway.Url))]);
        foreach (var name in keys.Names) await LocalNetwork.FundAsync(client, keys, name, Stop);
        var launch = DateTimeOffset.UtcNow + Launch;
        await LocalNetwork.DeployAsync(observer, client, keys, blueprint, members, chain.Rpc, TimeProvider.System, archive: false, launch.ToUnixTimeSeconds(), null, Stop);
        var skip = launch - TimeSpan.FromSeconds(1) - DateTimeOffset.UtcNow;
        await client.Rpc.CallAsync(new RpcCall("evm_setTime", [(DateTimeOffset.UtcNow + skip).ToUnixTimeSeconds()]), Stop);
        await client.Rpc.CallAsync(new RpcCall("evm_setIntervalMining", [1]), Stop);
        var node = NodeContext.Open(observer, http, new LocalClock(skip));
        var machines = oracles.Select((oracle, i) => new OracleMember(i, Disk(folder, i, node, oracle.Url), oracle.Key, i < gateways.Count ? gateways[i].Key : null, oracle.Url)).ToList();
        return new OracleNetwork(options, chain, keys, folder, http, node, blueprint, machines);
    }

    private static NetworkFolder Disk(string root, int index, NodeContext node, Uri url)
    {
        var folder = new NetworkFolder(Path.Combine(root, $"oracle-{index}"));
        folder.Write(node.Network with { Node = url });
        folder.WriteParameters(node.Parameters);
        return folder;
    }

    private async Task PeopleComeAsync(int devices)
    {
        await using var treasury = await Wallet.OpenAsync(Node, SignerOf(Blueprint.Token.Genesis[0].Account.Text), Stop);
        var maker = SignerOf("maker");
        await SendAsync("admin", Node.Deployment.Registry, new Turnpike.Ledger.Contracts.DeviceRegistry.SetMakerCall(maker.Address, Bytes32.Zero, true, true));
        var (owner, customer) = (SignerOf("operator"), SignerOf("customer"));
        (Operator, Customer) = (owner.Address, customer.Address);
        await LocalNetwork.FundAsync(Node.Chain, owner.Address, Stop);
        await LocalNetwork.FundAsync(Node.Chain, customer.Address, Stop);
        await Task.WhenAll(OwnDevicesAsync(treasury, owner, maker, devices), BecomeCustomerAsync(treasury, customer));
        await UntilAsync(() => Members.All(member => member.Node.History.Read(state => state.Devices.Count == devices && state.Deposits.ContainsKey(Customer))), "all nodes to know the devices");
    }

    private async Task OwnDevicesAsync(Wallet treasury, IDigestSigner owner, IDigestSigner maker, int devices)
    {
        await treasury.TransferAsync(owner.Address, Amount.FromTokens(1_000), Stop);
        await using var wallet = await Wallet.OpenAsync(Node, owner, Stop);
        Devices = [.. Enumerable.Range(0, devices).Select(_ => P256DeviceKey.Generate())];
        await BuyAsync(() => wallet.BuyFeesAsync(new Credits(50_000 * (ulong)devices), Stop));
        await wallet.RegisterAsync(Devices, kind: 1, maker, Stop);
    }

    private async Task BecomeCustomerAsync(Wallet treasury, IDigestSigner customer)
    {
        await treasury.TransferAsync(customer.Address, Amount.FromTokens(1_000), Stop);
        await using var wallet = await Wallet.OpenAsync(Node, customer, Stop);
        await BuyAsync(() => wallet.DepositAsync(customer.Address, new Credits(1_000_000), Stop));
        // A gateway gives receipts from epoch 1 on; orders reach the epoch through any one gateway.
        await BeginAsync(1);
        await wallet.OrderAsync(new ServiceOrder { Customer = customer.Address, Service = Usage2026Pack.Service, Meter = Address.Zero, Price = Usage2026Pack.CreditsPerUnit, CapPerEpoch = 1_000_000, FromEpoch = 1, UntilEpoch = 1_000_000, Nonce = 1 }, Stop);
    }

    // The first purchase of an epoch costs more gas than those after it. Epochs of seconds end between estimate and block so often that a test must expect it.
    private static async Task BuyAsync(Func<Task> buy)
    {
        for (var tries = 3; ; tries--)
        {
            try
            {
                await buy();
                return;
            }
            catch (WalletException fault) when (tries > 1 && fault.Message.Contains("Reverted", StringComparison.Ordinal))
            {
                TestContext.Current.SendDiagnosticMessage("Bought again: {0}", fault.Message);
            }
        }
    }
}
