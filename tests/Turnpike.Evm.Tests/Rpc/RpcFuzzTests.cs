using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core;
using Turnpike.Evm.Rpc;

namespace Turnpike.Evm.Tests.Rpc;

/// <summary>Whatever bytes an endpoint answers, callers see a result or <see cref="RpcException"/>.</summary>
public sealed class RpcFuzzTests
{
    private const string Hash = "0x26863452b940d79e497b9dd24975411facdb31a64de27a689e5ef6370c91b772";
    private const string Word = "\"blockHash\":\"" + Hash + "\",\"transactionHash\":\"" + Hash + "\",\"blockNumber\":\"0x1\",\"transactionIndex\":\"0x0\"";
    private const string Log = "{\"address\":\"0x1111111111111111111111111111111111111111\",\"topics\":[\"" + Hash + "\"],\"data\":\"0x00\",\"logIndex\":\"0x0\",\"removed\":false," + Word + "}";

    private static readonly string[] Seeds =
    [
        "\"0x10\"",
        "\"0x\"",
        "null",
        "{\"number\":\"0x1\",\"hash\":\"" + Hash + "\",\"parentHash\":\"" + Hash + "\",\"timestamp\":\"0x6b003475\",\"gasUsed\":\"0x0\",\"gasLimit\":\"0x1c9c380\",\"baseFeePerGas\":\"0x3b9aca00\",\"mixHash\":\"" + Hash + "\"}",
        "{\"oldestBlock\":\"0x0\",\"baseFeePerGas\":[\"0x1\",\"0x2\"],\"gasUsedRatio\":[0.5],\"reward\":[[\"0x1\"]]}",
        "{\"from\":\"0x1111111111111111111111111111111111111111\",\"to\":null,\"contractAddress\":null,\"status\":\"0x1\",\"gasUsed\":\"0x5208\",\"effectiveGasPrice\":\"0x1\",\"logs\":[" + Log + "]," + Word + "}",
        "[" + Log + "]",
    ];

    private static readonly string[] Fragments = ["null", "{}", "[]", "\"\\ud800\"", "-1", "1e999", "\"0x\"", "\"0x0g\"", "\"0x00\"", "true", "\"0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\"", "{\"code\":3,\"data\":\"0x08c379a0ff\"}", "\"\\u0000\"", ","];

    private static readonly Func<EthereumClient, Task>[] Calls =
    [
        c => c.ChainIdAsync(default),
        c => c.BlockAsync(BlockReference.Latest, default),
        c => c.BlocksAsync(1, 3, default),
        c => c.BalanceAsync(Address.Zero, BlockReference.At(1), default),
        c => c.CodeAsync(Address.Zero, BlockReference.Latest, default),
        c => c.CallAsync(new CallRequest { To = Address.Zero }, BlockReference.Latest, default),
        c => c.FeeHistoryAsync(1, BlockReference.Latest, [50], default),
        c => c.SendRawTransactionAsync(new byte[] { 1 }, default),
        c => c.ReceiptAsync(Bytes32.Parse(Hash), default),
        c => c.LogsAsync(new LogFilter(), 0, 10, default),
        c => c.LogsAsync(new LogFilter(), [Bytes32.Parse(Hash)], default),
        c => new FeeEstimator(c).SuggestAsync(default),
    ];

    [Fact]
    public void Random_bytes_give_only_RpcException() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<int>(), (bytes, pick) => Survives(bytes ?? [], pick)));

    [Fact]
    public void Mutated_answers_give_only_RpcException() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<int>(), (seed, pick) => Survives(Mutated(new Random(HashCode.Combine(seed, pick))), pick)));

    private static byte[] Mutated(Random random)
    {
        var isError = random.Next(6) == 0;
        var body = isError ? "{\"code\":-32000,\"message\":\"execution reverted\",\"data\":\"0x4e487b71\"}" : Seeds[random.Next(Seeds.Length)];
        var reply = $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"{(isError ? "error" : "result")}\":{body}}}";
        if (random.Next(3) == 0) reply = "[" + reply + "]";
        for (var i = random.Next(4); i > 0; i--)
        {
            // Replaces one JSON value by another, so that most mutants still parse and reach the readers.
            var at = reply.IndexOf(':', random.Next(reply.Length));
            if (at < 0) continue;
            var end = reply.IndexOfAny([',', '}', ']'], at);
            if (end > 0) reply = reply[..(at + 1)] + Fragments[random.Next(Fragments.Length)] + reply[end..];
        }
        var bytes = Encoding.UTF8.GetBytes(reply);
        for (var i = random.Next(3); i > 0 && bytes.Length > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(8) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static bool Survives(byte[] answer, int pick)
    {
        using var http = new HttpClient(new Fixed(answer));
        var client = new EthereumClient(new JsonRpcClient(http, new Uri("http://node.test/"), new JsonRpcOptions { MaxAttempts = 1 }));
        try
        {
            Calls[(uint)pick % Calls.Length](client).GetAwaiter().GetResult();
        }
        catch (RpcException)
        {
            // The documented way out.
        }
        catch (IntentRefusedException e) when (e.Refusal == IntentRefusal.FeeAboveCap)
        {
            // A mutated fee may be above the cap.
        }
        return true;
    }

    // Thousands of answers: bytes go straight into the HTTP client, without a socket.
    private sealed class Fixed(byte[] answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(answer) });
    }
}
