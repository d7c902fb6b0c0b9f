using System.Text.Json.Nodes;
using Turnpike.Evm.Rpc;
using Turnpike.Evm.Tests.Rpc;
using Turnpike.Ledger;

namespace Turnpike.Node.Tests.Ledger;

/// <summary>Two endpoints of which one leaves out, invents or alters a log: nothing final is given before it is found.</summary>
public sealed class LedgerAgreementTests : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Endpoints_with_equal_logs_give_the_final_block_each_block_compared_once()
    {
        await using var network = await LiveAsync();
        await using var one = new Proxy(network.Chain.Address);
        await using var other = new Proxy(network.Chain.Address);
        var history = await network.FollowAsync();
        var chain = Join(history, one, other);
        var final = await chain.BlockAsync(BlockReference.Finalized, Stop);
        Assert.Equal((await network.Chain.Client.BlockAsync(BlockReference.Finalized, Stop))!.Hash, final!.Hash);
        var asked = other.Requests;
        await chain.BlockAsync(BlockReference.Finalized, Stop);
        Assert.True(other.Requests - asked <= 2, "what was compared is not compared again");
    }

    [Theory]
    [InlineData("leaves out")]
    [InlineData("alters")]
    [InlineData("invents")]
    public async Task Endpoint_that_lies_about_logs_is_found(string how)
    {
        await using var network = await LiveAsync();
        await using var honest = new Proxy(network.Chain.Address);
        await using var liar = new Proxy(network.Chain.Address) { Change = (request, answer) => Lie(request, answer, how) };
        var history = await network.FollowAsync();
        var error = await Assert.ThrowsAsync<RpcDisagreementException>(() => Join(history, honest, liar).BlockAsync(BlockReference.Finalized, Stop));
        Assert.Equal(liar.Address.Authority, error.SecondEndpoint);
        Assert.Contains("logs of the network in block", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ledger_that_was_built_from_the_liar_is_found_by_the_honest_one()
    {
        await using var network = await LiveAsync();
        await using var honest = new Proxy(network.Chain.Address);
        await using var liar = new Proxy(network.Chain.Address) { Change = (request, answer) => Lie(request, answer, "leaves out") };
        var history = new LedgerHistory(network.Deployment);
        var head = await network.Chain.HeadAsync();
        await new LedgerFollower(Over(liar), history, new ChainFollowerOptions { To = FollowTo.Latest, ByHashDistance = 0, PollInterval = TimeSpan.FromMilliseconds(5) }).RunUntilAsync(head.Number, Stop);
        var error = await Assert.ThrowsAsync<RpcDisagreementException>(() => Join(history, liar, honest).BlockAsync(BlockReference.Finalized, Stop));
        Assert.Equal("what this node read", error.FirstEndpoint);
    }

    [Fact]
    public async Task Final_block_is_given_only_as_far_as_the_ledger_has_come()
    {
        await using var network = await LiveAsync();
        await using var one = new Proxy(network.Chain.Address);
        await using var other = new Proxy(network.Chain.Address);
        var history = await network.FollowAsync();
        var reached = history.Block!.Number;
        for (var i = 0; i < 20; i++) await network.Chain.DoAsync("evm_mine");
        Assert.Equal(reached, (await Join(history, one, other).BlockAsync(BlockReference.Finalized, Stop))!.Number);
    }

    public void Dispose() => _http.Dispose();

    private static JsonNode Lie(JsonNode request, JsonNode answer, string how)
    {
        // Only in ranges: what a liar says of the newest blocks is asked by hash, and here it is to lie of old ones.
        if (Proxy.Method(request) != "eth_getLogs" || answer["result"] is not JsonArray { Count: > 2 } logs) return answer;
        if (how == "leaves out") logs.RemoveAt(1);
        else if (how == "alters") logs[1]!["data"] = "0x" + new string('f', 64);
        else
        {
            var invented = logs[1]!.DeepClone();
            invented["logIndex"] = "0xfff";
            logs.Add(invented);
        }
        return answer;
    }

    private static async Task<TestNetwork> LiveAsync()
    {
        var network = await TestNetwork.DeployAsync(LedgerStateTests.Blueprint());
        var life = new NetworkLife(network, 3);
        await life.BeginAsync();
        for (var i = 0; i < 20; i++) await life.StepAsync();
        for (var i = 0; i < 4; i++) await network.Chain.DoAsync("evm_mine");
        return network;
    }

    private EthereumClient Over(Proxy proxy) => new(new JsonRpcClient(_http, proxy.Address));

    private EthereumClient Join(LedgerHistory history, params Proxy[] proxies) =>
        ChainEndpoints.Join([.. proxies.Select(proxy => new JsonRpcClient(_http, proxy.Address))], history, TimeProvider.System, null);
}
