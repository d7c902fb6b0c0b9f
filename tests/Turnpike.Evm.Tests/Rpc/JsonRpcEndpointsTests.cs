using System.Text.Json.Nodes;
using Turnpike.Evm.Rpc;

namespace Turnpike.Evm.Tests.Rpc;

public sealed class JsonRpcEndpointsTests : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Proxy _first = new() { Rule = request => new Proxy.Answer(Proxy.Result(request, "0x1")) };
    private readonly Proxy _second = new() { Rule = request => new Proxy.Answer(Proxy.Result(request, "0x2")) };
    private readonly Proxy _third = new() { Rule = request => new Proxy.Answer(Proxy.Result(request, "0x1")) };
    private readonly FakeClock _clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_go_to_the_first_endpoint_while_it_is_well()
    {
        var endpoints = new EthereumClient(Endpoints(_first, _second));
        for (var i = 0; i < 3; i++) Assert.Equal(1UL, await endpoints.BlockNumberAsync(Stop));
        Assert.Equal(0, _second.Requests);
    }

    [Fact]
    public async Task Failed_endpoint_is_passed_over_for_a_while_and_then_tried_again()
    {
        var well = _first.Rule;
        _first.Rule = _ => Proxy.Answer.Dropped;
        var endpoints = new EthereumClient(Endpoints(_first, _second));
        Assert.Equal(2UL, await endpoints.BlockNumberAsync(Stop));
        var asked = _first.Requests;
        Assert.Equal(2UL, await endpoints.BlockNumberAsync(Stop));
        Assert.Equal(asked, _first.Requests);
        _first.Rule = well;
        _clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(1UL, await endpoints.BlockNumberAsync(Stop));
    }

    [Fact]
    public async Task Write_is_not_moved_to_another_endpoint()
    {
        _first.Rule = _ => new Proxy.Answer(default(ReadOnlyMemory<byte>), 503);
        var endpoints = Endpoints(_first, _second);
        await Assert.ThrowsAsync<RpcException>(() => endpoints.CallAsync(new RpcCall("evm_mine", []) { IsIdempotent = false }, Stop));
        Assert.Equal((1, 0), (_first.Requests, _second.Requests));
    }

    [Fact]
    public async Task Refusal_by_a_node_is_an_answer_and_not_shopped_around()
    {
        _first.Rule = request => new Proxy.Answer(Proxy.Error(request, 3, "execution reverted"));
        Assert.Equal(RpcFault.Reverted, (await Assert.ThrowsAsync<RpcException>(() => Endpoints(_first, _second).CallAsync(new RpcCall("eth_call", []), Stop))).Fault);
        Assert.Equal(0, _second.Requests);
    }

    [Fact]
    public async Task All_endpoints_down_gives_the_last_fault()
    {
        _first.Rule = _second.Rule = _ => Proxy.Answer.Dropped;
        Assert.Equal(RpcFault.Transport, (await Assert.ThrowsAsync<RpcException>(() => new EthereumClient(Endpoints(_first, _second)).BlockNumberAsync(Stop))).Fault);
    }

    [Fact]
    public async Task Quorum_accepts_equal_answers()
    {
        Assert.Equal(1UL, await Agree(Endpoints(_first, _third)));
        Assert.Equal((1, 1), (_first.Requests, _third.Requests));
    }

    [Fact]
    public async Task Quorum_that_disagrees_names_both_answers()
    {
        var error = await Assert.ThrowsAsync<RpcDisagreementException>(() => Agree(Endpoints(_first, _second, _third)));
        Assert.Equal(RpcFault.Disagreement, error.Fault);
        Assert.Equal(("height 1", "height 2"), (error.FirstAnswer, error.SecondAnswer));
        Assert.Equal((_first.Address.Authority, _second.Address.Authority), (error.FirstEndpoint, error.SecondEndpoint));
        Assert.Contains("height 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quorum_replaces_an_endpoint_that_fails_but_never_does_with_fewer()
    {
        _first.Rule = _ => Proxy.Answer.Dropped;
        _second.Rule = _third.Rule;
        Assert.Equal(1UL, await Agree(Endpoints(_first, _second, _third)));
        _second.Rule = _ => Proxy.Answer.Dropped;
        Assert.Equal(RpcFault.Transport, (await Assert.ThrowsAsync<RpcException>(() => Agree(Endpoints(_first, _second, _third)))).Fault);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Agree(Endpoints(_third)));
    }

    [Fact]
    public async Task Node_that_lies_about_a_block_is_found_out_by_an_honest_one()
    {
        await using var anvil = await Anvil.StartAsync();
        await anvil.MineAsync(3);
        await using var liar = new Proxy(anvil.Address)
        {
            Change = (_, answer) =>
            {
                if (answer["result"] is JsonObject block) block["timestamp"] = "0x1";
                return answer;
            },
        };
        await using var honest = new Proxy(anvil.Address);
        var read = (EthereumClient client, CancellationToken stop) => client.BlockAsync(BlockReference.At(2), stop);
        var error = await Assert.ThrowsAsync<RpcDisagreementException>(() => Endpoints(honest, liar).AgreeAsync(read, header => header?.ToString() ?? "none", Stop));
        Assert.Contains("Timestamp = 1,", error.SecondAnswer, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _third.DisposeAsync();
        _http.Dispose();
    }

    private static Task<ulong> Agree(JsonRpcEndpoints endpoints) => endpoints.AgreeAsync((client, stop) => client.BlockNumberAsync(stop), height => $"height {height}", Stop);

    private JsonRpcEndpoints Endpoints(params Proxy[] proxies) =>
        new([.. proxies.Select(proxy => new JsonRpcClient(_http, proxy.Address, new JsonRpcOptions { MaxAttempts = 2 }, _clock))], _clock);
}
