using System.Security.Cryptography;
using Turnpike.Agent.Reports;
using Turnpike.Agent.Settings;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Networks.Wireless.Evidence;
using Turnpike.Networks.Wireless.Protocol.Leg;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;
using Turnpike.Networks.Wireless.Service;
using Turnpike.Networks.Wireless.Virtual;

namespace Turnpike.Agent.Tests.Reports;

public sealed class UsageReporterTests
{
    [Fact]
    public async Task Many_packets_are_reported_under_few_signatures_and_kept_until_a_gateway_takes_them()
    {
        using var folder = new TemporaryFolder();
        using var key = P256DeviceKey.Generate();
        var counts = new AgentCounts(TimeProvider.System);
        var organisation = Address.Parse("0x" + new string('a', 40));
        // Port 9 discards, or is closed: no gateway.
        var settings = new ReportSettings { Organisation = organisation.ToString(), Region = "EU868", Gateways = [new ReportGateway(new Uri("http://127.0.0.1:9"), "0x" + new string('b', 40))], EpochStart = 1, EpochLength = 3600 };
        using var reporter = new UsageReporter(settings, folder.Root, Samples.Network, key, counts, TimeProvider.System);
        var frames = Uplinks(300);
        reporter.Note(frames);
        // A join is free and not reported.
        reporter.Note([new SequencedFrame(1, 1, Samples.Packet(1) with { Frame = new byte[23] })]);
        using var stop = new CancellationTokenSource();
        var running = reporter.RunAsync(stop.Token);
        Assert.Equal(300, reporter.View.Unsigned);
        await stop.CancelAsync();
        await running;

        Assert.Equal((0, 300L, 2, 2), (reporter.View.Unsigned, reporter.View.Signed, reporter.View.Pieces, reporter.View.WithoutReceipt));
        reporter.Dispose();
        using var spool = EvidenceSpool.Open(folder.Root, Samples.Network, new SpoolOptions());
        var verifier = new EnvelopeVerifier(Samples.Network);
        var reports = new List<PacketReport>();
        foreach (var piece in spool.Pieces)
        {
            Assert.True(EnvelopeCodec.TryDecode(piece.Piece, out var envelope, out _));
            Assert.True(verifier.Verify(envelope, key.Public));
            Assert.Equal(PacketReport.Kind, envelope.Content.Kind);
            Assert.True(PacketReport.TryDecode(envelope.Content.PublicBody, out var body));
            reports.AddRange(body);
        }
        Assert.Equal(frames.Select(frame => new Bytes32(SHA256.HashData(frame.Packet.Frame.Span))), reports.Select(report => report.PayloadHash));
        Assert.All(reports, report => Assert.Equal((organisation, (byte)13, "SF7BW125", "EU868"), (report.Organisation, report.PayloadBytes, report.DataRate, report.Region)));
    }

    private static List<SequencedFrame> Uplinks(int count)
    {
        var keys = SessionKeys.Derive10(new AesKey(new byte[16]), 1, default, 1);
        Assert.True(RegionPlans.TryFind("EU868", out var plan));
        var sensor = new VirtualSensor(new EndDevice { DevEui = new Eui64(1), Region = "EU868", Organisation = Address.Zero }, plan);
        sensor.Personalise(default, keys);
        return [.. Enumerable.Range(1, count).Select(number => new SequencedFrame((ulong)number, 1, Samples.Packet(number) with { Frame = sensor.Send(10, new byte[13]) }))];
    }
}
