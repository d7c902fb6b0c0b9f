using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Networks.Wireless;
using Turnpike.Node.Api;
using Turnpike.Node.Epochs;
using Turnpike.Node.Gateway;
using Turnpike.Node.Oracle;
using Turnpike.Node.Oracle.Peers;
using Turnpike.Node.Oracle.Rounds;

namespace Turnpike.Node;

/// <summary>What a node is to do and with which keys.</summary>
public sealed record NodeRoles
{
    /// <summary>The gateway's account; null for a node that takes no evidence.</summary>
    public IDigestSigner? Gateway { get; init; }

    /// <summary>The oracle's account.</summary>
    public required IDigestSigner Oracle { get; init; }

    /// <summary>Where the oracle sees the token's price; null repeats the feed's last price, which suits a network whose token has no market.</summary>
    public Func<CancellationToken, Task<Price>>? Price { get; init; }

    /// <summary>Least level that is logged to the console.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>How the node follows the chain.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long oracles wait for each other; null follows from the chain.</summary>
    public OracleTiming? Timing { get; init; }

    /// <summary>How this node talks to others.</summary>
    public PeerOptions Peers { get; init; } = new();

    /// <summary>Bytes of evidence that this oracle keeps for one gateway and epoch, and that this gateway takes in before they are certified. Default 4 GiB. A gateway whose oracles have less refuses too late: agree on it.</summary>
    public ulong EvidenceQuotaBytes { get; init; } = 4UL << 30;

    /// <summary>Whether sealing and settling wait until whoever started the node steps them, as a replay does, instead of running by themselves; prices are not observed then.</summary>
    public bool Stepped { get; init; }
}

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

    /// <summary>Starts a node at the URL that its network file names.</summary>
    public static async Task<NodeHost> StartAsync(NodeContext node, NodeRoles roles, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Turnpike.Node" });
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(roles.LogLevel).AddFilter("Microsoft", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(ConfigureKestrel).UseUrls(node.Network.Node.ToString());
        // Standard output belongs to the command that runs the node; with --json nothing else may be on it.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        AddServices(builder.Services, node, roles);
        var app = builder.Build();
        MapEndpoints(app, node, roles);
        await LedgerService.CatchUpAsync(node, cancellation);
        await app.StartAsync(cancellation);
        return new NodeHost(app);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 128 * 1024;
        kestrel.Limits.MaxConcurrentConnections = 10_000;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
    }

    private static void AddServices(IServiceCollection services, NodeContext node, NodeRoles roles)
    {
        services.AddProblemDetails();
        services.AddOpenApi();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase);
        services.AddSingleton(node).AddSingleton(node.Time);
        services.AddSingleton(_ => new EpochArchive(node.Folder.Epochs));
        services.AddSingleton<EpochExplainer>();
        services.AddHostedService(provider => new LedgerService(node, roles.PollInterval, provider.GetRequiredService<ILogger<LedgerService>>()));
        if (roles.Gateway is { } gateway) AddGateway(services, node, gateway, roles);
        AddOracle(services, node, roles);
        services.AddSingleton(provider => new EvidenceShelf([provider.GetRequiredService<EvidenceStore>(), .. provider.GetService<EvidenceLog>() is { } log ? new[] { log.Store } : []]));
    }

    private static void AddOracle(IServiceCollection services, NodeContext node, NodeRoles roles)
    {
        var timing = roles.Timing ?? OracleTiming.For(node.Deployment.ChainId);
        timing.Validate();
        services.AddSingleton(timing);
        // What this oracle certified lies apart from what a gateway in the same process received: a manifest lists the gateway's own segments only.
        services.AddSingleton(_ => EvidenceStore.Open(Path.Combine(node.Folder.Root, "certified")));
        services.AddSingleton(_ => new SignOnce(Path.Combine(node.Folder.Root, "signed")));
        services.AddSingleton(_ => new PeerGate(node, roles.Oracle, roles.Peers));
        services.AddSingleton(provider => new PeerClient(node, roles.Oracle, roles.Peers, provider.GetRequiredService<ILogger<PeerClient>>()));
        services.AddSingleton(provider => new Certifier(node, provider.GetRequiredService<EvidenceStore>(), provider.GetRequiredService<SignOnce>(), roles.Oracle, roles.EvidenceQuotaBytes));
        services.AddSingleton(provider => new OracleWork(node, provider.GetRequiredService<EvidenceStore>(), provider.GetRequiredService<EpochArchive>(), provider.GetRequiredService<SignOnce>(), roles.Oracle));
        services.AddSingleton(_ => new RoundBooks(node, timing, Path.Combine(node.Folder.Root, "rounds")));
        services.AddSingleton<EpochSignatures>().AddSingleton<RoundExchange>();
        services.AddSingleton(provider => new AccountSender(node, roles.Oracle, alert => AlertLog.Write(provider.GetRequiredService<ILogger<AccountSender>>(), alert)));
        services.AddSingleton(_ => new PriceObserver(node, roles.Oracle, roles.Price ?? (_ => Task.FromResult(node.History.Read(state => state.LastPrice.Spot)))));
        services.AddSingleton(provider => new OracleService(node, provider.GetRequiredService<OracleWork>(), provider.GetRequiredService<RoundBooks>(), roles.Oracle, provider.GetRequiredService<AccountSender>(), timing, provider.GetRequiredService<ILogger<OracleService>>()));
        if (roles.Stepped) return;
        services.AddHostedService(provider => provider.GetRequiredService<OracleService>());
        services.AddHostedService(provider => provider.GetRequiredService<RoundExchange>());
        services.AddHostedService(provider => new PriceService(node, provider.GetRequiredService<PriceObserver>(), provider.GetRequiredService<PeerClient>(), timing, provider.GetRequiredService<AccountSender>(), provider.GetRequiredService<ILogger<PriceService>>()));
    }

    private static void AddGateway(IServiceCollection services, NodeContext node, IDigestSigner gateway, NodeRoles roles)
    {
        services.AddSingleton(_ => EvidenceLog.Open(new EvidenceLogOptions { Folder = node.Folder.Evidence, NetworkId = node.Deployment.NetworkId }, node.Time));
        services.AddSingleton(provider => new EvidenceIntake(provider.GetRequiredService<EvidenceLog>(), node.History, AdmissionFor(node), WirelessModule.EvidenceKinds, node.Time));
        services.AddSingleton(provider => new EvidenceFinder(provider.GetRequiredService<EvidenceLog>(), node.Deployment.NetworkId));
        services.AddSingleton(provider => new EvidenceTracker(node, provider.GetRequiredService<EvidenceLog>(), provider.GetRequiredService<EvidenceFinder>(), provider.GetRequiredService<EpochArchive>()));
        services.AddSingleton(_ => new ReceiptIssuer(node.Deployment.NetworkId, node.History.Read(state => state.Clock), gateway));
        services.AddSingleton(provider => new EpochSealer(node, provider.GetRequiredService<EvidenceIntake>(), provider.GetRequiredService<EvidenceLog>(), gateway,
            new PeerClient(node, gateway, roles.Peers, provider.GetRequiredService<ILogger<PeerClient>>()), provider.GetRequiredService<OracleTiming>(), provider.GetRequiredService<ILogger<EpochSealer>>()));
        if (!roles.Stepped) services.AddHostedService(provider => provider.GetRequiredService<EpochSealer>());
    }

    // Two epochs of the network, but never so short that an ordinary clock error makes a piece "old".
    private static AdmissionOptions AdmissionFor(NodeContext node)
    {
        var twoEpochs = TimeSpan.FromSeconds(2 * node.History.Read(state => state.Clock.LengthSeconds));
        return new AdmissionOptions { MaximumAge = twoEpochs < TimeSpan.FromMinutes(10) ? TimeSpan.FromMinutes(10) : twoEpochs };
    }

    private static void MapEndpoints(WebApplication app, NodeContext node, NodeRoles roles)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapOpenApi("/openapi/v1.json");
        app.MapGet("/health/live", () => Results.Text("alive")).ExcludeFromDescription();
        app.MapGet("/health/ready", () => Health.Of(node, app.Services.GetService<EvidenceLog>())).ExcludeFromDescription();
        if (roles.Gateway is not null) GatewayEndpoints.Map(app);
        EvidenceEndpoints.Map(app);
        OracleEndpoints.Map(app);
        PublicEndpoints.Map(app);
        EconomyEndpoints.Map(app);
    }
}
