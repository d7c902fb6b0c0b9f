using Microsoft.Extensions.Logging.Abstractions;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Ledger;
using Turnpike.Node.Deploy;
using Turnpike.Node.Gateway;
using Turnpike.Node.Mirror;
using Turnpike.Node.Operations;
using Turnpike.Node.Oracle.Rounds;
using Turnpike.Node.Settings;
using Turnpike.Node.Telemetry;
using Turnpike.Node.Tests.Ledger;

namespace Turnpike.Node.Tests.Operations;

/// <summary>A node's context in a folder of its own, without a chain: whoever asks for one gets no answer.</summary>
internal sealed class OperationsWorld : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("turnpike-operations-");
    private readonly HttpClient _http;
    private EvidenceLog? _log;

    private OperationsWorld(HttpMessageHandler handler, NodeOptions options)
    {
        _http = new HttpClient(handler);
        var folder = new NetworkFolder(_folder.FullName);
        folder.WriteParameters(TestNetwork.HeliumLocal().CanonicalParameters());
        folder.Write(new NetworkFile(Deployment, new Uri("http://chain.invalid/"), new Uri("http://node.invalid/"), "helium-iot"));
        Node = NodeContext.Open(folder, _http, Time, rpc: null, options);
    }

    public static NetworkDeployment Deployment { get; } = new()
    {
        Name = "test", ChainId = 31337, FirstBlock = 0,
        Token = Of(1), Emissions = Of(2), Credits = Of(3), PriceFeed = Of(4), Registry = Of(5), Settlement = Of(6), Distributor = Of(7),
    };

    public ManualClock Time { get; } = new();

    public NodeContext Node { get; }

    public EvidenceLog Log => _log ??= EvidenceLog.Open(new EvidenceLogOptions { Folder = Node.Folder.Evidence, NetworkId = Deployment.NetworkId }, Time);

    public static OperationsWorld Create(HttpMessageHandler? handler = null, NodeOptions? options = null) => new(handler ?? new DeadHandler(), options ?? new NodeOptions());

    public IEnumerable<INodeCheck> AllChecks()
    {
        var limits = Node.Options.Health;
        return [new ChainCheck(Node, limits), new LedgerCheck(Node, limits), new DiskCheck(Node.Folder.Root, limits), new LogCheck(Log), new MirrorCheck(Node, new EvidenceKeeper(Node, Log.Store, new KeepingOptions(), TimeSpan.FromSeconds(1), NullLogger<EvidenceKeeper>.Instance)), new EpochCheck(Node, limits), new PriceCheck(Node), new GasCheck(Node, [], limits), new QuorumCheck(Node), new IdentityCheck(Node, null, null)];
    }

    public void ObserveAll()
    {
        Node.Meters.Chain.Observe(Node);
        Node.Meters.Epochs.Observe(Node);
        Node.Meters.Market.Observe(Node);
        Node.Meters.Log.Observe(new EvidenceIntake(Log, Node.History, new AdmissionOptions(), [], new EvidenceQuota(1 << 30), Time), Log);
        Node.Meters.Oracle.Observe(Node, new RoundBooks(Node, new OracleTiming(), Path.Combine(Node.Folder.Root, "rounds")));
        WatchMetrics.Observe(Node.Meters, Node.Watch);
    }

    public void Dispose()
    {
        _log?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _http.Dispose();
        Node.Meters.Dispose();
        _folder.Delete(recursive: true);
    }

    private static Address Of(byte last)
    {
        var bytes = new byte[20];
        bytes[^1] = last;
        return new Address(bytes);
    }

    private sealed class DeadHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw new HttpRequestException("nobody is there");
    }
}

/// <summary>Time that stands until it is moved.</summary>
internal sealed class ManualClock : TimeProvider
{
    private DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(1_900_000_000);

    public void Advance(TimeSpan by) => _now += by;

    public override DateTimeOffset GetUtcNow() => _now;
}
