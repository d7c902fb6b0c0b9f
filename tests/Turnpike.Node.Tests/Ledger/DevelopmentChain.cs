using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Turnpike.Core;
using Turnpike.Evm.Abi;
using Turnpike.Evm.Rpc;
using Turnpike.Node.Local;

namespace Turnpike.Node.Tests.Ledger;

/// <summary>A real anvil that mines each transaction at once, whose clock the test drives, and which sends from any account without its key. Skips the test where anvil is not installed.</summary>
internal sealed class DevelopmentChain : IAsyncDisposable
{
    /// <summary>Unix seconds of the genesis block.</summary>
    public const long Genesis = 1_900_000_000;

    // Below the 2^24 that EIP-7825 allows one transaction.
    private const ulong GasLimit = 16_000_000;

    private readonly LocalChain _chain;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    private DevelopmentChain(LocalChain chain)
    {
        _chain = chain;
        Client = new EthereumClient(new JsonRpcClient(_http, chain.Rpc, new JsonRpcOptions { CustomErrors = ContractErrors.Known }));
    }

    public EthereumClient Client { get; }

    public Uri Address => _chain.Rpc;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<DevelopmentChain> StartAsync()
    {
        try
        {
            LocalChain.FindAnvil();
        }
        catch (LocalChainException absent)
        {
            Assert.Skip(absent.Message);
        }
        var chain = new DevelopmentChain(await LocalChain.StartAsync(new LocalChainOptions { GenesisTime = Genesis }, Stop));
        await chain.DoAsync("anvil_autoImpersonateAccount", true);
        return chain;
    }

    public Task<JsonElement> DoAsync(string method, params JsonNode?[] parameters) =>
        Client.Rpc.CallAsync(new RpcCall(method, new JsonArray(parameters)) { IsIdempotent = false }, Stop);

    public Task FundAsync(Address account) => DoAsync("anvil_setBalance", account.ToString(), "0x21e19e0c9bab2400000");

    /// <summary>The next block has this timestamp.</summary>
    public Task SetNextTimestampAsync(long unixSeconds) => DoAsync("evm_setNextBlockTimestamp", unixSeconds);

    /// <summary>Mines an empty block of that timestamp.</summary>
    public async Task MineAtAsync(long unixSeconds)
    {
        await SetNextTimestampAsync(unixSeconds);
        await DoAsync("evm_mine");
    }

    public async Task<BlockHeader> HeadAsync() => await Client.BlockAsync(BlockReference.Latest, Stop) ?? throw new InvalidOperationException("The chain has no block.");

    /// <summary>What a contract answers at the newest block.</summary>
    public Task<T> AskAsync<T>(Address contract, IContractCall<T> call) => Client.CallAsync(contract, call, BlockReference.Latest, Stop);

    /// <summary>Sends from any account and waits for the block; fails the test with the contract's reason when it reverts.</summary>
    public async Task<TransactionReceipt> SendAsync(Address from, Address to, IContractCall call)
    {
        var data = call.Encode();
        var hash = Bytes32.Parse((await DoAsync("eth_sendTransaction", TransactionOf(from, to, data))).GetString());
        var receipt = await ReceiptAsync(hash);
        if (receipt.Succeeded) return receipt;
        var reason = await Record.ExceptionAsync(() => Client.CallAsync(new CallRequest { From = from, To = to, Data = data }, BlockReference.Latest, Stop));
        throw new InvalidOperationException($"{call.GetType().Name} from {from} reverted: {reason?.Message ?? "but no longer does"}");
    }

    /// <summary>A transaction as the node's own accounts send it.</summary>
    public static JsonObject TransactionOf(Address from, Address? to, ReadOnlyMemory<byte> data)
    {
        var transaction = new JsonObject { ["from"] = from.ToString(), ["data"] = Hex.Format(data.Span), ["gas"] = "0x" + GasLimit.ToString("x", null) };
        if (to is { } callee) transaction["to"] = callee.ToString();
        return transaction;
    }

    /// <summary>Waits for the block that holds a transaction: anvil answers before it has mined.</summary>
    public async Task<TransactionReceipt> ReceiptAsync(Bytes32 hash)
    {
        TransactionReceipt? receipt = null;
        await UntilAsync(async () => (receipt = await Client.ReceiptAsync(hash, Stop)) is not null, () => $"no receipt of {hash}");
        return receipt!;
    }

    /// <summary>Waits until a condition holds; says the state after 30 s.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> state)
    {
        for (var start = Stopwatch.GetTimestamp(); !await condition();)
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(30)) Assert.Fail("Waited 30 s: " + state());
            await Task.Delay(2, Stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _chain.DisposeAsync();
        _http.Dispose();
    }
}
