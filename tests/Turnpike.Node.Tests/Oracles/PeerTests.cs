using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Node.Deploy;
using Turnpike.Node.Oracle.Peers;

namespace Turnpike.Node.Tests.Oracles;

/// <summary>Requests between nodes: who may ask, what a thief of a request gains, what a man in the middle can do.</summary>
public sealed class PeerTests : IDisposable
{
    private const string Path = "v1/oracle/rounds/7/0";
    private readonly ManualTime _time = new();
    private readonly Secp256k1PrivateKey _asking = Secp256k1PrivateKey.Generate();
    private readonly Secp256k1PrivateKey _answering = Secp256k1PrivateKey.Generate();
    private readonly Secp256k1PrivateKey _strange = Secp256k1PrivateKey.Generate();
    private readonly Telemetry.NodeMeters _meters = new();
    private readonly Wire _wire = new();

    public PeerTests() => _wire.Gate = new PeerGate(Node(), new LocalDigestSigner(_answering), new PeerOptions { Burst = 5, RequestsPerSecond = 1 });

    [Fact]
    public async Task Member_is_answered_and_the_answer_is_the_asked_ones()
    {
        var reply = await AskAsync(_asking, "{\"a\":1}");
        Assert.True(reply!.Value.IsGiven);
        Assert.True(reply.Value.TryRead<string>(out var heard));
        Assert.Equal($"{_asking.Address} {{\"a\":1}}", heard);
    }

    [Theory]
    [InlineData("stranger", 9004)]
    [InlineData("unsigned", 9001)]
    [InlineData("garbage", 9001)]
    [InlineData("query", 9001)]
    [InlineData("body", 9003)]
    [InlineData("path", 9003)]
    [InlineData("method", 9003)]
    [InlineData("sender", 9003)]
    [InlineData("nonce", 9003)]
    [InlineData("receiver", 9003)]
    [InlineData("network", 9003)]
    [InlineData("time", 9003)]
    [InlineData("old", 9002)]
    [InlineData("future", 9002)]
    [InlineData("far", 9002)]
    public async Task Request_that_is_not_its_senders_fresh_own_to_this_node_is_refused(string what, int code)
    {
        _wire.OnRequest = request => Alter(request, what);
        if (what is "receiver") _wire.Gate = new PeerGate(Node(), new LocalDigestSigner(_strange), new PeerOptions());
        if (what is "network") _wire.Gate = new PeerGate(Node(network: 2), new LocalDigestSigner(_answering), new PeerOptions());
        await AskAsync(what == "stranger" ? _strange : _asking, "{}");
        Assert.Contains($"\"code\":{code}", _wire.LastAnswer, StringComparison.Ordinal);
        Assert.Equal(0, _wire.Handled);
    }

    [Fact]
    public async Task Request_taken_down_and_sent_again_is_refused()
    {
        await AskAsync(_asking, "{}");
        var (status, _, _) = await _wire.DeliverAsync(_wire.LastRequest!);
        Assert.Equal(409, status);
        Assert.Contains("\"code\":9005", _wire.LastAnswer, StringComparison.Ordinal);
        Assert.Equal(1, _wire.Handled);
        // Nor when nobody remembers it any more: then it is stale.
        _time.Advance(TimeSpan.FromMinutes(5));
        await AskAsync(_asking, "{}");
        await _wire.DeliverAsync(_wire.AllRequests[0]);
        Assert.Contains("\"code\":9002", _wire.LastAnswer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sender_has_an_allowance_that_only_his_own_key_uses_up()
    {
        _wire.OnRequest = request => Alter(request, "sender");
        for (var i = 0; i < 20; i++) await AskAsync(_strange, "{}");
        _wire.OnRequest = null;
        for (var i = 0; i < 5; i++) Assert.True((await AskAsync(_asking, "{}"))!.Value.IsGiven);
        Assert.Equal(9006, (await AskAsync(_asking, "{}"))!.Value.Code);
        // Asking on does not starve him: what came back meanwhile is his.
        for (var i = 0; i < 9; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            Assert.Equal(9006, (await AskAsync(_asking, "{}"))!.Value.Code);
        }
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.True((await AskAsync(_asking, "{}"))!.Value.IsGiven);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("body")]
    [InlineData("signature")]
    [InlineData("none")]
    [InlineData("other")]
    public async Task Answer_that_the_asked_one_did_not_give_to_this_request_is_no_answer(string what)
    {
        var other = "";
        _wire.OnAnswer = answer => other = answer.Signature;
        await AskAsync(_asking, "{}");
        _wire.OnAnswer = answer =>
        {
            if (what == "status") answer.Status = 409;
            if (what == "body") answer.Body = "\"something else\""u8.ToArray();
            if (what == "signature") answer.Signature = Hex.Format(Secp256k1.Sign(Bytes32.Zero, _strange).ToCompact());
            if (what == "none") answer.Signature = "";
            if (what == "other") answer.Signature = other;
        };
        Assert.Null(await AskAsync(_asking, "{}"));
    }

    [Fact]
    public async Task Peer_that_fails_hangs_or_floods_is_silent()
    {
        _wire.OnRequest = _ => throw new HttpRequestException("refused");
        Assert.Null(await AskAsync(_asking, "{}"));
        _wire.OnRequest = _ => throw new InvalidOperationException("what nobody foresaw");
        Assert.Null(await AskAsync(_asking, "{}"));
        _wire.OnRequest = null;
        _wire.OnAnswer = answer => answer.Body = new byte[2 * 1024 * 1024];
        Assert.Null(await AskAsync(_asking, "{}"));
        _wire.OnAnswer = null;
        _wire.Hangs = true;
        Assert.Null(await AskAsync(_asking, "{}", TimeSpan.FromMilliseconds(50)));
    }

    public void Dispose()
    {
        foreach (var key in new[] { _asking, _answering, _strange }) key.Dispose();
        _wire.Dispose();
        _meters.Dispose();
    }

    private async Task<PeerReply?> AskAsync(Secp256k1PrivateKey key, string body, TimeSpan? limit = null)
    {
        _wire.Members = [_asking.Address];
        var client = new PeerClient(Node(), new LocalDigestSigner(key), new PeerOptions(), NullLogger<PeerClient>.Instance);
        return await client.AskAsync(HttpMethod.Post, _answering.Address, "http://oracle.test", Path, Encoding.UTF8.GetBytes(body), limit ?? TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private void Alter(Sent request, string what)
    {
        var (headers, now) = (request.Headers, _time.GetUtcNow().ToUnixTimeMilliseconds());
        if (what == "unsigned") headers.Remove(PeerStamp.SignatureHeader);
        if (what == "garbage") headers[PeerStamp.TimeHeader] = "-1";
        if (what == "query") request.Query = "?a=1";
        if (what == "body") request.Body = "{ }"u8.ToArray();
        if (what == "path") request.Path = "/v1/oracle/rounds/7/1";
        if (what == "method") request.Method = "PUT";
        if (what == "sender") headers[PeerStamp.SenderHeader] = (headers[PeerStamp.SenderHeader] == _asking.Address.ToString() ? _strange : _asking).Address.ToString();
        if (what == "sender") _wire.Members = [_asking.Address, _strange.Address];
        if (what == "nonce") headers[PeerStamp.NonceHeader] = "1";
        if (what == "time") headers[PeerStamp.TimeHeader] = (now + 1).ToString(null, null);
        if (what == "old") headers[PeerStamp.TimeHeader] = (now - 31_000).ToString(null, null);
        if (what == "future") headers[PeerStamp.TimeHeader] = (now + 31_000).ToString(null, null);
        if (what == "far") headers[PeerStamp.TimeHeader] = long.MaxValue.ToString(null, null);
    }

    private NodeContext Node(byte network = 1)
    {
        var address = new Address(Enumerable.Repeat(network, 20).ToArray());
        var deployment = new NetworkDeployment { Name = "peers", ChainId = 1, FirstBlock = 0, Token = address, Emissions = address, PriceFeed = address, Credits = address, Registry = address, Settlement = address, Distributor = address };
        return new NodeContext
        {
            Folder = new NetworkFolder("unused"),
            Network = new NetworkFile(deployment, new Uri("http://chain.test"), new Uri("http://node.test"), "peers"),
            Chain = new EthereumClient(new JsonRpcClient(_wire.Http, new Uri("http://chain.test"))),
            History = new LedgerHistory(deployment),
            Parameters = [],
            Pack = null!,
            Time = _time,
            Http = _wire.Http,
            Options = new global::Turnpike.Node.Settings.NodeOptions(),
            Watch = new global::Turnpike.Node.Operations.NodeWatch(_time),
            Meters = _meters,
        };
    }

    /// <summary>A request on its way.</summary>
    private sealed class Sent
    {
        public required string Method { get; set; }

        public required string Path { get; set; }

        public string Query { get; set; } = "";

        public required Dictionary<string, string> Headers { get; init; }

        public required byte[] Body { get; set; }
    }

    /// <summary>An answer on its way.</summary>
    private sealed class Given
    {
        public int Status { get; set; }

        public byte[] Body { get; set; } = [];

        public string Signature { get; set; } = "";
    }

    /// <summary>The way between asker and door, on which the test may change everything.</summary>
    private sealed class Wire : HttpMessageHandler
    {
        public Wire() => Http = new HttpClient(this, disposeHandler: false);

        public HttpClient Http { get; }

        public PeerGate Gate { get; set; } = null!;

        public IReadOnlyList<Address> Members { get; set; } = [];

        public Action<Sent>? OnRequest { get; set; }

        public Action<Given>? OnAnswer { get; set; }

        public bool Hangs { get; set; }

        public int Handled { get; private set; }

        public List<Sent> AllRequests { get; } = [];

        public Sent? LastRequest => AllRequests[^1];

        public string LastAnswer { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Hangs) await Task.Delay(Timeout.Infinite, cancellationToken);
            var sent = new Sent
            {
                Method = request.Method.Method,
                Path = request.RequestUri!.AbsolutePath,
                Headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.Single()),
                Body = await request.Content!.ReadAsByteArrayAsync(cancellationToken),
            };
            OnRequest?.Invoke(sent);
            AllRequests.Add(sent);
            var (status, body, signature) = await DeliverAsync(sent);
            var given = new Given { Status = status, Body = body, Signature = signature };
            OnAnswer?.Invoke(given);
            var answer = new HttpResponseMessage((System.Net.HttpStatusCode)given.Status) { Content = new ByteArrayContent(given.Body) };
            if (given.Signature.Length > 0) answer.Headers.Add(PeerStamp.SignatureHeader, given.Signature);
            return answer;
        }

        public async Task<(int Status, byte[] Body, string Signature)> DeliverAsync(Sent sent)
        {
            using var written = new MemoryStream();
            var http = new DefaultHttpContext();
            (http.Request.Method, http.Request.Path, http.Request.QueryString, http.Request.Body, http.Response.Body) = (sent.Method, sent.Path, new QueryString(sent.Query), new MemoryStream(sent.Body), written);
            foreach (var (name, value) in sent.Headers) http.Request.Headers[name] = value;
            await Gate.HandleAsync(http, Members.Contains, (sender, body, _) =>
            {
                Handled++;
                return Task.FromResult(PeerReply.Of($"{sender} {Encoding.UTF8.GetString(body.Span)}"));
            });
            LastAnswer = Encoding.UTF8.GetString(written.ToArray());
            return (http.Response.StatusCode, written.ToArray(), http.Response.Headers[PeerStamp.SignatureHeader].ToString());
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) Http.Dispose();
            base.Dispose(disposing);
        }
    }
}
