using System.Text.Json;
using Turnpike.Core;
using Turnpike.Ledger;
using Turnpike.Node.Audit;
using Turnpike.Node.Oracle.Rounds;

namespace Turnpike.Node.Tests.Oracles;

/// <summary>Four oracles, one of which may be faulty, on a real chain, by the nodes' own code. One network plays all acts: starting one takes longer than an epoch.</summary>
public sealed class FourOraclesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Honest_root_settles_and_the_liar_is_named_while_one_is_stopped_one_lags_and_one_is_restarted()
    {
        await using var network = await OracleNetwork.StartAsync(new OracleNetworkOptions());
        var (honest, restarted, lagging, liar) = (network.Members[0], network.Members[1], network.Members[2], network.Members[3]);
        await network.BeginAsync(2);
        var before = await network.SettledAsync(1);

        // The liar's rules need a new start; then one lags, and one is stopped and started again in mid-epoch.
        await liar.StopAsync();
        var lies = new List<LyingPack>();
        liar.Rules = pack =>
        {
            lies.Add(new LyingPack(pack, epoch => epoch >= 3));
            return lies[^1];
        };
        await network.StartMemberAsync(liar);
        await network.BeginAsync(3);
        Assert.Equal(4, await network.ReportAsync());
        lagging.Faults.Lateness = TimeSpan.FromMilliseconds(700);
        lagging.Faults.Rule = request => request.RequestUri!.AbsolutePath.Contains("/rounds/", StringComparison.Ordinal) ? Fate.Late : Fate.Arrives;
        await restarted.StopAsync();
        await network.StartMemberAsync(restarted);
        var settled = await network.SettledAsync(3);
        Assert.True(lies[^1].Lies > 0);
        Assert.Equal(settled.Report.CumulativeRewards, before.Report.CumulativeRewards + network.Node.History.Read(state => state.Minted[2] + state.Minted[3]));
        Assert.True((await AuditAsync(network, 3)).IsReproduced);

        // Every honest oracle names him, in its API and beside its outcome, with proof that anybody can check.
        foreach (var member in new[] { honest, restarted, lagging })
        {
            var view = await NamedAsync(network, member, 3, liar.Index);
            var attempt = Assert.Single(view.Attempts);
            Assert.Equal("differs", attempt.Oracles[liar.Index].Status);
            var proof = Assert.Single(attempt.Oracles[liar.Index].Signed);
            Assert.NotEqual(settled.Hash.ToString(), proof.Digest);
            Assert.True(proof.Report!.TryParse(out var signed));
            Assert.Equal(settled.Report.Mint + 1, signed.Mint);
            Assert.Equal(settled.Report.InputsHash, signed.InputsHash);
            var digest = new SigningDomain(network.Node.Deployment.ChainId, network.Node.Deployment.Settlement).Report(signed);
            Assert.Equal(proof.Digest, digest.ToString());
            Assert.True(Oracle.Peers.PeerStamp.TryRead(proof.Signature, out var signature));
            Assert.True(Oracle.Peers.PeerSeal.IsBy(liar.Oracle.Address, digest, signature));
            await network.UntilAsync(() => File.Exists(Path.Combine(member.Folder.Epochs, "3", "signatures.json")) && File.ReadAllText(Path.Combine(member.Folder.Epochs, "3", "signatures.json")).Contains("differs", StringComparison.Ordinal), "the liar to be named beside the outcome");
        }
        Assert.Contains(Cli.Epochs.SignatureText.Lines(await NamedAsync(network, honest, 3, liar.Index)), line => line.Contains("an error or a lie", StringComparison.Ordinal));

        // One stopped, one lying: two of four remain, and settle.
        await lagging.StopAsync();
        await liar.StopAsync();
        await network.BeginAsync(5);
        Assert.Equal(4, await network.ReportAsync());
        var fifth = await network.SettledAsync(5);
        Assert.True(fifth.Report.Mint > 0);
        var last = await network.GetAsync<EpochSignaturesView>(honest, "v1/epochs/5/signatures");
        Assert.Equal(["agreed", "agreed", "silent", "silent"], last!.Attempts[0].Oracles.Select(oracle => oracle.Status));
    }

    private static async Task<EpochSignaturesView> NamedAsync(OracleNetwork network, OracleMember member, ulong epoch, int liar)
    {
        EpochSignaturesView? view = null;
        await network.UntilAsync(() =>
        {
            view = member.Get<EpochSignatures>().Of(epoch);
            return view is not null && view.Attempts[0].Oracles[liar].IsLiar;
        }, $"oracle {member.Index} to name oracle {liar}: {JsonSerializer.Serialize(view)}");
        var published = await network.GetAsync<EpochSignaturesView>(member, $"v1/epochs/{epoch}/signatures");
        Assert.Equal(JsonSerializer.Serialize(view), JsonSerializer.Serialize(published));
        return view!;
    }

    private static async Task<EpochAudit> AuditAsync(OracleNetwork network, ulong epoch)
    {
        var auditor = new Auditor(NodeContext.Open(network.Node.Folder, network.Node.Http, network.Time), network.Members[0].Url);
        await foreach (var audit in auditor.RunAsync(new EpochNumber(epoch), Stop)) return audit;
        throw new InvalidOperationException($"Epoch {epoch} is not active.");
    }
}
