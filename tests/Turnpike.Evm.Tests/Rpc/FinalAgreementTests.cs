using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Turnpike.Core;
using Turnpike.Evm.Rpc;

namespace Turnpike.Evm.Tests.Rpc;

/// <summary>What is final, read through several endpoints of which one is down, late, of another chain, without the tag, or lies. A real node behind each.</summary>
public sealed class FinalAgreementTests : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly ConcurrentQueue<EndpointAlert> _alerts = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Endpoints_that_agree_give_the_lower_of_their_final_blocks()
    {
        await using var anvil = await AnvilAsync();
        await using var behind = new Proxy(anvil.Address) { Change = (request, answer) => IsFinal(request) ? BlockAsync(anvil, request, 12) : answer };
        await using var ahead = new Proxy(anvil.Address);
        Assert.Equal(12UL, (await Join(ahead, behind).BlockAsync(BlockReference.Finalized, Stop))!.Number);
        Assert.Empty(_alerts);
    }

    [Fact]
    public async Task Endpoint_that_lies_about_a_final_block_stops_signing_until_it_agrees_again()
    {
        await using var anvil = await AnvilAsync();
        var lies = true;
        await using var honest = new Proxy(anvil.Address);
        await using var liar = new Proxy(anvil.Address)
        {
            Change = (_, answer) =>
            {
                if (lies && answer["result"] is JsonObject block) block["hash"] = Keccak256.Hash("another"u8).ToString();
                return answer;
            },
        };
        var chain = Join(honest, liar);
        for (var i = 0; i < 2; i++) await Assert.ThrowsAsync<RpcDisagreementException>(() => chain.BlockAsync(BlockReference.Finalized, Stop));
        var alert = Assert.Single(_alerts);
        Assert.Equal(EndpointAlertCode.Disagreeing, alert.Code);
        Assert.Contains("Nothing is signed", alert.Message, StringComparison.Ordinal);
        // What needs no agreement goes on.
        Assert.Equal(30UL, await chain.BlockNumberAsync(Stop));
        lies = false;
        Assert.NotNull(await chain.BlockAsync(BlockReference.Finalized, Stop));
        Assert.Equal(EndpointAlertCode.Recovered, _alerts.Last().Code);
    }

    [Fact]
    public async Task Endpoint_that_is_down_is_left_out_and_told_once_unless_more_answers_are_wanted()
    {
        await using var anvil = await AnvilAsync();
        await using var well = new Proxy(anvil.Address);
        await using var down = new Proxy { Rule = _ => Proxy.Answer.Dropped };
        var chain = Join(down, well);
        for (var i = 0; i < 3; i++) Assert.NotNull(await chain.BlockAsync(BlockReference.Finalized, Stop));
        Assert.Equal(EndpointAlertCode.Failing, Assert.Single(_alerts).Code);
        var strict = Join(new EndpointsOptions { ChainId = 31337, FinalQuorum = 2, OnAlert = _alerts.Enqueue }, down, well);
        await Assert.ThrowsAsync<RpcException>(() => strict.BlockAsync(BlockReference.Finalized, Stop));
    }

    [Fact]
    public async Task Endpoint_far_ahead_of_one_other_leaves_it_not_out()
    {
        await using var anvil = await AnvilAsync();
        await anvil.MineAsync(300);
        await using var honest = new Proxy(anvil.Address) { Change = (request, answer) => IsFinal(request) ? BlockAsync(anvil, request, 5) : answer };
        await using var ahead = new Proxy(anvil.Address);
        Assert.Equal(5ul, (await Join(ahead, honest).BlockAsync(BlockReference.Finalized, Stop))!.Number);
        Assert.Equal(EndpointAlertCode.Lagging, Assert.Single(_alerts).Code);
    }

    [Fact]
    public async Task Endpoint_far_behind_two_others_holds_up_nobody()
    {
        await using var anvil = await AnvilAsync();
        await anvil.MineAsync(300);
        await using var stuck = new Proxy(anvil.Address) { Change = (request, answer) => IsFinal(request) ? BlockAsync(anvil, request, 5) : answer };
        await using var well = new Proxy(anvil.Address);
        await using var other = new Proxy(anvil.Address);
        Assert.True((await Join(stuck, well, other).BlockAsync(BlockReference.Finalized, Stop))!.Number > 300);
        Assert.Equal(EndpointAlertCode.Lagging, Assert.Single(_alerts).Code);
    }

    [Fact]
    public async Task Endpoint_of_another_chain_is_refused_at_the_start_and_asked_nothing_later()
    {
        await using var anvil = await AnvilAsync();
        await using var right = new Proxy(anvil.Address);
        await using var wrong = new Proxy(anvil.Address) { Rule = request => Proxy.Method(request) == "eth_chainId" ? new Proxy.Answer(Proxy.Result(request, "0x1")) : null };
        var chain = Join(wrong, right);
        var refused = await Assert.ThrowsAsync<RpcException>(() => ((JsonRpcEndpoints)chain.Rpc).RequireChainAsync(Stop));
        Assert.Equal(RpcFault.WrongChain, refused.Fault);
        Assert.Contains("of chain 1, the network is on chain 31337", refused.Message, StringComparison.Ordinal);
        var asked = wrong.Requests;
        Assert.Equal(30UL, await chain.BlockNumberAsync(Stop));
        Assert.NotNull(await chain.BlockAsync(BlockReference.Finalized, Stop));
        Assert.Equal(asked, wrong.Requests);
        Assert.Equal(EndpointAlertCode.WrongChain, Assert.Single(_alerts).Code);
        Assert.Equal(RpcFault.EndpointTrouble, (await Assert.ThrowsAsync<RpcException>(() => Join(wrong).BlockNumberAsync(Stop))).Fault);
    }

    [Theory]
    [InlineData(-32602, "invalid block tag")]
    [InlineData(-39001, "Unknown block")]
    [InlineData(0, "null")]
    public async Task Endpoint_without_the_tag_counts_confirmations(int code, string message)
    {
        await using var anvil = await AnvilAsync();
        await anvil.MineAsync(50); // the head is 80
        await using var old = new Proxy(anvil.Address)
        {
            Rule = request => !IsFinal(request) ? null : new Proxy.Answer(code == 0 ? Proxy.Result(request, null) : Proxy.Error(request, code, message)),
        };
        var chain = Join(new EndpointsOptions { ChainId = 31337, ConfirmationsWithoutTag = 20, OnAlert = _alerts.Enqueue }, old);
        Assert.Equal(60UL, (await chain.BlockAsync(BlockReference.Finalized, Stop))!.Number);
        Assert.Null(await Join(new EndpointsOptions { ChainId = 31337, ConfirmationsWithoutTag = 81 }, old).BlockAsync(BlockReference.Finalized, Stop));
        Assert.Equal(EndpointAlertCode.NoFinalizedTag, Assert.Single(_alerts).Code);
    }

    [Fact]
    public async Task Reorganisation_of_what_was_final_is_told()
    {
        await using var anvil = await AnvilAsync();
        await using var proxy = new Proxy(anvil.Address);
        var chain = Join(proxy);
        Assert.NotNull(await chain.BlockAsync(BlockReference.Finalized, Stop));
        await anvil.ReorganiseAsync(12);
        await anvil.MineAsync(3);
        Assert.NotNull(await chain.BlockAsync(BlockReference.Finalized, Stop));
        Assert.Equal(EndpointAlertCode.FinalityBroken, Assert.Single(_alerts).Code);
    }

    [Fact]
    public async Task Quota_that_names_a_time_rests_the_endpoint_so_long()
    {
        await using var anvil = await AnvilAsync();
        var clock = new FakeClock();
        await using var busy = new Proxy { Rule = _ => new Proxy.Answer(default(ReadOnlyMemory<byte>), 429) { RetryAfter = "120" } };
        await using var well = new Proxy(anvil.Address);
        var endpoints = new JsonRpcEndpoints([.. new[] { busy, well }.Select(proxy => new JsonRpcClient(_http, proxy.Address, new JsonRpcOptions { MaxAttempts = 1 }, clock))], clock);
        var chain = new EthereumClient(endpoints);
        Assert.Equal(30UL, await chain.BlockNumberAsync(Stop));
        clock.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(30UL, await chain.BlockNumberAsync(Stop));
        Assert.Equal(1, busy.Requests);
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(30UL, await chain.BlockNumberAsync(Stop));
        Assert.Equal(2, busy.Requests);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<Anvil> AnvilAsync()
    {
        var anvil = await Anvil.StartAsync("--slots-in-an-epoch", "2");
        await anvil.MineAsync(30);
        return anvil;
    }

    private static bool IsFinal(JsonNode request) => Proxy.Method(request) == "eth_getBlockByNumber" && (string?)request["params"]![0] == "finalized";

    private static JsonNode BlockAsync(Anvil anvil, JsonNode request, int number) =>
        Proxy.Result(request, JsonNode.Parse(anvil.DoAsync("eth_getBlockByNumber", "0x" + number.ToString("x", CultureInfo.InvariantCulture), false).GetAwaiter().GetResult().GetRawText()));

    private EthereumClient Join(params Proxy[] proxies) => Join(new EndpointsOptions { ChainId = 31337, OnAlert = _alerts.Enqueue }, proxies);

    private EthereumClient Join(EndpointsOptions options, params Proxy[] proxies) =>
        new(new JsonRpcEndpoints([.. proxies.Select(proxy => new JsonRpcClient(_http, proxy.Address, new JsonRpcOptions { MaxAttempts = 1, FirstDelay = TimeSpan.FromMilliseconds(1) }))], options: options));
}
