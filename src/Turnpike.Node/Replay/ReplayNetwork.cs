using Turnpike.Blueprints;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger.Contracts;
using Turnpike.Node.Deploy;
using Turnpike.Node.Local;
using Turnpike.Node.Wallets;

namespace Turnpike.Node.Replay;

/// <summary>
/// The network of a replay: a development chain that begins an hour before the trace's first epoch, the blueprint's contracts with the archive registry, and one
/// node that is gateway and only oracle, and that does nothing unless it is stepped.
/// </summary>
internal sealed class ReplayNetwork : IAsyncDisposable
{
    private const string Admin = "admin";
    private const string Customer = "archive-customer";
    private const string GatewayKey = "gateway-0";
    private const string OracleKey = "oracle-0";
    private const int Contracts = 7;
    private const uint HotspotKind = 1;

    // A registration costs some 110,000 gas; a batch stays well below 16.7 M (EIP-7825).
    private const int HotspotsPerBatch = 64;

    private readonly LocalChain _chain;
    private readonly KeyRing _keys;
    private readonly Blueprint _blueprint;

    private ReplayNetwork(LocalChain chain, NodeContext node, NodeHost host, ReplayClock clock, KeyRing keys, Blueprint blueprint)
    {
        (_chain, Node, Host, _keys, _blueprint) = (chain, node, host, keys, blueprint);
        Chain = new ReplayChain(node.Chain, clock);
    }

    public NodeContext Node { get; }

    public NodeHost Host { get; }

    public ReplayChain Chain { get; }

    public IDigestSigner Gateway => SignerOf(GatewayKey);

    public IDigestSigner ArchiveCustomer => SignerOf(Customer);

    public static async Task<ReplayNetwork> StartAsync(ReplayOptions options, ReplayCalendar calendar, HttpClient http, Action<ReplayProgress>? progress, CancellationToken cancellation)
    {
        var profile = ReplayProfile.Of(options.Blueprint, calendar);
        var chain = await LocalChain.StartAsync(new LocalChainOptions { GenesisTime = calendar.GenesisUnixSeconds }, cancellation);
        try
        {
            var clock = new ReplayClock(calendar.GenesisUnixSeconds * 1000);
            var keys = KeyRing.Local(options.Folder.Keys);
            var blueprint = profile.WithAccounts(profile.GeneratedAccounts.ToDictionary(name => name, name => keys.OpenOrCreate(name).Address));
            await DeployAsync(options.Folder, chain, clock, keys, blueprint, http, progress, cancellation);
            var node = NodeContext.Open(options.Folder, http, clock);
            var roles = new NodeRoles { Gateway = Signer(keys, GatewayKey), Oracle = Signer(keys, OracleKey), LogLevel = options.LogLevel, PollInterval = TimeSpan.FromMilliseconds(50), Stepped = true };
            return new ReplayNetwork(chain, node, await NodeHost.StartAsync(node, roles, cancellation), clock, keys, blueprint);
        }
        catch
        {
            await chain.DisposeAsync();
            throw;
        }
    }

    /// <summary>Puts the hotspots' keys into the archive registry.</summary>
    public async Task RegisterAsync(IReadOnlyList<ReplayHotspot> hotspots, Action<ReplayProgress>? progress, CancellationToken cancellation)
    {
        await using var admin = await Wallet.OpenAsync(Node, SignerOf(Admin), cancellation);
        var done = 0;
        foreach (var batch in hotspots.Chunk(HotspotsPerBatch))
        {
            var call = new ArchiveRegistry.ImportArchiveCall(batch.Select(hotspot => hotspot.Key.ToArray()).ToList(), batch.Select(hotspot => hotspot.Owner).ToList(), HotspotKind);
            await admin.SendAsync("import", Node.Deployment.Registry, call, cancellation);
            progress?.Invoke(new ReplayProgress(ReplayStage.Register, done += batch.Length, hotspots.Count));
        }
    }

    /// <summary>Burns genesis tokens into credits of the archive customer. Credits are sold only while the launch price is fresh, so this comes right after the deployment.</summary>
    public async Task DepositAsync(Core.Credits credits, CancellationToken cancellation)
    {
        await using var holder = await Wallet.OpenAsync(Node, SignerOf(GenesisHolder()), cancellation);
        await holder.DepositAsync(ArchiveCustomer.Address, credits, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _chain.DisposeAsync();
    }

    private static async Task DeployAsync(NetworkFolder folder, LocalChain chain, ReplayClock clock, KeyRing keys, Blueprint blueprint, HttpClient http, Action<ReplayProgress>? progress, CancellationToken cancellation)
    {
        var client = new EthereumClient(new JsonRpcClient(http, chain.Rpc, new JsonRpcOptions { CustomErrors = ContractErrors.Known }));
        var url = new Uri($"http://127.0.0.1:{LocalNetwork.FreePort()}/");
        var members = new NetworkMembers([(keys.OpenOrCreate(OracleKey).Address, url)], [(keys.OpenOrCreate(GatewayKey).Address, url)]);
        keys.OpenOrCreate(Customer).Dispose();
        foreach (var name in keys.Names) await LocalNetwork.FundAsync(client, keys, name, cancellation);
        var done = 0;
        var launch = blueprint.Epoch.Start!.Value.ToUnixTimeSeconds();
        await LocalNetwork.DeployAsync(folder, client, keys, blueprint, members, chain.Rpc, clock, archive: true, launch, _ => progress?.Invoke(new ReplayProgress(ReplayStage.Deploy, ++done, Contracts)), cancellation);
    }

    private string GenesisHolder() =>
        _blueprint.Token.Genesis.Select(allocation => allocation.Account.Text).FirstOrDefault(_keys.Names.Contains)
        ?? throw new ReplayException($"The genesis tokens of '{_blueprint.Network.Name}' go to addresses whose keys are not here; a replay buys its credits with them, so give one account as 'generated' in the local section.");

    private IDigestSigner SignerOf(string name) => Signer(_keys, name);

    private static LocalDigestSigner Signer(KeyRing keys, string name) => new(keys.Open(name));
}
