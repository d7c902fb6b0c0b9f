using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Networks.Wireless;
using Turnpike.Node.Api;
using Turnpike.Node.Backup;
using Turnpike.Node.Epochs;
using Turnpike.Node.Gateway;
using Turnpike.Node.Market;
using Turnpike.Node.Mirror;
using Turnpike.Node.Operations;
using Turnpike.Node.Oracle;
using Turnpike.Node.Oracle.Peers;
using Turnpike.Node.Oracle.Rounds;
using Turnpike.Node.Telemetry;

namespace Turnpike.Node;

/// <summary>
/// A node: the roles gateway, oracle and market in one process behind one HTTP port. The ledger is read up to the head before the port opens, so that the
/// first piece of evidence already meets the registry.
/// </summary>
public sealed class NodeHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private NodeHost(WebApplication app) => _app = app;

    /// <summary>The services, for a caller in the same process.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a node at the URL that its settings or its network file name.</summary>
    public static async Task<NodeHost> StartAsync(NodeContext node, NodeRoles roles, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Turnpike.Node" });
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(roles.LogLevel).AddFilter("Microsoft", LogLevel.Warning);
        Door.Listen(builder.WebHost, node);
        // Standard output belongs to the command that runs the node; with --json nothing else may be on it.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        AddServices(builder.Services, node, roles);
        var app = builder.Build();
        MapEndpoints(app, node, roles);
        await LedgerService.CatchUpAsync(node, cancellation);
        SigningFloor.Fix(node.Folder, NewestEpoch(node));
        Observe(app.Services, node);
        await app.StartAsync(cancellation);
        return new NodeHost(app);
    }

    /// <summary>Completes when one of the node's services ended the node, or never.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation) => Microsoft.Extensions.Hosting.HostingAbstractionsHostExtensions.WaitForShutdownAsync(_app, cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    // By this machine's clock, by the chain's and by what is closed: a machine that comes up with a clock of 1970 must not think that it never signed.
    private static EpochNumber NewestEpoch(NodeContext node) => node.History.Read(state =>
    {
        _ = state.Clock.TryAt(Math.Max(node.Now, (long)(node.History.Block?.Timestamp ?? 0) * 1000), out var running);
        // None yet, before the first.
        return state.LastClosedEpoch == 0 || running.Value > state.LastClosedEpoch ? running : new EpochNumber(state.LastClosedEpoch).Next;
    });

    private static void AddServices(IServiceCollection services, NodeContext node, NodeRoles roles)
    {
        services.AddProblemDetails();
        services.AddOpenApi();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase);
        Door.AddLimits(services, node.Options.Door, node.Options.Listen);
        TelemetryExport.Add(services, node.Options.Telemetry, node.Network.Node.ToString());
        services.AddSingleton(node).AddSingleton(node.Time);
        services.AddSingleton(_ => new EpochArchive(node.Folder.Epochs));
        services.AddSingleton<EpochExplainer>().AddSingleton<ActiveTrees>();
        // What this oracle certified lies apart from what a gateway in the same process received: a manifest lists the gateway's own segments only.
        services.AddSingleton(_ => EvidenceStore.Open(Path.Combine(node.Folder.Root, "certified")));
        services.AddHostedService(provider => new LedgerService(node, roles.PollInterval, provider.GetRequiredService<ILogger<LedgerService>>()));
        var timing = roles.Timing ?? new OracleTiming { BlockTime = node.Options.Chain.BlockTimeOn(node.Deployment.ChainId) };
        timing.Validate();
        services.AddSingleton(timing);
        if (roles.Gateway is { } gateway) AddGateway(services, node, gateway, roles);
        if (roles.Oracle is { } oracle) AddOracle(services, node, oracle, timing, roles);
        services.AddSingleton(provider => new EvidenceShelf([provider.GetRequiredService<EvidenceStore>(), .. provider.GetService<EvidenceLog>() is { } log ? new[] { log.Store } : []]));
        if (!roles.Stepped) AddChecks(services, node, roles);
    }

    private static void AddGateway(IServiceCollection services, NodeContext node, IDigestSigner gateway, NodeRoles roles)
    {
        services.AddSingleton(_ => EvidenceLog.Open(new EvidenceLogOptions { Folder = node.Folder.Evidence, NetworkId = node.Deployment.NetworkId, OnDurable = node.Meters.Log.NoteGroup }, node.Time));
        services.AddSingleton(_ => new EvidenceQuota(roles.EvidenceQuotaBytes));
        services.AddSingleton(provider => new EvidenceIntake(provider.GetRequiredService<EvidenceLog>(), node.History, AdmissionFor(node), WirelessModule.EvidenceKinds, provider.GetRequiredService<EvidenceQuota>(), node.Time, new OrderDesk(node.History, node.Options.Door, node.Meters.Market)));
        services.AddSingleton(provider => new EvidenceFinder(provider.GetRequiredService<EvidenceLog>(), node.Deployment.NetworkId));
        services.AddSingleton(provider => new EvidenceTracker(node, provider.GetRequiredService<EvidenceLog>(), provider.GetRequiredService<EvidenceFinder>(), provider.GetRequiredService<EpochArchive>()));
        services.AddSingleton(_ => new ReceiptIssuer(node.Deployment.NetworkId, node.History.Read(state => state.Clock), gateway));
        var keeping = roles.Keeping ?? KeepingOptions.FromEnvironment(node.Http, node.Time);
        services.AddSingleton(provider => new EvidenceKeeper(node, provider.GetRequiredService<EvidenceLog>().Store, keeping, provider.GetRequiredService<OracleTiming>().Pause, provider.GetRequiredService<ILogger<EvidenceKeeper>>()));
        services.AddSingleton(provider => new EpochSealer(node, provider.GetRequiredService<EvidenceIntake>(), provider.GetRequiredService<EvidenceLog>(), provider.GetRequiredService<EvidenceQuota>(), provider.GetRequiredService<EvidenceKeeper>(), gateway,
            new PeerClient(node, gateway, roles.Peers, provider.GetRequiredService<ILogger<PeerClient>>()), provider.GetRequiredService<OracleTiming>(), provider.GetRequiredService<ILogger<EpochSealer>>()));
        if (roles.Stepped) return;
        services.AddHostedService(provider => provider.GetRequiredService<EpochSealer>());
        if (keeping.Mirror is null) return;
        services.AddHostedService(provider => provider.GetRequiredService<EvidenceKeeper>());
        services.AddSingleton<INodeCheck>(provider => new MirrorCheck(node, provider.GetRequiredService<EvidenceKeeper>()));
    }

    private static void AddOracle(IServiceCollection services, NodeContext node, IDigestSigner oracle, OracleTiming timing, NodeRoles roles)
    {
        services.AddSingleton(_ => new SignOnce(Path.Combine(node.Folder.Root, "signed")));
        services.AddSingleton(_ => new PeerGate(node, oracle, roles.Peers));
        services.AddSingleton(provider => new PeerClient(node, oracle, roles.Peers, provider.GetRequiredService<ILogger<PeerClient>>()));
        services.AddSingleton(provider => new Certifier(node, provider.GetRequiredService<EvidenceStore>(), provider.GetRequiredService<SignOnce>(), oracle, roles.EvidenceQuotaBytes));
        services.AddSingleton(provider => new OracleWork(node, provider.GetRequiredService<EvidenceStore>(), provider.GetRequiredService<EpochArchive>(), provider.GetRequiredService<SignOnce>(), oracle));
        services.AddSingleton(_ => new RoundBooks(node, timing, Path.Combine(node.Folder.Root, "rounds")));
        services.AddSingleton<EpochSignatures>().AddSingleton<RoundExchange>();
        services.AddSingleton(provider => new AccountSender(node, oracle, alert => AlertLog.Write(provider.GetRequiredService<ILogger<AccountSender>>(), alert)));
        services.AddSingleton(_ => new PriceObserver(node, oracle, roles.Price ?? (_ => Task.FromResult(node.History.Read(state => state.LastPrice.Spot)))));
        services.AddSingleton(provider => new OracleService(node, provider.GetRequiredService<OracleWork>(), provider.GetRequiredService<RoundBooks>(), oracle, provider.GetRequiredService<AccountSender>(), timing, provider.GetRequiredService<ILogger<OracleService>>()));
        if (roles.Stepped) return;
        services.AddHostedService(provider => provider.GetRequiredService<OracleService>());
        services.AddHostedService(provider => provider.GetRequiredService<RoundExchange>());
        services.AddHostedService(provider => new PriceService(node, provider.GetRequiredService<PriceObserver>(), provider.GetRequiredService<PeerClient>(), timing, provider.GetRequiredService<AccountSender>(), provider.GetRequiredService<ILogger<PriceService>>()));
    }

    private static void AddChecks(IServiceCollection services, NodeContext node, NodeRoles roles)
    {
        var limits = node.Options.Health;
        services.AddSingleton<INodeCheck>(new ChainCheck(node, limits)).AddSingleton<INodeCheck>(new LedgerCheck(node, limits)).AddSingleton<INodeCheck>(new DiskCheck(node.Folder.Root, limits))
            .AddSingleton<INodeCheck>(new EpochCheck(node, limits)).AddSingleton<INodeCheck>(new PriceCheck(node)).AddSingleton<INodeCheck>(new IdentityCheck(node, roles.Oracle?.Address, roles.Gateway?.Address));
        services.AddSingleton(new QuorumCheck(node)).AddSingleton<INodeCheck>(provider => provider.GetRequiredService<QuorumCheck>());
        if (roles.Gateway is not null) services.AddSingleton<INodeCheck>(provider => new LogCheck(provider.GetRequiredService<EvidenceLog>()));
        var accounts = new List<(string, Address)>();
        if (roles.Oracle is { } oracle) accounts.Add(("oracle", oracle.Address));
        if (roles.Gateway is { } gateway) accounts.Add(("gateway", gateway.Address));
        if (accounts.Count > 0) services.AddSingleton<INodeCheck>(new GasCheck(node, accounts, limits));
        services.AddHostedService(provider => new WatchService(node, provider.GetServices<INodeCheck>(), limits, provider.GetRequiredService<ILogger<WatchService>>()));
    }

    // Two epochs of the network, but never so short that an ordinary clock error makes a piece "old".
    private static AdmissionOptions AdmissionFor(NodeContext node)
    {
        var twoEpochs = TimeSpan.FromSeconds(2 * node.History.Read(state => state.Clock.LengthSeconds));
        return new AdmissionOptions { MaximumAge = twoEpochs < TimeSpan.FromMinutes(10) ? TimeSpan.FromMinutes(10) : twoEpochs };
    }

    private static void Observe(IServiceProvider services, NodeContext node)
    {
        node.Meters.Chain.Observe(node);
        node.Meters.Epochs.Observe(node);
        node.Meters.Market.Observe(node);
        WatchMetrics.Observe(node.Meters, node.Watch);
        if (services.GetService<RoundBooks>() is { } rounds) node.Meters.Oracle.Observe(node, rounds);
        if (services.GetService<EvidenceLog>() is { } log) node.Meters.Log.Observe(services.GetRequiredService<EvidenceIntake>(), log);
    }

    private static void MapEndpoints(WebApplication app, NodeContext node, NodeRoles roles)
    {
        Door.Use(app, node.Options.Listen);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapOpenApi("/openapi/v1.json");
        HealthEndpoints.Map(app);
        MetricsEndpoint.Map(app, node);
        if (roles.Gateway is not null) GatewayEndpoints.Map(app);
        EvidenceEndpoints.Map(app);
        if (roles.Oracle is not null) OracleEndpoints.Map(app);
        PublicEndpoints.Map(app);
        EconomyEndpoints.Map(app);
    }
}
