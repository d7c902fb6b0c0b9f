using System.Numerics;
using System.Text.Json.Nodes;
using Turnpike.Core;
using Turnpike.Evm.Abi;
using Turnpike.Evm.Rpc;

namespace Turnpike.Evm.Tests.Rpc;

public sealed class EthereumClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_call_reads_what_a_real_node_answers()
    {
        await using var anvil = await Anvil.StartAsync("--chain-id", "4711");
        using var key = Anvil.Key(0);
        var client = anvil.Client;
        Assert.Equal(4711UL, await client.ChainIdAsync(Stop));
        Assert.Equal(BigInteger.Pow(10, 22), await client.BalanceAsync(key.Address, BlockReference.Latest, Stop));
        var emitter = await anvil.DeployAsync(Anvil.Code.Emitter);
        Assert.Equal(Anvil.Code.Emitter, Convert.ToHexStringLower(await client.CodeAsync(emitter, BlockReference.Latest, Stop)));

        var topic = Keccak256.Hash("topic"u8);
        var hash = await anvil.SendUnlockedAsync(0, emitter, (byte[])[.. topic.ToArray(), .. new byte[32]]);
        var receipt = await anvil.ReceiptAsync(hash);
        Assert.True(receipt.Succeeded);
        Assert.Equal((hash, key.Address, (Address?)emitter, 2UL), (receipt.TransactionHash, receipt.From, receipt.To, receipt.Block.Number));
        Assert.Equal(1UL, await client.TransactionCountAsync(key.Address, BlockReference.Latest, Stop));
        Assert.Equal(0UL, await client.TransactionCountAsync(key.Address, BlockReference.At(1), Stop));
        Assert.Equal(2UL, await client.BlockNumberAsync(Stop));

        var block = (await client.BlockAsync(BlockReference.At(2), Stop))!;
        Assert.Equal(receipt.Block, block.Point);
        Assert.Equal(block, await client.BlockAsync(BlockReference.Of(block.Hash), Stop));
        Assert.Equal(block, await client.BlockAsync(BlockReference.Latest, Stop));
        Assert.Equal((await client.BlockAsync(BlockReference.At(1), Stop))!.Hash, block.ParentHash);
        Assert.True(block.BaseFeePerGas > 0 && block.GasUsed == receipt.GasUsed && !block.PrevRandao.IsZero && block.Timestamp > 1_600_000_000);
        Assert.Null(await client.BlockAsync(BlockReference.At(99), Stop));
        Assert.Null(await client.BlockAsync(BlockReference.Of(topic), Stop));
        Assert.Equal(0UL, (await client.BlockAsync(BlockReference.Finalized, Stop))!.Number);
        Assert.Equal(BigInteger.Pow(10, 22), await client.BalanceAsync(key.Address, BlockReference.Of(block.ParentHash), Stop));

        var log = Assert.Single(await client.LogsAsync(new LogFilter { Addresses = [emitter], Topics = [[topic]] }, 0, 2, Stop));
        Assert.Equal((emitter, topic, block.Hash, hash, 32), (log.Address, log.Topics[0], log.BlockHash, log.TransactionHash, log.Data.Length));
        Assert.Single(await client.LogsAsync(new LogFilter(), block.Hash, Stop));
        Assert.Empty(await client.LogsAsync(new LogFilter { Topics = [[], [topic]] }, 0, 2, Stop));
        Assert.Equal(RpcFault.UnknownBlock, (await Assert.ThrowsAsync<RpcException>(() => client.LogsAsync(new LogFilter(), topic, Stop))).Fault);

        Assert.Empty(await client.CallAsync(new CallRequest { To = emitter, From = key.Address, Data = new byte[64] }, BlockReference.Latest, Stop));
        Assert.InRange(await client.EstimateGasAsync(new CallRequest { To = emitter, Data = new byte[64] }, BlockReference.Pending, Stop), 21_001UL, 30_000UL);
        Assert.True(await client.GasPriceAsync(Stop) > 0);
        var history = await client.FeeHistoryAsync(2, BlockReference.Latest, [25, 75], Stop);
        Assert.Equal((3, 2, 2), (history.BaseFeePerGas.Count, history.Reward.Count, history.Reward[0].Count));
    }

    [Fact]
    public async Task Raw_transaction_signed_here_is_mined_there()
    {
        await using var anvil = await Anvil.StartAsync();
        using var key = Anvil.Key(0);
        var fees = await new FeeEstimator(anvil.Client).SuggestAsync(Stop);
        var signed = new DynamicFeeTransaction { ChainId = 31337, Nonce = 0, GasLimit = 21_000, MaxFeePerGas = fees.MaxFeePerGas, MaxPriorityFeePerGas = fees.MaxPriorityFeePerGas, To = Address.Parse("0x00000000000000000000000000000000000000aa"), Value = 5 }.Sign(key);
        Assert.Equal(signed.Hash(), await anvil.Client.SendRawTransactionAsync(signed.Encode(), Stop));
        await anvil.ReceiptAsync(signed.Hash());
        Assert.Equal([true, false], await anvil.Client.KnowTransactionsAsync([signed.Hash(), Bytes32.Zero], Stop));
        Assert.Equal(new BigInteger(5), await anvil.Client.BalanceAsync(Address.Parse("0x00000000000000000000000000000000000000aa"), BlockReference.Latest, Stop));
        var again = await Assert.ThrowsAsync<RpcException>(() => anvil.Client.SendRawTransactionAsync(signed.Encode(), Stop));
        Assert.Contains(again.Fault, new[] { RpcFault.NonceTooLow, RpcFault.AlreadyKnown });
    }

    [Fact]
    public async Task Revert_of_a_real_contract_is_decoded_in_calls_and_estimates()
    {
        await using var anvil = await Anvil.StartAsync();
        var echo = await anvil.DeployAsync(Anvil.Code.Echo);
        var panic = Hex.Parse("0x4e487b710000000000000000000000000000000000000000000000000000000000000012");
        var call = await Assert.ThrowsAsync<RpcException>(() => anvil.Client.CallAsync(new CallRequest { To = echo, Data = panic }, BlockReference.Latest, Stop));
        var estimate = await Assert.ThrowsAsync<RpcException>(() => anvil.Client.EstimateGasAsync(new CallRequest { To = echo, Data = panic }, BlockReference.Pending, Stop));
        Assert.Equal((RpcFault.Reverted, RpcFault.Reverted), (call.Fault, estimate.Fault));
        Assert.Equal("Panic 0x12: division by zero", call.Revert!.Text);
        Assert.Equal(panic, estimate.Revert!.Data.ToArray());
        var silent = await Assert.ThrowsAsync<RpcException>(() => anvil.Client.CallAsync(new CallRequest { To = echo }, BlockReference.Latest, Stop));
        Assert.Equal((RpcFault.Reverted, RevertKind.Empty), (silent.Fault, silent.Revert!.Kind));
    }

    [Fact]
    public async Task Function_of_a_contract_is_called_with_types()
    {
        await using var anvil = await Anvil.StartAsync();
        // Returns its calldata without the selector.
        var mirror = await anvil.DeployAsync("600436036004600037600436036000f3");
        Assert.Equal(new BigInteger(77), await anvil.Client.CallAsync(mirror, new Same(77), BlockReference.Latest, Stop));
        var nobody = await Assert.ThrowsAsync<RpcException>(() => anvil.Client.CallAsync(Address.Zero, new Same(77), BlockReference.Latest, Stop));
        Assert.Equal(RpcFault.Malformed, nobody.Fault);
    }

    [Fact]
    public async Task Batch_of_a_thousand_is_answered_in_order()
    {
        await using var anvil = await Anvil.StartAsync();
        await anvil.MineAsync(999);
        var headers = await anvil.Client.BlocksAsync(0, 999, Stop);
        Assert.Equal(1000, headers.Count);
        for (var i = 1; i < headers.Count; i++) Assert.Equal(headers[i - 1]!.Hash, headers[i]!.ParentHash);

        using var http = new HttpClient();
        var replies = await new JsonRpcClient(http, anvil.Address, new JsonRpcOptions { MaxBatchCalls = 1000 })
            .BatchAsync([.. Enumerable.Range(0, 1000).Select(i => new RpcCall("eth_getBlockByNumber", ["0x" + i.ToString("x", null), false]))], Stop);
        Assert.Equal(headers.Select(header => header!.Hash.ToString()), replies.Select(reply => reply.Result.GetProperty("hash").GetString()));
    }

    [Theory]
    [InlineData("0x01")]
    [InlineData("0x")]
    [InlineData("10")]
    [InlineData("0X10")]
    [InlineData("0x1 ")]
    [InlineData("-0x1")]
    [InlineData("0x10000000000000000")]
    public async Task Quantity_in_any_but_the_strict_form_is_malformed(string text)
    {
        await using var proxy = new Proxy { Rule = request => new Proxy.Answer(Proxy.Result(request, text)) };
        using var http = new HttpClient();
        Assert.Equal(RpcFault.Malformed, (await Assert.ThrowsAsync<RpcException>(() => Over(http, proxy).BlockNumberAsync(Stop))).Fault);
    }

    [Fact]
    public async Task Answers_to_another_question_are_malformed()
    {
        await using var anvil = await Anvil.StartAsync();
        await anvil.MineAsync(5);
        await using var proxy = new Proxy(anvil.Address)
        {
            Change = (request, answer) =>
            {
                if (answer["result"] is JsonObject block) block["number"] = "0x3";
                return answer;
            },
        };
        using var http = new HttpClient();
        Assert.Equal(RpcFault.Malformed, (await Assert.ThrowsAsync<RpcException>(() => Over(http, proxy).BlockAsync(BlockReference.At(2), Stop))).Fault);
        proxy.Rule = request => new Proxy.Answer(Proxy.Result(request, Bytes32.Zero.ToString()));
        Assert.Contains("hash to", (await Assert.ThrowsAsync<RpcException>(() => Over(http, proxy).SendRawTransactionAsync(new byte[] { 2 }, Stop))).Message, StringComparison.Ordinal);
    }

    internal static EthereumClient Over(HttpClient http, Proxy proxy, JsonRpcOptions? options = null) => new(new JsonRpcClient(http, proxy.Address, options));

    private sealed record Same(BigInteger Value) : IContractCall<BigInteger>
    {
        private static readonly AbiFunction Function = new("same", [new AbiParameter(AbiType.Parse("uint256"), "value")], [new AbiParameter(AbiType.Parse("uint256"), "")]);

        public byte[] Encode() => Function.EncodeCall([Value]);

        public BigInteger ReadResult(ReadOnlySpan<byte> returnData) => (BigInteger)Function.DecodeResult(returnData)[0];
    }
}
