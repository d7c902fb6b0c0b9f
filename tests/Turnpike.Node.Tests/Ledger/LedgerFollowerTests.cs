using System.Text.Json.Nodes;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;

namespace Turnpike.Node.Tests.Ledger;

public sealed class LedgerFollowerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Reorganisation_leaves_no_trace(int depth)
    {
        await using var network = await LiveAsync();
        var (life, history) = (new NetworkLife(network, depth), new LedgerHistory(network.Deployment));
        await life.BeginAsync();
        for (var i = 0; i < 30; i++) await life.StepAsync();
        await network.FollowAsync(history);
        var before = history.StateAt(ulong.MaxValue);
        var old = history.Block!;

        // The new branch holds one transaction, which the old one did not.
        var call = new EpochSettlement.AddGatewayCall(network.Admin, "https://new-branch.example");
        await network.Chain.DoAsync("anvil_reorg", depth, new JsonArray(new JsonArray(DevelopmentChain.TransactionOf(network.Admin, network.Deployment.Settlement, call.Encode()), 0)));
        await network.Chain.DoAsync("evm_mine");
        await network.FollowAsync(history);

        var fresh = await network.FollowAsync();
        Assert.Equal(old.Number + 1, history.Block!.Number);
        Assert.NotEqual(old.Hash, (await network.Chain.Client.BlockAsync(BlockReference.At(old.Number), Stop))!.Hash);
        Assert.Equal(history.Read(LedgerText.Of), fresh.Read(LedgerText.Of));
        Assert.Equal("https://new-branch.example", history.Read(state => state.Gateways[network.Admin]));
        Assert.NotEqual(LedgerText.Of(before), history.Read(LedgerText.Of));
        for (var number = network.Deployment.FirstBlock + 10; number <= history.Block.Number; number++)
            Assert.Equal(LedgerText.Of(history.StateAt(number)), LedgerText.Of(fresh.StateAt(number)));
        Assert.Equal(fresh.RecentBlocks.TakeLast(20), history.RecentBlocks.TakeLast(20));
    }

    [Fact]
    public async Task State_at_an_old_block_is_what_the_head_was_then()
    {
        await using var network = await LiveAsync();
        var (life, history) = (new NetworkLife(network, 9), new LedgerHistory(network.Deployment));
        await life.BeginAsync();
        var then = new Dictionary<ulong, string>();
        for (var i = 0; i < 60; i++)
        {
            await life.StepAsync();
            await network.FollowAsync(history);
            then[history.Block!.Number] = history.Read(LedgerText.Of);
        }

        Assert.Equal(60, then.Count);
        foreach (var (number, text) in then) Assert.Equal(text, LedgerText.Of(history.StateAt(number)));
    }

    // The copy is the caller's: what follows does not change it.
    [Fact]
    public async Task State_that_was_handed_out_stays_as_it_was()
    {
        await using var network = await LiveAsync();
        var life = new NetworkLife(network, 3);
        await life.BeginAsync();
        var history = await network.FollowAsync();
        var state = history.StateAt(ulong.MaxValue);
        var text = LedgerText.Of(state);
        for (var i = 0; i < 20; i++) await life.StepAsync();
        await network.FollowAsync(history);

        Assert.Equal(text, LedgerText.Of(state));
        Assert.NotEqual(text, history.Read(LedgerText.Of));
    }

    [Fact]
    public async Task Follower_started_again_takes_up_where_the_history_stands()
    {
        await using var network = await LiveAsync();
        var life = new NetworkLife(network, 4);
        await life.BeginAsync();
        var history = await network.FollowAsync();
        for (var i = 0; i < 10; i++) await life.StepAsync();
        await network.Chain.DoAsync("anvil_reorg", 3, new JsonArray());
        await network.Chain.DoAsync("evm_mine");

        await network.FollowAsync(history);
        Assert.Equal((await network.FollowAsync()).Read(LedgerText.Of), history.Read(LedgerText.Of));
    }

    private static Task<TestNetwork> LiveAsync() => TestNetwork.DeployAsync(LedgerStateTests.Blueprint());
}
