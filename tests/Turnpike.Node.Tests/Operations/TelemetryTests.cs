using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Evm.Rpc;
using Turnpike.Node.Operations;
using Turnpike.Node.Settings;
using Turnpike.Node.Telemetry;

namespace Turnpike.Node.Tests.Operations;

/// <summary>Alone in the process: OpenTelemetry takes equal instruments of two nodes for one, and lets go of it when either node goes.</summary>
[CollectionDefinition("Telemetry", DisableParallelization = true)]
public sealed class TelemetryCollection;

[Collection("Telemetry")]
public sealed class TelemetryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_and_spans_arrive_at_an_otlp_receiver_under_their_names()
    {
        var received = new ConcurrentDictionary<string, byte[]>();
        await using var receiver = await ReceiveAsync(received);
        using var world = OperationsWorld.Create();
        world.ObserveAll();
        var services = new ServiceCollection().AddLogging();
        TelemetryExport.Add(services, new TelemetryOptions { Otlp = UrlOf(receiver), Interval = TimeSpan.FromMilliseconds(100), Instance = "node-under-test" }, "default");
        await using var provider = services.BuildServiceProvider();
        foreach (var service in provider.GetServices<IHostedService>()) await service.StartAsync(Stop);
        Emit(world.Node);
        HashSet<string> expected = ["turnpike.chain.gas", "turnpike.chain.rpc.duration", "turnpike.chain.rpc.errors", "turnpike.log.sync.duration", "turnpike.alerts.open", "turnpike.ready", "turnpike.oracle.signatures", "turnpike.market.orders", "turnpike.epoch.compute.duration"];
        // The first export may come before all instruments were used.
        var metrics = await WaitForAsync(received, "/v1/metrics", names => names.IsSupersetOf(expected), Wire.MetricNames);
        Assert.Empty(expected.Except(metrics));
        Assert.Contains("epoch.compute", await WaitForAsync(received, "/v1/traces", names => names.Contains("epoch.compute"), Wire.SpanNames));
        Assert.Contains("node-under-test", Encoding.UTF8.GetString(received["/v1/metrics"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_exported_unless_a_receiver_is_named()
    {
        var services = new ServiceCollection();
        TelemetryExport.Add(services, new TelemetryOptions(), "default");
        Assert.SkipUnless(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is null, "A receiver is named for this test run.");
        Assert.Empty(services);
    }

    [Fact]
    public void Prometheus_text_holds_counters_gauges_and_histograms_of_this_node_only()
    {
        using var world = OperationsWorld.Create();
        using var other = OperationsWorld.Create();
        using var text = new PrometheusText(world.Node.Meters);
        world.ObserveAll();
        Emit(world.Node);
        Emit(world.Node);
        Emit(other.Node);
        var lines = text.Render().Split('\n');
        Assert.Contains("# TYPE turnpike_chain_gas_total counter", lines);
        Assert.Contains($"turnpike_chain_gas_total{{account=\"{default(Address)}\",purpose=\"settle\"}} 200", lines);
        Assert.Contains("turnpike_log_sync_duration_seconds_bucket{le=\"0.005\"} 2", lines);
        Assert.Contains("turnpike_log_sync_duration_seconds_bucket{le=\"0.0025\"} 0", lines);
        Assert.Contains("turnpike_log_sync_duration_seconds_count 2", lines);
        Assert.Contains("turnpike_alerts_open{code=\"506\",name=\"disk-low\",severity=\"warning\"} 1", lines);
        Assert.Contains("turnpike_ready 1", lines);
        world.Node.Watch.Note("disk", new CheckResult("fine"));
        Assert.DoesNotContain("code=\"506\"", text.Render(), StringComparison.Ordinal);
    }

    private static void Emit(NodeContext node)
    {
        node.Meters.Chain.NoteTransaction(default, "settle/1/1", new TransactionOutcome { State = TransactionState.Succeeded, Nonce = 0, TransactionHash = Bytes32.Zero, GasUsed = 100 });
        node.Meters.Log.NoteGroup(new DurableGroup(10, 1000, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(4)));
        node.Meters.Oracle.NoteSignature();
        node.Meters.Market.NoteOrder(AdmissionCode.NoDeposit);
        node.Meters.Epochs.NoteComputed(TimeSpan.FromSeconds(2));
        node.Watch.Note("disk", new CheckResult("1 GB free", new Finding(AlertCode.DiskLow, "", "1 GB is free")));
        // The endpoint of this world does not answer: an exchange that failed.
        Assert.ThrowsAsync<RpcException>(() => node.Chain.Rpc.CallAsync(new RpcCall("eth_blockNumber", []) { IsIdempotent = false }, CancellationToken.None)).GetAwaiter().GetResult();
        using var span = Traces.Epoch("epoch.compute", 3);
    }

    private static async Task<WebApplication> ReceiveAsync(ConcurrentDictionary<string, byte[]> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/{**path}", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            received[context.Request.Path] = body.ToArray();
            return Results.Bytes([], "application/x-protobuf");
        });
        await app.StartAsync(Stop);
        return app;
    }

    private static Uri UrlOf(WebApplication app) => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    private static async Task<HashSet<string>> WaitForAsync(ConcurrentDictionary<string, byte[]> received, string path, Func<HashSet<string>, bool> arrived, Func<byte[], IEnumerable<string>> read)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            if (received.TryGetValue(path, out var body) && read(body).ToHashSet(StringComparer.Ordinal) is var names && arrived(names)) return names;
            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>As much of the protobuf wire format as finds names: ExportMetricsServiceRequest and ExportTraceServiceRequest of OTLP 1.</summary>
    private static class Wire
    {
        public static IEnumerable<string> MetricNames(byte[] request) => Walk(request, 1, 2, 2, 1).Select(Encoding.UTF8.GetString);

        // resource_spans, scope_spans, spans, name: field 5 of a span.
        public static IEnumerable<string> SpanNames(byte[] request) => Walk(request, 1, 2, 2, 5).Select(Encoding.UTF8.GetString);

        private static IEnumerable<byte[]> Walk(byte[] message, params int[] path) =>
            path.Length == 0 ? [message] : Fields(message).Where(field => field.Number == path[0]).SelectMany(field => Walk(field.Value, path[1..]));

        private static IEnumerable<(int Number, byte[] Value)> Fields(byte[] message)
        {
            for (var at = 0; at < message.Length;)
            {
                var tag = ReadVarint(message, ref at);
                var length = (tag & 7) switch { 0 => 0, 1 => 8, 5 => 4, 2 => (int)ReadVarint(message, ref at), var type => throw new InvalidDataException($"Wire type {type}.") };
                if ((tag & 7) == 0) ReadVarint(message, ref at);
                if ((tag & 7) == 2) yield return ((int)(tag >> 3), message[at..(at + length)]);
                at += length;
            }
        }

        private static ulong ReadVarint(byte[] message, ref int at)
        {
            var value = 0ul;
            for (var shift = 0; ; shift += 7)
            {
                var next = message[at++];
                value |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80) return value;
            }
        }
    }
}
