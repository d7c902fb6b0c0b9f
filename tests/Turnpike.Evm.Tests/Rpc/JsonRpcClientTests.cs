using System.Text;
using System.Text.Json.Nodes;
using Turnpike.Evm.Abi;
using Turnpike.Evm.Rpc;
using static Turnpike.Evm.Tests.Rpc.Proxy;

namespace Turnpike.Evm.Tests.Rpc;

public sealed class JsonRpcClientTests : IAsyncDisposable
{
    private static readonly RpcCall Read = new("eth_blockNumber", []);
    private static readonly RpcCall Write = new("evm_mine", []) { IsIdempotent = false };

    private readonly Proxy _proxy = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly FakeClock _clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_is_JSON_RPC_2_0_with_an_id_that_never_repeats()
    {
        var seen = new List<JsonNode>();
        _proxy.Rule = request =>
        {
            seen.Add(request.DeepClone());
            return new Answer(Result(request, "0x10"));
        };
        var client = Client();
        Assert.Equal("0x10", (await client.CallAsync(new RpcCall("eth_call", [new JsonObject { ["to"] = "0x00" }, "latest"]), Stop)).GetString());
        await client.CallAsync(Read, Stop);
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{"to":"0x00"},"latest"]}""", seen[0].ToJsonString());
        Assert.Equal(2, (int)seen[1]["id"]!);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":2,"result":"0x1"}""", "id 2")]
    [InlineData("""{"jsonrpc":"2.0","id":"1","result":"0x1"}""", "numeric id")]
    [InlineData("""{"jsonrpc":"2.0","result":"0x1"}""", "numeric id")]
    [InlineData("""{"jsonrpc":"1.0","id":1,"result":"0x1"}""", "2.0")]
    [InlineData("""{"id":1,"result":"0x1"}""", "2.0")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""", "neither")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":"0x1","error":{"code":1,"message":"x"}}""", "both")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"message":"no code"}}""", "code")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":"text"}""", "code")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":"0x1","result":"0x2"}""", "not JSON")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":"0x1"} trailing""", "not JSON")]
    [InlineData("""[]""", "numeric id")]
    [InlineData("null", "numeric id")]
    [InlineData("", "not JSON")]
    [InlineData("<html>busy</html>", "not JSON")]
    public async Task Answer_that_breaks_the_protocol_is_malformed(string body, string detail)
    {
        _proxy.Rule = _ => new Answer(Encoding.UTF8.GetBytes(body));
        var error = await Assert.ThrowsAsync<RpcException>(() => Client().CallAsync(Read, Stop));
        Assert.Equal(RpcFault.Malformed, error.Fault);
        Assert.Contains(detail, error.Message, StringComparison.Ordinal);
        Assert.Equal(1, _proxy.Requests);
    }

    [Fact]
    public async Task Answer_above_the_size_limit_is_refused()
    {
        _proxy.Rule = request => new Answer(Result(request, new string('a', 5000)));
        var error = await Assert.ThrowsAsync<RpcException>(() => Client(new JsonRpcOptions { MaxResponseBytes = 4096 }).CallAsync(Read, Stop));
        Assert.Equal(RpcFault.ResponseTooLarge, error.Fault);
    }

    [Fact]
    public async Task Slow_answer_is_a_timeout_and_not_a_cancellation()
    {
        _proxy.Rule = request => new Answer(Result(request, "0x1")) { Delay = TimeSpan.FromSeconds(20) };
        var client = new JsonRpcClient(_http, _proxy.Address, new JsonRpcOptions { Timeout = TimeSpan.FromMilliseconds(100), MaxAttempts = 1 });
        Assert.Equal(RpcFault.Timeout, (await Assert.ThrowsAsync<RpcException>(() => client.CallAsync(Read, Stop))).Fault);

        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var patient = Client().CallAsync(Read, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => patient);
    }

    [Fact]
    public async Task Trouble_is_retried_after_doubling_pauses_for_idempotent_calls()
    {
        var answers = new Queue<Func<JsonNode, Answer>>([_ => Answer.Dropped, r => new Answer(Result(r, "0x5")) { IsCutShort = true }, _ => new Answer(default(ReadOnlyMemory<byte>), 503), r => new Answer(Error(r, 429, "slow down")), r => new Answer(Result(r, "0x5"))]);
        _proxy.Rule = request => answers.Dequeue()(request);
        Assert.Equal("0x5", (await Client(new JsonRpcOptions { MaxAttempts = 5 }).CallAsync(Read, Stop)).GetString());
        Assert.Equal([250, 500, 1000, 2000], _clock.Pauses.Select(pause => pause.TotalMilliseconds));
    }

    [Fact]
    public async Task Retry_after_is_honoured_within_the_longest_pause()
    {
        var asked = new Queue<string?>(["7", "3600", null]);
        _proxy.Rule = request => asked.Dequeue() is { } seconds ? new Answer(default(ReadOnlyMemory<byte>), 429) { RetryAfter = seconds } : new Answer(Result(request, "0x5"));
        await Client().CallAsync(Read, Stop);
        Assert.Equal([7, 10], _clock.Pauses.Select(pause => pause.TotalSeconds));
    }

    [Fact]
    public async Task Retries_end_with_the_last_fault()
    {
        _proxy.Rule = _ => new Answer(default(ReadOnlyMemory<byte>), 502);
        var error = await Assert.ThrowsAsync<RpcException>(() => Client().CallAsync(Read, Stop));
        Assert.Equal((RpcFault.EndpointTrouble, 502, 4), (error.Fault, error.Code, _proxy.Requests));
    }

    [Fact]
    public async Task Call_that_is_not_idempotent_is_sent_once_whatever_happens()
    {
        foreach (var answer in new Answer[] { Answer.Dropped, new(default(ReadOnlyMemory<byte>), 429), new(default(ReadOnlyMemory<byte>), 503) })
        {
            var before = _proxy.Requests;
            _proxy.Rule = _ => answer;
            Assert.True((await Assert.ThrowsAsync<RpcException>(() => Client().CallAsync(Write, Stop))).IsTransient);
            Assert.Equal(before + 1, _proxy.Requests);
        }
    }

    [Fact]
    public async Task Status_of_a_wrong_key_is_not_retried_and_a_proper_error_inside_is_used()
    {
        _proxy.Rule = _ => new Answer("denied"u8.ToArray(), 401);
        var error = await Assert.ThrowsAsync<RpcException>(() => Client().CallAsync(Read, Stop));
        Assert.Equal((RpcFault.HttpStatus, 401), (error.Fault, error.Code));
        _proxy.Rule = request => new Answer(Encoding.UTF8.GetBytes(Error(request, -32601, "no such method").ToJsonString()), 400);
        Assert.Equal(RpcFault.MethodUnsupported, (await Assert.ThrowsAsync<RpcException>(() => Client().CallAsync(Read, Stop))).Fault);
    }

    [Fact]
    public async Task Refused_connection_is_transport_and_names_no_secret()
    {
        var client = new JsonRpcClient(_http, new Uri("http://user:pass@127.0.0.1:1/v3/secret-key?token=other"), new JsonRpcOptions { MaxAttempts = 1 });
        var error = await Assert.ThrowsAsync<RpcException>(() => client.CallAsync(Read, Stop));
        Assert.Equal(RpcFault.Transport, error.Fault);
        Assert.Equal("127.0.0.1:1", error.Endpoint);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pass", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0x08c379a00000000000000000000000000000000000000000000000000000000000000020000000000000000000000000000000000000000000000000000000000000000568656c6c6f000000000000000000000000000000000000000000000000000000", RevertKind.Message, "hello")]
    [InlineData("0x4e487b710000000000000000000000000000000000000000000000000000000000000011", RevertKind.Panic, "Panic 0x11: arithmetic overflow or underflow")]
    [InlineData("0x1cdde67b", RevertKind.Custom, "Closed()")]
    [InlineData("0x55667788", RevertKind.Unknown, "Unknown error 0x55667788")]
    [InlineData("0x", RevertKind.Empty, "The contract gave no reason.")]
    public async Task Revert_is_decoded(string data, RevertKind kind, string text)
    {
        var options = new JsonRpcOptions { CustomErrors = [AbiError.Parse("Closed()")] };
        JsonNode[] forms = [data, new JsonObject { ["data"] = data, ["message"] = "x" }, "Reverted " + data];
        foreach (var form in forms)
        {
            _proxy.Rule = request => new Answer(Error(request, 3, "execution reverted", form.DeepClone()));
            var error = await Assert.ThrowsAsync<RpcException>(() => Client(options).CallAsync(new RpcCall("eth_call", []), Stop));
            Assert.Equal((RpcFault.Reverted, kind, text), (error.Fault, error.Revert!.Kind, error.Revert.Text));
        }
    }

    [Fact]
    public async Task Batch_is_split_by_size_and_replies_may_come_in_any_order()
    {
        var sizes = new List<int>();
        _proxy.Rule = request =>
        {
            sizes.Add(request.AsArray().Count);
            return new Answer(new JsonArray([.. request.AsArray().Reverse().Select(call => (string)call!["method"]! == "bad" ? Error(call, -32000, "no") : Result(call, (string)call["method"]!))]));
        };
        var calls = Enumerable.Range(0, 25).Select(i => new RpcCall(i == 7 ? "bad" : "m" + i, [])).ToArray();
        var replies = await Client(new JsonRpcOptions { MaxBatchCalls = 10 }).BatchAsync(calls, Stop);
        Assert.Equal([10, 10, 5], sizes);
        Assert.Equal(RpcFault.Refused, replies[7].Error!.Fault);
        for (var i = 0; i < 25; i++)
        {
            if (i != 7) Assert.Equal("m" + i, replies[i].Result.GetString());
        }
    }

    [Fact]
    public async Task Batch_refused_whole_is_halved_until_it_passes()
    {
        _proxy.Rule = request => request.AsArray().Count > 3
            ? new Answer(Error(new JsonObject { ["id"] = null }, -32600, "batch too large"))
            : new Answer(new JsonArray([.. request.AsArray().Select(call => Result(call!, (string)call!["method"]!))]));
        var replies = await Client().BatchAsync([.. Enumerable.Range(0, 10).Select(i => new RpcCall("m" + i, []))], Stop);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => "m" + i), replies.Select(reply => reply.Result.GetString()));
    }

    [Fact]
    public async Task Batch_repeats_only_the_idempotent_calls_that_failed_for_now()
    {
        var rounds = new List<string[]>();
        _proxy.Rule = request =>
        {
            rounds.Add([.. request.AsArray().Select(call => (string)call!["method"]!)]);
            return new Answer(new JsonArray([.. request.AsArray().Select(call => (string)call!["method"]! != "good" && rounds.Count == 1 ? Error(call, 429, "slow down") : Result(call, "0x1"))]));
        };
        var replies = await Client().BatchAsync([new("good", []), new("again", []), new("once", []) { IsIdempotent = false }], Stop);
        Assert.Equal([["good", "again", "once"], ["again"]], rounds);
        Assert.Equal([null, null, RpcFault.RateLimited], replies.Select(reply => reply.Error?.Fault));
    }

    [Theory]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"result":1}]""", "no reply")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"result":1},{"jsonrpc":"2.0","id":1,"result":1}]""", "two replies")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"result":1},{"jsonrpc":"2.0","id":3,"result":1}]""", "not asked for")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":1}""", "no array")]
    [InlineData("""[1,2]""", "not asked for")]
    public async Task Batch_answer_that_does_not_fit_is_malformed(string body, string detail)
    {
        _proxy.Rule = _ => new Answer(Encoding.UTF8.GetBytes(body));
        var error = await Assert.ThrowsAsync<RpcException>(() => Client().BatchAsync([Read, Read], Stop));
        Assert.Equal(RpcFault.Malformed, error.Fault);
        Assert.Contains(detail, error.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _http.Dispose();
    }

    private JsonRpcClient Client(JsonRpcOptions? options = null) => new(_http, _proxy.Address, options, _clock);
}
