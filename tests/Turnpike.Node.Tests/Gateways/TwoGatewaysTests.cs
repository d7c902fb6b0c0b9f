using Turnpike.Cli.Demo;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Evm.Rpc;
using Turnpike.Node.Epochs;
using Turnpike.Node.Gateway;
using Turnpike.Node.Local;
using Turnpike.Node.Tests.Oracles;

namespace Turnpike.Node.Tests.Gateways;

/// <summary>Devices with two gateways to choose from, on a real chain: what reaches both is paid once, what one loses the other carries, what is cloned is paid to nobody, and receipts prove who kept his word.</summary>
public sealed class TwoGatewaysTests
{
    private readonly DemoTraffic _traffic = new(1_000_000);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Report_is_paid_once_through_whichever_gateway_and_a_clone_pays_nobody()
    {
        await using var network = await OracleNetwork.StartAsync(new OracleNetworkOptions { Gateways = 2, Epoch = TimeSpan.FromSeconds(8), Grace = TimeSpan.FromSeconds(5), EmptyAfter = TimeSpan.FromSeconds(60) });
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var doors = network.Members.Take(2).Select(member => new HttpGatewayDoor(member.Url, member.Gateway!.Address, network.Node.Deployment.NetworkId, http)).ToArray();
        var (observer, dying) = (network.Members[0], network.Members[1]);

        // Epoch 2, after the customer's order: one report to both gateways; one boot and sequence twice, a different report to each.
        await network.BeginAsync(2);
        var both = Device(network, 0).Sign(_traffic.Packet(network.Customer));
        var kept = await HandInAsync(both, doors);
        var (box, twin) = (Device(network, 1).Sign(_traffic.Packet(network.Customer)), Device(network, 1).Sign(_traffic.Packet(network.Customer)));
        var cloned = new[] { (await HandInAsync(box, doors[0]))[0], (await HandInAsync(twin, doors[1]))[0] };
        Assert.NotEqual(cloned[0].Receipt.Identity, cloned[1].Receipt.Identity);
        await CertifiedAsync(network, http, [.. kept, .. cloned]);
        var settled = network.Node.History.Read(state => state.LastClosedEpoch);
        Assert.Equal(1UL, network.Accepted(observer, 1, settled));
        await CloneIsToldAsync(network, doors, cloned);
        foreach (var receipt in kept) Assert.Equal(ReceiptVerdict.Kept, (await JudgeAsync(network, http, receipt)).Verdict);

        // A gateway takes a report and dies before its commit: the spool hands it to the other while it is fresh.
        var broken = new List<SignedReceipt>();
        var spoolFolder = Directory.CreateTempSubdirectory("turnpike-spool-");
        using var device = SpooledDevice.Open(Device(network, 2), spoolFolder.FullName, network.Node, [doors[1], doors[0]], new SpoolSenderOptions { CommitWindow = network.Node.History.Read(state => state.Grace), Lasting = TimeSpan.FromSeconds(2), OnBroken = broken.Add });
        var now = network.Clock.At(network.Node.Now).Value + 1;
        await network.BeginAsync(now);
        Assert.True(await device.ReportAsync([_traffic.Packet(network.Customer)], Stop));
        var promise = Assert.Single(device.Pieces[0].Receipts);
        Assert.Equal(dying.Gateway!.Address, promise.Receipt.Gateway);
        await dying.StopAsync();
        Assert.Equal(ReceiptVerdict.NotDue, (await JudgeAsync(network, http, promise)).Verdict);
        await network.UntilAsync(async () => await device.StepAsync(Stop) == 1 && device.Pieces[0].Receipts.Count == 2, "the spool to hand its report to the other gateway");
        var second = device.Pieces[0].Receipts[1];
        await network.UntilAsync(async () => (await JudgeAsync(network, http, second)).Verdict == ReceiptVerdict.Kept, "the other gateway to keep its word");

        // The promise lapses; whoever asks finds it broken, and it stays so when the gateway comes back and lists the report too late.
        await network.UntilAsync(async () => (await JudgeAsync(network, http, promise)).Verdict == ReceiptVerdict.Broken, "the promise to be judged broken");
        var back = network.Clock.At(network.Node.Now);
        await network.StartMemberAsync(dying);
        await network.UntilAsync(() => network.Node.History.Read(state => Enumerable.Range((int)back.Value - 1, 30).SelectMany(epoch => state.CommitsOf(new EpochNumber((ulong)epoch))).Any(commit => commit.Gateway == dying.Gateway.Address && commit.Epoch + 1 >= back.Value)), "the gateway that came back to commit");
        await network.UntilAsync(async () => await device.StepAsync(Stop) == 0, "the spool to be told by a second gateway that the report is on chain");
        await network.SettledAsync(network.Clock.At(network.Node.Now).Value);
        Assert.Equal(ReceiptVerdict.Broken, (await JudgeAsync(network, http, promise)).Verdict);
        Assert.Equal(2UL, network.Accepted(observer, 1, network.Node.History.Read(state => state.LastClosedEpoch)));
        device.Dispose();
        spoolFolder.Delete(recursive: true);
    }

    // Whoever handed in either of the two is told, at either gateway, and 'why' says it of both.
    private static async Task CloneIsToldAsync(OracleNetwork network, HttpGatewayDoor[] doors, SignedReceipt[] cloned)
    {
        var found = new HashSet<string>();
        foreach (var (door, receipt) in doors.Zip(cloned))
        {
            PieceState? state = null;
            await network.UntilAsync(async () => (state = await door.StateAsync(receipt.Receipt.Identity, receipt.Receipt.ReceivedAt, Stop)) is { Stage: PieceStage.Certified, IsClone: true }, $"gateway {door.Gateway} to say that the piece is cloned");
            var why = await network.Members[0].Get<EpochExplainer>().ExplainAsync(network.Devices[1].Public.Id, state!.Epoch, Stop);
            found.UnionWith(why!.Reports.Where(report => report.Code == VerdictCode.Clone.Number).Select(report => report.Identity));
            Assert.DoesNotContain(why.Reports, report => report.Code == VerdictCode.Accepted.Number);
            Assert.Equal("0", why.Amount);
        }
        Assert.Equal(cloned.Select(receipt => receipt.Receipt.Identity.ToString()).Order(), found.Order());
    }

    private static async Task<SignedReceipt[]> HandInAsync(byte[] piece, params HttpGatewayDoor[] doors)
    {
        var answers = await Task.WhenAll(doors.Select(door => door.SubmitAsync(piece, Stop)));
        return [.. answers.Select(answer => answer.Receipt ?? throw new InvalidOperationException($"No receipt: {answer.Problem}, {answer.Code}"))];
    }

    // Certified commits that list them, and the epochs of these commits settled.
    private static async Task CertifiedAsync(OracleNetwork network, HttpClient http, SignedReceipt[] receipts)
    {
        foreach (var receipt in receipts)
        {
            var door = new HttpGatewayDoor(network.Members.Single(member => member.Gateway?.Address == receipt.Receipt.Gateway).Url, receipt.Receipt.Gateway, network.Node.Deployment.NetworkId, http);
            PieceState? state = null;
            await network.UntilAsync(async () => (state = await door.StateAsync(receipt.Receipt.Identity, receipt.Receipt.ReceivedAt, Stop)).Stage == PieceStage.Certified, $"gateway {door.Gateway} to have its manifest on chain");
            await network.SettledAsync(state!.Epoch.Value);
        }
    }

    private static async Task<ReceiptFinding> JudgeAsync(OracleNetwork network, HttpClient http, SignedReceipt receipt)
    {
        var head = await network.Node.Chain.BlockAsync(BlockReference.Latest, Stop);
        await network.UntilAsync(() => network.Node.History.Block!.Number >= head!.Number, "the ledger to be at the head");
        var ledger = network.Node.History.StateAt(head!.Number);
        return await new ReceiptJudge(network.Node.Deployment, ledger, (long)head.Timestamp * 1000, new PublishedEvidence(http, commit => PublishedEvidence.PlacesOf(ledger, commit))).JudgeAsync(receipt, Stop);
    }

    private static VirtualDevice Device(OracleNetwork network, int index) => new(network.Devices[index], network.Node.Deployment.NetworkId, network.Members[0].Url, network.Node.Http, network.Time, boot: 1);
}
