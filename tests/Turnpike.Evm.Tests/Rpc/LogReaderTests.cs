using System.Globalization;
using System.Text.Json.Nodes;
using Turnpike.Core;
using Turnpike.Evm.Abi;
using Turnpike.Evm.Rpc;

namespace Turnpike.Evm.Tests.Rpc;

public sealed class LogReaderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(-32005, "query returned more than 10000 results", 16UL)]
    [InlineData(-32602, "range 100 exceeds limit of 7", 7UL)]
    [InlineData(-32000, "block range is too wide", 1UL)]
    public async Task Range_that_the_provider_refuses_is_halved_until_it_passes(int code, string message, ulong limit)
    {
        await using var anvil = await Anvil.StartAsync();
        var expected = await EmitAsync(anvil, 40);
        var widest = 0UL;
        await using var proxy = new Proxy(anvil.Address)
        {
            Rule = request =>
            {
                if (Width(request) is not { } width) return null;
                if (width > limit) return new Proxy.Answer(Proxy.Error(request, code, message));
                widest = Math.Max(widest, width);
                return null;
            },
        };
        using var http = new HttpClient();
        var logs = await ReadAllAsync(new LogReader(EthereumClientTests.Over(http, proxy)), 0, 100);
        Assert.Equal(expected, logs.Select(log => log.TransactionHash));
        Assert.True(widest <= limit);
        Assert.Equal(logs.OrderBy(log => (log.BlockNumber, log.LogIndex)), logs);
    }

    [Fact]
    public async Task Answer_that_is_too_large_or_too_slow_is_halved()
    {
        await using var anvil = await Anvil.StartAsync();
        var expected = await EmitAsync(anvil, 12);
        var slow = true;
        await using var proxy = new Proxy(anvil.Address) { Rule = request => slow && Width(request) > 50 ? new Proxy.Answer(Proxy.Result(request, new JsonArray())) { Delay = TimeSpan.FromSeconds(5) } : null };
        using var http = new HttpClient();
        var options = new JsonRpcOptions { MaxResponseBytes = 3000, Timeout = TimeSpan.FromMilliseconds(500), MaxAttempts = 1 };
        Assert.Equal(expected, (await ReadAllAsync(new LogReader(EthereumClientTests.Over(http, proxy, options)), 0, 100)).Select(log => log.TransactionHash));
    }

    [Fact]
    public async Task Refusal_of_a_single_block_is_thrown()
    {
        await using var proxy = new Proxy { Rule = request => new Proxy.Answer(Proxy.Error(request, -32005, "query returned more than 10000 results")) };
        using var http = new HttpClient();
        Assert.Equal(RpcFault.RangeRefused, (await Assert.ThrowsAsync<RpcException>(() => ReadAllAsync(new LogReader(EthereumClientTests.Over(http, proxy)), 0, 1023))).Fault);
        Assert.Equal(11, proxy.Requests);
    }

    [Fact]
    public async Task Width_grows_again_after_a_run_of_successes_and_never_beyond_the_limit()
    {
        var widths = new List<ulong>();
        await using var proxy = new Proxy
        {
            Rule = request =>
            {
                widths.Add(Width(request)!.Value);
                return new Proxy.Answer(widths.Count == 1 ? Proxy.Error(request, -32005, "query returned more than 10000 results") : Proxy.Result(request, new JsonArray()));
            },
        };
        using var http = new HttpClient();
        await ReadAllAsync(new LogReader(EthereumClientTests.Over(http, proxy), 8), 0, 99);
        Assert.Equal([8UL, .. Enumerable.Repeat(4UL, 16), 8UL, 8UL, 8UL, 8UL, 4UL], widths);
    }

    [Fact]
    public async Task Range_up_to_the_highest_number_ends()
    {
        await using var proxy = new Proxy { Rule = request => new Proxy.Answer(Proxy.Result(request, new JsonArray())) };
        using var http = new HttpClient();
        Assert.Empty(await ReadAllAsync(new LogReader(EthereumClientTests.Over(http, proxy), 10), ulong.MaxValue - 25, ulong.MaxValue));
        Assert.Equal(3, proxy.Requests);
    }

    [Theory]
    [InlineData("address", "0x00000000000000000000000000000000000000ff")]
    [InlineData("blockNumber", "0x3e8")]
    [InlineData("logIndex", "0x7")]
    [InlineData("removed", "true")]
    [InlineData("topics", "none")]
    public async Task Log_that_was_not_asked_for_is_malformed(string field, string lie)
    {
        await using var anvil = await Anvil.StartAsync();
        await EmitAsync(anvil, 3);
        using var deployer = Anvil.Key(1);
        var emitter = ContractAddress.Create(deployer.Address, 0);
        await using var proxy = new Proxy(anvil.Address)
        {
            Change = (_, answer) =>
            {
                var logs = answer["result"]!.AsArray();
                if (field == "logIndex") logs.Add(logs[0]!.DeepClone());
                else if (field == "removed") logs[1]!["removed"] = true;
                else if (field == "topics") logs[1]!["topics"] = new JsonArray();
                else logs[1]![field] = lie;
                return answer;
            },
        };
        using var http = new HttpClient();
        var error = await Assert.ThrowsAsync<RpcException>(() => ReadAllAsync(new LogReader(EthereumClientTests.Over(http, proxy)), 0, 100, emitter));
        Assert.Equal(RpcFault.Malformed, error.Fault);
    }

    private static readonly Bytes32 Topic = Keccak256.Hash("read"u8);

    private static async Task<List<Bytes32>> EmitAsync(Anvil anvil, int count)
    {
        var emitter = await anvil.DeployAsync(Anvil.Code.Emitter);
        await anvil.AutomineAsync(false);
        var hashes = new List<Bytes32>();
        for (var i = 0; i < count; i++)
        {
            hashes.Add(await anvil.SendUnlockedAsync(0, emitter, (byte[])[.. Topic.ToArray(), .. new byte[32]]));
            if (i % 3 == 2) await anvil.MineAsync();
        }
        await anvil.MineAsync(100);
        return hashes;
    }

    private static async Task<List<LogEntry>> ReadAllAsync(LogReader reader, ulong from, ulong to, params Address[] addresses)
    {
        var logs = new List<LogEntry>();
        await foreach (var log in reader.ReadAsync(new LogFilter { Addresses = addresses, Topics = [[Topic]] }, from, to, Stop)) logs.Add(log);
        return logs;
    }

    private static ulong? Width(JsonNode request)
    {
        if (Proxy.Method(request) != "eth_getLogs") return null;
        var filter = request["params"]![0]!;
        return Number(filter["toBlock"]) - Number(filter["fromBlock"]) + 1;
    }

    private static ulong Number(JsonNode? quantity) => ulong.Parse(((string)quantity!)[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
