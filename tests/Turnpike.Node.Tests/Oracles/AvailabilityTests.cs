using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Ledger;
using Turnpike.Node.Oracle;
using Turnpike.Node.Oracle.Peers;

namespace Turnpike.Node.Tests.Oracles;

/// <summary>A gateway that hides its evidence from some, and one that wants more kept than it may.</summary>
public sealed class AvailabilityTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gateway_cannot_split_the_quorum_and_what_it_hides_waits_and_is_paid_once()
    {
        await using var network = await OracleNetwork.StartAsync(new OracleNetworkOptions());
        var gateway = network.Members[0];
        await network.BeginAsync(2);

        // Shown to f + 1: certified. Those who could not see it compute the same, from those who hold it.
        Hide(network, from: [2, 3]);
        var sent = await network.ReportAsync();
        var first = await CommittedAsync(network, 2);
        Assert.True(await network.SettledAsync(first.Epoch) is { } settled && settled.Report.EvidenceRoot != Bytes32.Zero);
        await network.UntilAsync(() => network.Members.All(member => new Epochs.EpochArchive(member.Folder.Epochs).Has(new EpochNumber(first.Epoch))), "all to compute the epoch");
        Assert.All(network.Members, member => Assert.Equal(network.Node.History.Read(state => state.Reports.Last(report => report.Report.Epoch == first.Epoch).Report.OutcomeHash), new Epochs.EpochArchive(member.Folder.Epochs).ReadOutcome(new EpochNumber(first.Epoch)).Root));

        // Shown to one only: no certificate, the epoch settles without it.
        Hide(network, from: [0, 2, 3]);
        var hidden = Current(network) + 1;
        await network.BeginAsync(hidden);
        sent += await network.ReportAsync();
        await network.UntilAsync(() => network.Node.Now > network.Clock.EndOf(new EpochNumber(hidden)) + 3_500, "the commit window to pass");
        Assert.DoesNotContain(network.Node.History.Read(state => state.CommitsOf(new EpochNumber(hidden))), commit => commit.Epoch == hidden);

        // Shown again in time: the next manifest lists the same segments, and each report is paid once.
        foreach (var member in network.Members) member.Faults.Heal();
        await network.SettledAsync(hidden);
        var late = await CommittedAsync(network, hidden + 1);
        await network.SettledAsync(late.Epoch);
        await network.SettledAsync(late.Epoch + 1);
        Assert.Equal((ulong)sent, network.Accepted(gateway, 1, late.Epoch + 1));

        await RefusalsAsync(network);
        await QuotaAsync(network, gateway);
    }

    private static async Task RefusalsAsync(OracleNetwork network)
    {
        var (oracle, outsider) = (network.Members[1], network.SignerOf("outsider"));
        var gateway = network.Members[0].Gateway!;
        var ended = Current(network) - 1;
        var hash = "0x" + new string('a', 64);
        Assert.Equal(9004, await RefusedAsync(network, oracle, outsider, new AvailabilityRequest(ended, outsider.Address.ToString(), hash, 1)));
        Assert.Equal(9011, await RefusedAsync(network, oracle, gateway, new AvailabilityRequest(ended, outsider.Address.ToString(), hash, 1)));
        Assert.Equal(9012, await RefusedAsync(network, oracle, gateway, new AvailabilityRequest(ended + 2, gateway.Address.ToString(), hash, 1)));
        Assert.Equal(9012, await RefusedAsync(network, oracle, gateway, new AvailabilityRequest(ulong.MaxValue, gateway.Address.ToString(), hash, 1)));
        Assert.Equal(9007, await RefusedAsync(network, oracle, gateway, new AvailabilityRequest(0, gateway.Address.ToString(), hash, 1)));
        Assert.Equal(9007, await RefusedAsync(network, oracle, gateway, new AvailabilityRequest(ended, null!, null!, 1)));
        // Within a commit window: too much, and something that the gateway does not have.
        await network.BeginAsync(Current(network) + 1);
        ended = Current(network) - 1;
        Assert.Equal(9013, await RefusedAsync(network, oracle, gateway, new AvailabilityRequest(ended, gateway.Address.ToString(), hash, ulong.MaxValue)));
        Assert.Equal(9015, await RefusedAsync(network, oracle, gateway, new AvailabilityRequest(ended, gateway.Address.ToString(), hash, 1)));
    }

    // The gateway's door refuses what oracles would not certify, and opens again with the next certificate.
    private static async Task QuotaAsync(OracleNetwork network, OracleMember gateway)
    {
        await gateway.StopAsync();
        gateway.Roles = roles => roles with { EvidenceQuotaBytes = 2_500 };
        await network.StartMemberAsync(gateway);
        var taken = 0;
        await network.UntilAsync(async () =>
        {
            var kept = await network.ReportAsync();
            taken += kept;
            return kept < network.Devices.Count;
        }, "the door to refuse for want of quota");
        Assert.Contains(gateway.Get<Node.Gateway.EvidenceIntake>().Counts, count => count.Key == Evidence.AdmissionCode.QuotaExceeded);
        Assert.InRange(taken, 1, 20);
        await network.UntilAsync(async () => await network.ReportAsync() > 0, "a certificate to make room");
    }

    private static async Task<int> RefusedAsync(OracleNetwork network, OracleMember oracle, IDigestSigner sender, AvailabilityRequest request)
    {
        var client = new PeerClient(network.Node, sender, new PeerOptions(), NullLogger<PeerClient>.Instance);
        var reply = await client.AskAsync(HttpMethod.Post, oracle.Oracle.Address, oracle.Url.ToString(), "v1/oracle/availability", JsonSerializer.SerializeToUtf8Bytes(request, PeerReply.Json), TimeSpan.FromSeconds(10), Stop);
        return reply?.Code ?? -1;
    }

    private static ulong Current(OracleNetwork network) => network.Clock.TryAt(network.Node.Now, out var epoch) ? epoch.Value : 0;

    private static void Hide(OracleNetwork network, int[] from)
    {
        var port = network.Members[0].Url.Port;
        foreach (var member in network.Members)
            member.Faults.Rule = from.Contains(member.Index) ? request => request.RequestUri!.Port == port && request.RequestUri.AbsolutePath.StartsWith("/v1/segments/", StringComparison.Ordinal) ? Fate.NotFound : Fate.Arrives : _ => Fate.Arrives;
    }

    private static async Task<EvidenceCommit> CommittedAsync(OracleNetwork network, ulong from)
    {
        EvidenceCommit commit = default;
        await network.UntilAsync(() => (commit = network.Node.History.Read(state => Enumerable.Range((int)from, 20).SelectMany(epoch => state.CommitsOf(new EpochNumber((ulong)epoch))).FirstOrDefault())).Epoch > 0, $"a commit of epoch {from} or later");
        return commit;
    }
}
