using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Turnpike.Core;
using Turnpike.Evm.Abi;

namespace Turnpike.Evm.Rpc;

/// <summary>
/// Ethereum's execution API with types. Every method throws <see cref="RpcException"/> and nothing else for what an endpoint may do; a missing block or receipt is null.
/// Safe for any number of threads.
/// </summary>
public sealed class EthereumClient(IJsonRpc rpc)
{
    /// <summary>Where the calls go.</summary>
    public IJsonRpc Rpc { get; } = rpc;

    /// <summary>The chain's number (EIP-155).</summary>
    public Task<ulong> ChainIdAsync(CancellationToken cancellationToken) => AskAsync(new("eth_chainId", []), Number, cancellationToken);

    /// <summary>Height of the latest block.</summary>
    public Task<ulong> BlockNumberAsync(CancellationToken cancellationToken) => AskAsync(new("eth_blockNumber", []), Number, cancellationToken);

    /// <summary>The header of a block; null when the endpoint has no such block.</summary>
    public Task<BlockHeader?> BlockAsync(BlockReference block, CancellationToken cancellationToken) => AskAsync(BlockCall(block), result => Header(result, block), cancellationToken);

    /// <summary>The canonical headers from one height to another, both included, in batches; null where the endpoint has none.</summary>
    public Task<IReadOnlyList<BlockHeader?>> BlocksAsync(ulong from, ulong to, CancellationToken cancellationToken)
    {
        if (to < from || to - from >= int.MaxValue) throw new ArgumentOutOfRangeException(nameof(to), $"{from} to {to} is no range.");
        var blocks = Enumerable.Range(0, (int)(to - from) + 1).Select(i => BlockReference.At(from + (ulong)i)).ToArray();
        return AskAllAsync(Array.ConvertAll(blocks, BlockCall), (result, i) => Header(result, blocks[i]), cancellationToken);
    }

    /// <summary>Wei held.</summary>
    public Task<BigInteger> BalanceAsync(Address account, BlockReference block, CancellationToken cancellationToken) =>
        AskAsync(new("eth_getBalance", [account.ToString(), block.ToJson()]), BigNumber, cancellationToken);

    /// <summary>The code at an address; empty for none.</summary>
    public Task<byte[]> CodeAsync(Address account, BlockReference block, CancellationToken cancellationToken) =>
        AskAsync(new("eth_getCode", [account.ToString(), block.ToJson()]), Bytes, cancellationToken);

    /// <summary>Transactions sent by an account, so its next nonce; at <see cref="BlockReference.Pending"/> those waiting without a gap are counted.</summary>
    public Task<ulong> TransactionCountAsync(Address account, BlockReference block, CancellationToken cancellationToken) =>
        AskAsync(new("eth_getTransactionCount", [account.ToString(), block.ToJson()]), Number, cancellationToken);

    /// <summary>Executes without a transaction and gives what it returns.</summary>
    public Task<byte[]> CallAsync(CallRequest request, BlockReference block, CancellationToken cancellationToken) =>
        AskAsync(new("eth_call", [request.ToJson(), block.ToJson()]), Bytes, cancellationToken);

    /// <summary>Calls a contract's function and reads what it returns; a result of another form, also that of an address without code, is a malformed answer.</summary>
    public Task<TResult> CallAsync<TResult>(Address contract, IContractCall<TResult> call, BlockReference block, CancellationToken cancellationToken)
    {
        var request = new CallRequest { To = contract, Data = call.Encode() };
        return AskAsync(new("eth_call", [request.ToJson(), block.ToJson()]), result => call.ReadResult(Bytes(result)), cancellationToken);
    }

    /// <summary>Gas that the request would use as a transaction.</summary>
    public Task<ulong> EstimateGasAsync(CallRequest request, BlockReference block, CancellationToken cancellationToken) =>
        AskAsync(new("eth_estimateGas", [request.ToJson(), block.ToJson()]), Number, cancellationToken);

    /// <summary>The node's suggestion for a legacy gas price, wei.</summary>
    public Task<BigInteger> GasPriceAsync(CancellationToken cancellationToken) => AskAsync(new("eth_gasPrice", []), BigNumber, cancellationToken);

    /// <summary>Fees of the newest <paramref name="blocks"/> blocks up to <paramref name="newest"/>, with tips at the percentiles (0 to 100, rising).</summary>
    public Task<FeeHistory> FeeHistoryAsync(int blocks, BlockReference newest, IReadOnlyList<double> percentiles, CancellationToken cancellationToken) =>
        AskAsync(new("eth_feeHistory", [RpcJson.Quantity((ulong)blocks), newest.ToString(), new JsonArray([.. percentiles.Select(p => JsonValue.Create(p))])]), FeeHistory.Read, cancellationToken);

    /// <summary>Publishes a signed transaction, once: no retry and no fail-over, so that the caller knows which answer belongs to which sending. Gives the hash, which must be that of the bytes.</summary>
    public async Task<Bytes32> SendRawTransactionAsync(ReadOnlyMemory<byte> raw, CancellationToken cancellationToken)
    {
        var hash = Keccak256.Hash(raw.Span);
        var call = new RpcCall("eth_sendRawTransaction", [Hex.Format(raw.Span)]) { IsIdempotent = false };
        var answered = await AskAsync(call, result => RpcJson.Hash(result, "transaction hash"), cancellationToken);
        return answered == hash ? hash : throw Malformed(call.Method, $"the node names the transaction {answered}, its bytes hash to {hash}");
    }

    /// <summary>Whether the endpoint knows each of the transactions, pending or mined.</summary>
    public Task<IReadOnlyList<bool>> KnowTransactionsAsync(IReadOnlyList<Bytes32> transactions, CancellationToken cancellationToken) =>
        AskAllAsync([.. transactions.Select(hash => new RpcCall("eth_getTransactionByHash", [hash.ToString()]))], (result, _) => result.ValueKind != JsonValueKind.Null, cancellationToken);

    /// <summary>The receipt of a mined transaction; null while it is not mined.</summary>
    public Task<TransactionReceipt?> ReceiptAsync(Bytes32 transaction, CancellationToken cancellationToken) => AskAsync(ReceiptCall(transaction), result => Receipt(result, transaction), cancellationToken);

    /// <summary>The receipts of several transactions, in batches.</summary>
    public Task<IReadOnlyList<TransactionReceipt?>> ReceiptsAsync(IReadOnlyList<Bytes32> transactions, CancellationToken cancellationToken) =>
        AskAllAsync([.. transactions.Select(ReceiptCall)], (result, i) => Receipt(result, transactions[i]), cancellationToken);

    /// <summary>Logs of canonical blocks from one height to another, both included, in one query; see <see cref="LogReader"/> for wide ranges.</summary>
    public Task<IReadOnlyList<LogEntry>> LogsAsync(LogFilter filter, ulong from, ulong to, CancellationToken cancellationToken) =>
        AskAsync(new("eth_getLogs", [filter.ToJson(from, to)]), result => Logs(result, filter, log => log.BlockNumber >= from && log.BlockNumber <= to), cancellationToken);

    /// <summary>Logs of exactly one block; fails where the endpoint does not have it.</summary>
    public Task<IReadOnlyList<LogEntry>> LogsAsync(LogFilter filter, Bytes32 block, CancellationToken cancellationToken) =>
        AskAsync(LogsCall(filter, block), result => Logs(result, filter, log => log.BlockHash == block), cancellationToken);

    /// <summary>Logs of several blocks by hash, in batches.</summary>
    public Task<IReadOnlyList<IReadOnlyList<LogEntry>>> LogsAsync(LogFilter filter, IReadOnlyList<Bytes32> blocks, CancellationToken cancellationToken) =>
        AskAllAsync([.. blocks.Select(block => LogsCall(filter, block))], (result, i) => Logs(result, filter, log => log.BlockHash == blocks[i]), cancellationToken);

    private static RpcCall BlockCall(BlockReference block) => new(block.Hash is null ? "eth_getBlockByNumber" : "eth_getBlockByHash", [block.ToString(), false]);

    private static RpcCall ReceiptCall(Bytes32 transaction) => new("eth_getTransactionReceipt", [transaction.ToString()]);

    private static RpcCall LogsCall(LogFilter filter, Bytes32 block) => new("eth_getLogs", [filter.ToJson(block)]);

    private static ulong Number(JsonElement result) => RpcJson.Number(result, "result");

    private static BigInteger BigNumber(JsonElement result) => RpcJson.BigNumber(result, "result");

    private static byte[] Bytes(JsonElement result) => RpcJson.Bytes(result, "result");

    private static BlockHeader? Header(JsonElement result, BlockReference asked)
    {
        if (result.ValueKind == JsonValueKind.Null) return null;
        var header = BlockHeader.Read(result);
        return (asked.Number ?? header.Number) == header.Number && (asked.Hash ?? header.Hash) == header.Hash ? header : throw new FormatException($"block {header.Point} is not the one asked for, {asked}");
    }

    private static TransactionReceipt? Receipt(JsonElement result, Bytes32 asked)
    {
        var receipt = TransactionReceipt.Read(result);
        return receipt is null || receipt.TransactionHash == asked ? receipt : throw new FormatException($"the receipt is that of {receipt.TransactionHash}, not of {asked}");
    }

    // Sorted here, so that callers may rely on (block, index) whatever the server does; a repeated index within a block can only be a broken answer.
    private static IReadOnlyList<LogEntry> Logs(JsonElement result, LogFilter filter, Predicate<LogEntry> isInside)
    {
        var logs = RpcJson.Array(result, "logs", LogFilter.ReadLog);
        foreach (var log in logs)
        {
            if (!isInside(log) || !filter.Matches(log)) throw new FormatException($"log {log.LogIndex} of block {log.BlockNumber} was not asked for");
        }
        Array.Sort(logs, static (a, b) => a.BlockNumber != b.BlockNumber ? a.BlockNumber.CompareTo(b.BlockNumber) : a.LogIndex.CompareTo(b.LogIndex));
        for (var i = 1; i < logs.Length; i++)
        {
            if (logs[i - 1].BlockNumber != logs[i].BlockNumber) continue;
            if (logs[i - 1].LogIndex == logs[i].LogIndex) throw new FormatException($"log {logs[i].LogIndex} of block {logs[i].BlockNumber} comes twice");
            if (logs[i - 1].BlockHash != logs[i].BlockHash) throw new FormatException($"block {logs[i].BlockNumber} has two hashes in one answer");
        }
        return logs;
    }

    private async Task<T> AskAsync<T>(RpcCall call, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        var result = await Rpc.CallAsync(call, cancellationToken);
        return Read(call, result, read);
    }

    private async Task<IReadOnlyList<T>> AskAllAsync<T>(RpcCall[] calls, Func<JsonElement, int, T> read, CancellationToken cancellationToken)
    {
        var replies = await Rpc.BatchAsync(calls, cancellationToken);
        var results = new T[calls.Length];
        for (var i = 0; i < calls.Length; i++)
        {
            var at = i;
            results[i] = Read(calls[i], replies[i].Result, result => read(result, at));
        }
        return results;
    }

    private T Read<T>(RpcCall call, JsonElement result, Func<JsonElement, T> read)
    {
        try
        {
            return read(result);
        }
        catch (Exception e) when (e is FormatException or AbiException)
        {
            throw Malformed(call.Method, e.Message, e);
        }
    }

    private RpcException Malformed(string method, string detail, Exception? inner = null) => new(RpcFault.Malformed, method, Rpc.Name, detail, inner);
}
