using System.Numerics;
using Turnpike.Core;
using Turnpike.Core.Merkle;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;
using CreditsContract = Turnpike.Ledger.Contracts.Credits;

namespace Turnpike.Node.Tests.Ledger;

/// <summary>Trees built here, claimed and drawn there: every leaf of trees of many shapes, and none with anything changed.</summary>
public sealed class CumulativeTreeTests
{
    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 7, 8, 9, 16, 33];

    [Fact]
    public async Task Every_leaf_is_paid_and_drawn_in_full()
    {
        await using var network = await StartAsync();
        var (rewards, charges) = (new Dictionary<Address, UInt128>(), new Dictionary<Address, UInt128>());
        for (var i = 0; i < Sizes.Length; i++)
        {
            for (var account = 0; account < Sizes[i]; account++)
            {
                rewards[Account(account)] = rewards.GetValueOrDefault(Account(account)) + (UInt128)(1000 * (i + 1) + account);
                charges[Account(account)] = charges.GetValueOrDefault(Account(account)) + (UInt128)(10 * (i + 1) + account);
            }
            var (reward, charge) = (Tree(rewards), Tree(charges));
            await CloseEpochAsync(network, (ulong)i + 1, reward, charge);

            var claims = reward.Leaves.Select(leaf => new RewardDistributor.Claim(leaf.Index, leaf.Account, leaf.Cumulative, leaf.PrefixSum, BigInteger.Pow(2, 256) - 1, reward.Proof(leaf.Index))).ToList();
            await network.Chain.SendAsync(network.Admin, network.Deployment.Distributor, new RewardDistributor.ClaimManyCall(claims));
            await network.Chain.SendAsync(network.Admin, network.Deployment.Credits, Draw(charge));

            foreach (var leaf in reward.Leaves) Assert.Equal(leaf.Cumulative, await network.AskAsync(network.Deployment.Distributor, new RewardDistributor.ClaimedCall(leaf.Account)));
            foreach (var leaf in charge.Leaves) Assert.Equal(leaf.Cumulative, await network.AskAsync(network.Deployment.Credits, new CreditsContract.DrawnOfCall(leaf.Account)));
        }
        Assert.Equal(0, await network.AskAsync(network.Deployment.Token, new NetworkToken.BalanceOfCall(network.Deployment.Distributor)));
    }

    [Fact]
    public async Task Leaf_with_anything_changed_is_refused()
    {
        await using var network = await StartAsync();
        var tree = Tree(Enumerable.Range(0, 5).ToDictionary(Account, account => (UInt128)(100 + account)));
        await CloseEpochAsync(network, 1, tree, tree);
        var (leaf, proof) = (tree.Leaves[3], tree.Proof(3));

        Assert.Null(await RefusalAsync(network, leaf, proof));
        foreach (var wrong in new[]
        {
            leaf with { Index = 2 }, leaf with { Account = Account(77) }, leaf with { Cumulative = leaf.Cumulative + 1 },
            leaf with { PrefixSum = leaf.PrefixSum - leaf.Cumulative }, // the sum without the leaf's own amount
        })
            Assert.Contains("InvalidProof", await RefusalAsync(network, wrong, proof), StringComparison.Ordinal);
        Assert.Contains("InvalidProof", await RefusalAsync(network, leaf, tree.Proof(2)), StringComparison.Ordinal);
        Assert.Contains("InvalidProof", await RefusalAsync(network, leaf, proof[..^1]), StringComparison.Ordinal);
    }

    private static async Task<string?> RefusalAsync(TestNetwork network, RewardLeaf leaf, Bytes32[] proof)
    {
        var claim = new RewardDistributor.ClaimCall(leaf.Index, leaf.Account, leaf.Cumulative, leaf.PrefixSum, leaf.Cumulative, proof);
        var draw = new CreditsContract.DrawCall([new CreditsContract.Leaf(leaf.Index, leaf.Account, leaf.Cumulative, leaf.PrefixSum)], [proof]);
        var claimed = await Record.ExceptionAsync(() => network.AskAsync(network.Deployment.Distributor, claim));
        var drawn = await Record.ExceptionAsync(() => network.Chain.Client.CallAsync(new CallRequest { To = network.Deployment.Credits, Data = draw.Encode() }, BlockReference.Latest, TestContext.Current.CancellationToken));
        Assert.Equal(claimed is null, drawn is null);
        return claimed is null ? null : claimed.Message + drawn!.Message;
    }

    private static async Task<TestNetwork> StartAsync()
    {
        var network = await TestNetwork.DeployAsync(LedgerStateTests.Blueprint());
        var (at, holder) = (network.Deployment, network.Blueprint.AddressOf(new Blueprints.AccountReference("holders")));
        foreach (var account in new[] { holder, network.Admin }) await network.Chain.FundAsync(account);
        await network.Chain.SendAsync(holder, at.Token, new NetworkToken.ApproveCall(at.Credits, BigInteger.Pow(2, 256) - 1));
        for (var account = 0; account < Sizes.Max(); account++) await network.Chain.SendAsync(holder, at.Credits, new CreditsContract.BuyAndDepositCall(Account(account), BigInteger.Pow(10, 18), 1));
        return network;
    }

    /// <summary>Settles an epoch with these trees and activates it.</summary>
    private static async Task CloseEpochAsync(TestNetwork network, ulong epoch, RewardTree rewards, RewardTree charges)
    {
        var (at, settlement) = (network.Deployment, network.Deployment.Settlement);
        var before = await network.AskAsync(settlement, new EpochSettlement.CumulativeRewardsCall());
        var oracles = (await network.FollowAsync()).Read(state => state.OraclesAt(new EpochNumber(epoch)));
        var report = new EpochSettlement.EpochReport(
            at.NetworkId, oracles.ConfigDigest, epoch, 0, await network.AskAsync(settlement, new EpochSettlement.LastReportHashCall()), Bytes32.Zero, Bytes32.Zero,
            await network.AskAsync(settlement, new EpochSettlement.RulesAtCall(epoch)), Bytes32.Zero, rewards.Root, rewards.Total, rewards.Total - before, charges.Root, charges.Total);
        var keys = Enumerable.Range(0, oracles.Oracles.Count).Select(TestNetwork.KeyOf).ToDictionary(key => key.Address);
        var quorum = TestNetwork.Sign(oracles, new SigningDomain(at.ChainId, settlement).Report(report), keys, [1, 3]);
        var settledAt = DevelopmentChain.Genesis + 100 + (long)epoch * 100 + 30;
        await network.Chain.SetNextTimestampAsync(settledAt);
        await network.Chain.SendAsync(network.Admin, settlement, new EpochSettlement.SettleCall(report, quorum.Signers, quorum.Signatures));
        await network.Chain.SetNextTimestampAsync(settledAt + 20);
        await network.Chain.SendAsync(network.Admin, settlement, new EpochSettlement.ActivateCall(report));
    }

    private static CreditsContract.DrawCall Draw(RewardTree tree) => new(
        [.. tree.Leaves.Select(leaf => new CreditsContract.Leaf(leaf.Index, leaf.Account, leaf.Cumulative, leaf.PrefixSum))], [.. tree.Leaves.Select(leaf => tree.Proof(leaf.Index))]);

    private static RewardTree Tree(Dictionary<Address, UInt128> amounts) => RewardTree.Build(amounts.Select(entry => (entry.Key, entry.Value)));

    private static Address Account(int number) => TestNetwork.KeyOf(600 + number).Address;
}
