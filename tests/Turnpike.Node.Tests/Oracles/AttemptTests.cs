using Turnpike.Core;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;
using Turnpike.Node.Oracle.Rounds;

namespace Turnpike.Node.Tests.Oracles;

/// <summary>A vetoed report and an epoch declared empty, by the nodes' own code on a real chain: issuance goes on, and evidence is paid once.</summary>
public sealed class AttemptTests
{
    [Fact]
    public async Task Vetoed_epoch_settles_at_the_next_attempt_and_an_empty_one_rolls_its_evidence_forward()
    {
        await using var network = await OracleNetwork.StartAsync(new OracleNetworkOptions { Epoch = TimeSpan.FromSeconds(9), Grace = TimeSpan.FromSeconds(5), EmptyAfter = TimeSpan.FromSeconds(6), ActivationDelay = TimeSpan.FromSeconds(5) });
        var at = network.Node.Deployment;
        await network.BeginAsync(1);
        var sent = await network.ReportAsync();

        // The guardian vetoes what is pending; the next attempt settles and mints once.
        var vetoed = 0UL;
        await network.UntilAsync(() => (vetoed = network.Node.History.Read(state => state.Pending?.Report.Epoch ?? 0)) > 0, "a pending report");
        await network.SendAsync("guardian", at.Settlement, new EpochSettlement.VetoCall(vetoed, "to see what happens"));
        var settled = await network.SettledAsync(vetoed);
        Assert.Equal(1u, settled.Report.Attempt);
        var attempts = network.Node.History.Read(state => state.Reports.Where(report => report.Report.Epoch == vetoed).ToList());
        Assert.Equal([ReportStage.Vetoed, ReportStage.Active], attempts.Select(report => report.Stage));
        Assert.Equal(attempts[0].Report with { Attempt = 1 }, attempts[1].Report);
        Assert.Equal(settled.Report.Mint, network.Node.History.Read(state => state.Minted[vetoed]));
        EpochSignaturesView signatures = null!;
        await network.UntilAsync(() => (signatures = network.Members[0].Get<EpochSignatures>().Of(vetoed)!) is { Attempts: [{ Stage: "vetoed" }, { Stage: "active" }] }, "the first node to see both attempts");
        Assert.All(signatures.Attempts.SelectMany(attempt => attempt.Oracles), oracle => Assert.False(oracle.IsLiar));

        // Reports older than two epochs earn nothing (203), so not many epochs may pass. Without a quorum nothing settles; governance declares the epoch empty, and its evidence is the next one's.
        foreach (var member in network.Members.Skip(1)) member.Faults.Rule = request => request.RequestUri!.AbsolutePath.Contains("/rounds/", StringComparison.Ordinal) ? Fate.Lost : Fate.Arrives;
        network.Members[0].Faults.Rule = network.Members[1].Faults.Rule;
        sent += await network.ReportAsync();
        EvidenceCommit commit = default;
        await network.UntilAsync(() => (commit = network.Node.History.Read(state => Enumerable.Range((int)state.LastClosedEpoch + 1, 20).SelectMany(epoch => state.CommitsOf(new EpochNumber((ulong)epoch))).FirstOrDefault())).Epoch > 0, "an epoch with evidence and no quorum");
        var empty = commit.Epoch;
        for (var epoch = network.Node.History.Read(state => state.LastClosedEpoch) + 1; epoch <= empty; epoch++)
        {
            var due = new EpochNumber(epoch);
            await network.UntilAsync(() => network.Node.Now > network.Clock.EndOf(due) + 8_000, $"epoch {epoch} to be overdue");
            await network.SendAsync("admin", at.Settlement, new EpochSettlement.DeclareEmptyCall(epoch));
        }
        foreach (var member in network.Members) member.Faults.Heal();
        var next = await network.SettledAsync(empty + 1);
        Assert.Contains(network.Node.History.Read(state => state.CommitsOf(new EpochNumber(empty + 1))), listed => listed.Epoch == empty);
        Assert.DoesNotContain(network.Node.History.Read(state => state.Reports), report => report.Report.Epoch == empty);
        Assert.True(next.Report.Mint > 0);

        // Whatever was still on its way; then every report was paid once, and every epoch minted what its report says.
        await network.SettledAsync(empty + 2);
        Assert.Equal((ulong)sent, network.Accepted(network.Members[0], 1, empty + 2));
        var (minted, reports) = network.Node.History.Read(state => (new Dictionary<ulong, UInt128>(state.Minted), state.Reports.Where(report => report.Stage == ReportStage.Active).ToList()));
        Assert.All(reports, report => Assert.Equal(report.Report.Mint, minted[report.Report.Epoch]));
        Assert.Equal(UInt128.Zero, minted[empty]);
        Assert.Equal(reports[^1].Report.CumulativeRewards, reports.Aggregate(UInt128.Zero, (sum, report) => sum + report.Report.Mint));
    }
}
