using System.Net;
using System.Net.Http.Json;
using System.Text;
using Turnpike.Cli.Simulate;
using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Node.Api;
using Turnpike.Node.Audit;
using Turnpike.Networks.Wireless;
using Turnpike.Node.Deploy;
using Turnpike.Node.Epochs;
using Turnpike.Node.Local;
using Turnpike.Node.Market;
using Turnpike.Node.Oracle;
using Turnpike.Node.Settings;

namespace Turnpike.Node.Tests.EndToEnd;

public sealed class NetworkTests(DemoNetwork demo) : IClassFixture<DemoNetwork>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Simulation_starts_from_the_live_network()
    {
        var live = demo.Running;
        for (var look = 1; ; look++)
        {
            var before = live.Node.History.Read(LiveNetwork.Of);
            Assert.True(before is { LastEpoch: >= 2, Devices: 8 } && before.Supply > Amount.Zero);
            var first = await ForkAsync(live);
            // An epoch closed meanwhile: look again.
            if (live.Node.History.Read(LiveNetwork.Of) != before && look < 5) continue;
            Assert.Contains($"Starts from the live network after epoch {before.LastEpoch}: supply {before.Supply.ToTokenString()}, price {before.Price} USD, 8 devices, {before.BurnedPerEpoch.ToTokenString()} tokens burned an epoch.", first, StringComparison.Ordinal);
            Assert.Contains("result ", first, StringComparison.Ordinal);
            var again = await ForkAsync(live);
            if (live.Node.History.Read(LiveNetwork.Of) != before && look < 5) continue;
            Assert.Equal(first.Split("result ")[1].Split('\n')[0], again.Split("result ")[1].Split('\n')[0]);
            return;
        }
    }

    private static async Task<string> ForkAsync(LocalNetwork live)
    {
        var folder = Directory.CreateTempSubdirectory("turnpike-fork-").FullName;
        using var output = new StringWriter();
        var parsed = SimulateCommand.Create(WirelessModule.Packs).Parse(["helium-mobile", "--fork", live.Rpc.ToString(), "--network", live.Node.Folder.Root, "--years", "0.25", "--seeds", "3", "--no-sensitivity", "--out", folder]);
        Assert.Equal(0, await parsed.InvokeAsync(new System.CommandLine.InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false }, TestContext.Current.CancellationToken));
        Directory.Delete(folder, recursive: true);
        return output.ToString();
    }

    [Fact]
    public void Demo_on_a_real_chain_meets_every_expectation()
    {
        _ = demo.Running;
        Assert.Empty(demo.Result!.Failures);
        Assert.All(demo.Result.Audits, audit => Assert.True(audit.IsReproduced, audit.Difference));
        Assert.True(demo.Result.Audits.Count >= 2);
    }

    [Fact]
    public async Task Vital_signs_of_the_running_network_are_those_of_its_epochs()
    {
        var node = demo.Running.Node;
        using var answer = System.Text.Json.JsonDocument.Parse(await node.Http.GetStringAsync(new Uri(node.Network.Node, "/v1/economy/health?epochs=366&hardwareUsd=100"), Cancellation));
        var (view, health) = (answer.RootElement, answer.RootElement.GetProperty("health"));

        // The same from the outcomes that anyone can fetch.
        var archive = new EpochArchive(node.Folder.Epochs);
        var (paid, charged) = (UInt128.Zero, UInt128.Zero);
        for (var epoch = view.GetProperty("fromEpoch").GetUInt64(); epoch <= view.GetProperty("toEpoch").GetUInt64(); epoch++)
        {
            if (!archive.Has(new EpochNumber(epoch))) continue;
            foreach (var shard in archive.ReadOutcome(new EpochNumber(epoch)).Shards)
                foreach (var line in Turnpike.Core.Canonical.CanonicalReader.ReadLines(shard.Bytes))
                {
                    if (shard.Name.StartsWith("devices-", StringComparison.Ordinal)) paid += line["amount"].Integer;
                    if (shard.Name.StartsWith("charges-", StringComparison.Ordinal)) charged += line["charged"].Integer;
                }
        }
        Assert.True(paid > 0 && charged > 0, "The demo pays and charges.");
        Assert.Equal(new Amount(paid).ToTokenString(), view.GetProperty("rewards").GetString());
        Assert.Equal(new Credits(charged).ToUsdString(), view.GetProperty("revenueUsd").GetString());
        Assert.InRange(health.GetProperty("operators").GetProperty("count").GetInt32(), 1, 100);
        Assert.InRange(health.GetProperty("organicPpm").GetUInt32(), 0u, 1_000_000u);
        Assert.Equal("kind 1", health.GetProperty("payback")[0].GetProperty("hardware").GetString());
        // Treasury, owners, customers: all who hold tokens, and no contract.
        Assert.InRange(health.GetProperty("holders").GetProperty("count").GetInt32(), 8, 20);
    }

    [Fact]
    public async Task Vital_signs_of_too_many_epochs_are_refused() =>
        Assert.Equal(HttpStatusCode.BadRequest, (await demo.Running.Node.Http.GetAsync(new Uri(demo.Running.Node.Network.Node, "/v1/economy/health?epochs=367"), Cancellation)).StatusCode);

    [Fact]
    public async Task Audit_of_one_epoch_begins_with_the_published_carry_over()
    {
        var audits = await AuditAsync(demo.Running.Node.Http, new EpochNumber(2));
        Assert.Equal(2UL, Assert.Single(audits).Epoch);
        Assert.True(audits[0].IsReproduced, audits[0].Difference);
    }

    [Theory]
    [InlineData("/v1/segments/", 200, null, "Segment 0x")]
    [InlineData("/v1/manifests/", 20, null, "Manifest")]
    [InlineData("/outcome/devices-000000.jsonl", 30, null, "outcome, devices-000000.jsonl, line 1")]
    [InlineData("/outcome/header-000000.jsonl", 30, null, "outcome, header-000000.jsonl, line 1")]
    [InlineData("/carry/rewards-000000.jsonl", 40, null, "carry, rewards-000000.jsonl, line 1")]
    [InlineData("/carry/rewards-000000.jsonl", 40, 2UL, "carry-over of epoch 1: its root is")]
    [InlineData("/outcome/header-000000.jsonl", 30, 2UL, "outcome of epoch 1: its root is")]
    public async Task Audit_names_the_first_difference_when_a_byte_is_flipped(string path, int position, ulong? epoch, string expected)
    {
        _ = demo.Running;
        using var http = new HttpClient(new FlippingHandler(path, position));
        var audits = await AuditAsync(http, epoch is { } number ? new EpochNumber(number) : null);
        var difference = audits.Single(audit => !audit.IsReproduced).Difference;
        Assert.StartsWith(expected, difference, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_with_other_parameters_says_which_rules_differ()
    {
        var node = demo.Running.Node;
        var other = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(node.Parameters).Replace("parameter bytes_per_credit 24", "parameter bytes_per_credit 25", StringComparison.Ordinal));
        var context = NodeContext.Open(node.Folder, node.Http, node.Time) with { Parameters = other, Pack = NodeContext.CreatePack(other) };
        var audits = new List<EpochAudit>();
        await foreach (var audit in new Auditor(context).RunAsync(null, Cancellation)) audits.Add(audit);
        Assert.Contains("runs under rules", Assert.Single(audits).Difference!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Oracle_that_was_away_fetches_the_evidence_and_computes_what_the_others_settled()
    {
        var running = demo.Running.Node;
        var folder = new NetworkFolder(Path.Combine(demo.Folder, "latecomer"));
        folder.Write(running.Network);
        folder.WriteParameters(running.Parameters);
        var node = NodeContext.Open(folder, running.Http, running.Time);
        using var key = Secp256k1PrivateKey.Generate();
        var archive = new EpochArchive(folder.Epochs);
        using var signOnce = new SignOnce(Path.Combine(folder.Root, "signed"));
        var work = new OracleWork(node, EvidenceStore.Open(folder.Evidence), archive, signOnce, new LocalDigestSigner(key));
        await new LedgerFollower(node.Chain, node.History, new ChainFollowerOptions { To = FollowTo.Latest }).RunUntilAsync(await node.Chain.BlockNumberAsync(Cancellation), Cancellation);
        await work.ComputeNextAsync(Cancellation);
        foreach (var settled in node.History.Read(state => state.Reports.Where(report => report.Stage == ReportStage.Active).ToList()))
            Assert.Equal(settled.Report.OutcomeHash, archive.ReadOutcome(new EpochNumber(settled.Report.Epoch)).Root);
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest, 102)]
    [InlineData("ff", HttpStatusCode.BadRequest, 102)]
    [InlineData("a0", HttpStatusCode.BadRequest, 104)]
    [InlineData("d28443a10126a05840", HttpStatusCode.BadRequest, 102)]
    public async Task Gateway_answers_malformed_evidence_with_its_code(string hex, HttpStatusCode status, int code)
    {
        using var answer = await PostAsync("v1/evidence", Convert.FromHexString(hex));
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains($"\"code\":{code}", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gateway_refuses_an_oversized_body_and_goes_on()
    {
        using var answer = await PostAsync("v1/evidence", new byte[EnvelopeCodec.MaximumBytes + 1]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        using var health = await demo.Running.Node.Http.GetAsync(new Uri(demo.Running.Node.Network.Node, "health/ready"), Cancellation);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task Market_refuses_a_million_entry_json_without_reading_it()
    {
        var huge = Encoding.ASCII.GetBytes("{" + string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => $"\"k{i}\":\"v\"")) + "}\n");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(demo.Running.Node.Network.Node, "v1/orders")) { Content = new ByteArrayContent(huge) };
        request.Headers.ExpectContinue = true;
        using var answer = await demo.Running.Node.Http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Market_refuses_an_order_that_its_customer_did_not_sign()
    {
        var line = "{\"customer\":\"0x" + new string('1', 40) + "\",\"service\":\"lorawan-data\",\"meter\":\"0x" + new string('0', 40)
            + "\",\"price\":\"1\",\"capPerEpoch\":\"5\",\"fromEpoch\":\"1\",\"untilEpoch\":\"9\",\"nonce\":\"1\",\"signature\":\"0x" + new string('1', 130) + "\"}\n";
        using var answer = await PostAsync("v1/orders", Encoding.ASCII.GetBytes(line));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("\"code\":116", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Market_refuses_an_order_of_a_customer_without_a_deposit()
    {
        var node = demo.Running.Node;
        using var key = Secp256k1PrivateKey.Generate();
        var order = new ServiceOrder { Customer = key.Address, Service = "lorawan-data", Meter = Address.Zero, Price = 1, CapPerEpoch = 5, FromEpoch = 1, UntilEpoch = 9, Nonce = 1 };
        var signed = await SignedOrder.SignAsync(order, new SigningDomain(node.Deployment.ChainId, node.Deployment.Credits), new LocalDigestSigner(key), Cancellation);
        using var answer = await PostAsync("v1/orders", signed.Encode());
        Assert.Equal(HttpStatusCode.PaymentRequired, answer.StatusCode);
        Assert.Contains("\"code\":121", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public void Customer_sends_no_more_orders_in_an_epoch_than_the_gateway_takes()
    {
        var node = demo.Running.Node;
        var customer = node.History.Read(state => state.Deposits.MaxBy(deposit => deposit.Value).Key);
        var desk = new OrderDesk(node.History, new DoorOptions { OrdersPerEpoch = 2 });
        var order = new ServiceOrder { Customer = customer, Service = "lorawan-data", Meter = Address.Zero, Price = 1, CapPerEpoch = 5, FromEpoch = 1, UntilEpoch = 9, Nonce = 1 };
        var (now, length) = (node.Now, node.History.Read(state => state.Clock.LengthSeconds) * 1000);
        Assert.Equal([AdmissionCode.Admitted, AdmissionCode.Admitted, AdmissionCode.TooManyOrders], Enumerable.Range(0, 3).Select(_ => desk.Judge(order, now)));
        Assert.Equal(AdmissionCode.Admitted, desk.Judge(order, now + length));
    }

    [Fact]
    public async Task Node_says_that_it_is_well_check_by_check()
    {
        var node = demo.Running.Node;
        var health = await node.Http.GetFromJsonAsync<HealthView>(new Uri(node.Network.Node, "health/ready"), Cancellation);
        Assert.True(health!.Ready, health.Summary);
        Assert.Equal(["chain", "disk", "epochs", "gas", "identity", "ledger", "log", "price", "quorum"], health.Checks.Select(check => check.Name));
        var status = await node.Http.GetFromJsonAsync<StatusView>(new Uri(node.Network.Node, "v1/status"), Cancellation);
        Assert.Equal(4, status!.Oracles.Count(oracle => oracle.State == "answers"));
        Assert.DoesNotContain(status.Alerts, alert => alert.Severity == "critical");
    }

    [Fact]
    public async Task Gateway_survives_random_bytes_at_every_door()
    {
        var random = new Random(20261120);
        for (var i = 0; i < 300; i++)
        {
            var body = new byte[random.Next(0, 400)];
            random.NextBytes(body);
            using var answer = await PostAsync(i % 2 == 0 ? "v1/evidence" : "v1/orders", body);
            Assert.InRange((int)answer.StatusCode, 400, 499);
        }
    }

    [Fact]
    public async Task OpenApi_document_describes_the_doors()
    {
        var node = demo.Running.Node;
        using var answer = await node.Http.GetAsync(new Uri(node.Network.Node, "openapi/v1.json"), Cancellation);
        Assert.Contains("/v1/evidence", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        return await demo.Running.Node.Http.PostAsync(new Uri(demo.Running.Node.Network.Node, path), content, Cancellation);
    }

    private async Task<List<EpochAudit>> AuditAsync(HttpClient http, EpochNumber? only)
    {
        var audits = new List<EpochAudit>();
        var auditor = new Auditor(NodeContext.Open(new NetworkFolder(demo.Folder), http, demo.Running.Node.Time));
        await foreach (var audit in auditor.RunAsync(only, Cancellation)) audits.Add(audit);
        return audits;
    }

    /// <summary>A gateway that lies: flips one bit of every answer under a path.</summary>
    private sealed class FlippingHandler(string path, int position) : DelegatingHandler(new HttpClientHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (!request.RequestUri!.AbsolutePath.Contains(path, StringComparison.Ordinal)) return answer;
            var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            if (body.Length > position) body[position] ^= 1;
            answer.Content = new ByteArrayContent(body);
            return answer;
        }
    }
}
