using Turnpike.Evidence;
using Turnpike.Evidence.Tests.Mirror;
using Turnpike.Node.Audit;
using Turnpike.Node.Mirror;
using Turnpike.Node.Operations;
using Turnpike.Node.Tests.Oracles;

namespace Turnpike.Node.Tests.Gateways;

/// <summary>A running gateway that mirrors into an object store which checks signatures, and keeps nothing longer than it must.</summary>
public sealed class MirrorTests : IDisposable
{
    private readonly FakeStore _store = new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", TimeProvider.System);
    private readonly Outage _outage;
    private readonly HttpClient _http;

    public MirrorTests() => _http = new HttpClient(_outage = new Outage(_store));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Dead_bucket_stops_nothing_but_deletion_and_an_audit_reads_from_it_what_the_gateway_deleted()
    {
        _outage.IsDown = true;
        await using var network = await OracleNetwork.StartAsync(new OracleNetworkOptions { Roles = roles => roles with { Keeping = new KeepingOptions { Keep = TimeSpan.Zero, Mirror = Bucket() } } });
        var gateway = network.Members[0];
        await network.BeginAsync(1);
        var sent = await network.ReportAsync();
        Assert.Equal(network.Devices.Count, sent);

        // The bucket is dead: the epoch settles all the same, the alert says why, and what is old enough stays.
        var paid = 1UL;
        await network.SettledAsync(paid);
        while (network.Accepted(gateway, 1, paid) < (ulong)sent) await network.SettledAsync(++paid);
        var check = new MirrorCheck(gateway.Node, gateway.Get<EvidenceKeeper>());
        await network.UntilAsync(async () => (await check.RunAsync(Stop)).Findings.Any(finding => finding.Code == AlertCode.MirrorBehind && finding.Text.Contains("bucket is dead", StringComparison.Ordinal)), "the check to find the mirror behind");
        var store = gateway.Get<EvidenceLog>().Store;
        var certified = store.Manifests.First(manifest => manifest.Segments.Count > 0);
        Assert.All(certified.Segments, segment => Assert.True(store.TryGetSegment(segment.Sha256, out _)));
        Assert.Empty(_store.Objects);

        // It lives again: all is copied, the check is content, and the gateway deletes.
        _outage.IsDown = false;
        await network.UntilAsync(() => certified.Segments.All(segment => !store.TryGetSegment(segment.Sha256, out _)), "the gateway to delete what is mirrored");
        await network.UntilAsync(async () => (await check.RunAsync(Stop)).Findings.Count == 0, "nothing to wait for the mirror");

        // Nobody else has anything any more: without the bucket the audit fails, with it every epoch is reproduced.
        using var faults = new PeerFaults { Rule = request => request.RequestUri!.AbsolutePath.Contains("/segments/", StringComparison.Ordinal) || request.RequestUri.AbsolutePath.Contains("/manifests/", StringComparison.Ordinal) ? Fate.NotFound : Fate.Arrives };
        using var http = new HttpClient(faults, disposeHandler: false);
        var alone = await AuditAsync(network, gateway, http, null);
        Assert.Contains(alone, audit => !audit.IsReproduced);
        var mirrored = await AuditAsync(network, gateway, http, Bucket());
        Assert.True(mirrored.Count >= (int)paid);
        Assert.All(mirrored, audit => Assert.True(audit.IsReproduced, audit.Difference));
        Assert.True(mirrored.Sum(audit => audit.Records) >= sent);
    }

    private static async Task<List<EpochAudit>> AuditAsync(OracleNetwork network, OracleMember gateway, HttpClient http, EvidenceMirror? mirror)
    {
        var audits = new List<EpochAudit>();
        await foreach (var audit in new Auditor(NodeContext.Open(network.Node.Folder, http, network.Time), gateway.Url, mirror).RunAsync(null, Stop)) audits.Add(audit);
        return audits;
    }

    private EvidenceMirror Bucket() => new(new S3Bucket(new S3BucketOptions { Endpoint = new Uri("http://store.invalid/"), Bucket = "evidence", FirstWait = TimeSpan.FromMilliseconds(20) }, new S3Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), _http, TimeProvider.System));

    private sealed class Outage(HttpMessageHandler store) : DelegatingHandler(store)
    {
        private volatile bool _isDown;

        public bool IsDown
        {
            get => _isDown;
            set => _isDown = value;
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            IsDown ? throw new HttpRequestException("the bucket is dead") : base.SendAsync(request, cancellationToken);
    }
}
