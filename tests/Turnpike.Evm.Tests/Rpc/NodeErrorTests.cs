using Turnpike.Evm.Rpc;

namespace Turnpike.Evm.Tests.Rpc;

public sealed class NodeErrorTests
{
    [Theory]
    [InlineData("eth_sendRawTransaction", -32000, "already known", RpcFault.AlreadyKnown)]
    [InlineData("eth_sendRawTransaction", -32010, "AlreadyKnown", RpcFault.AlreadyKnown)]
    [InlineData("eth_sendRawTransaction", -32000, "Known transaction", RpcFault.AlreadyKnown)]
    [InlineData("eth_sendRawTransaction", -32003, "transaction already imported", RpcFault.AlreadyKnown)]
    [InlineData("eth_sendRawTransaction", -32000, "nonce too low: next nonce 5, tx nonce 4", RpcFault.NonceTooLow)]
    [InlineData("eth_sendRawTransaction", -32010, "OldNonce, Current nonce: 5, nonce of rejected tx: 4", RpcFault.NonceTooLow)]
    [InlineData("eth_sendRawTransaction", -32000, "replacement transaction underpriced", RpcFault.ReplacementUnderpriced)]
    [InlineData("eth_sendRawTransaction", -32000, "INTERNAL_ERROR: could not replace existing tx", RpcFault.ReplacementUnderpriced)]
    [InlineData("eth_sendRawTransaction", -32000, "transaction underpriced: tip needed 1, tip permitted 0", RpcFault.FeeTooLow)]
    [InlineData("eth_sendRawTransaction", -32000, "max fee per gas less than block base fee: address 0x1, maxFeePerGas: 1, baseFee: 2", RpcFault.FeeTooLow)]
    [InlineData("eth_sendRawTransaction", -32000, "insufficient funds for gas * price + value: balance 0, tx cost 21000", RpcFault.InsufficientFunds)]
    [InlineData("eth_sendRawTransaction", -32004, "Upfront cost exceeds account balance", RpcFault.InsufficientFunds)]
    [InlineData("eth_sendRawTransaction", -32000, "txpool is full", RpcFault.PoolFull)]
    [InlineData("eth_sendRawTransaction", -32000, "nonce too high", RpcFault.NonceTooHigh)]
    [InlineData("eth_sendRawTransaction", -32000, "exceeds block gas limit", RpcFault.Refused)]
    [InlineData("eth_sendRawTransaction", -32000, "tx fee (1.20 ether) exceeds the configured cap (1.00 ether)", RpcFault.Refused)]
    [InlineData("eth_getLogs", -32005, "query returned more than 10000 results", RpcFault.RangeRefused)]
    [InlineData("eth_getLogs", -32602, "range 1000000 exceeds limit of 10000", RpcFault.RangeRefused)]
    [InlineData("eth_getLogs", -32602, "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range", RpcFault.RangeRefused)]
    [InlineData("eth_getLogs", -32600, "block range is too wide (maximum 10)", RpcFault.RangeRefused)]
    [InlineData("eth_getLogs", -32614, "eth_getLogs is limited to a 10,000 range", RpcFault.RangeRefused)]
    [InlineData("eth_getLogs", -32000, "query exceeds max results 20000, retry with the range 1-2", RpcFault.RangeRefused)]
    [InlineData("eth_getLogs", -32002, "request timed out", RpcFault.RangeRefused)]
    [InlineData("eth_getLogs", -32005, "daily request count exceeded, request rate limited", RpcFault.RateLimited)]
    [InlineData("eth_getLogs", 429, "Your app has exceeded its compute units per second capacity", RpcFault.RateLimited)]
    [InlineData("eth_getLogs", -32602, "block range extends beyond current head block", RpcFault.UnknownBlock)]
    [InlineData("eth_getLogs", -32000, "unknown block", RpcFault.UnknownBlock)]
    [InlineData("eth_getLogs", -32602, "invalid params", RpcFault.Refused)]
    [InlineData("eth_call", -32000, "header not found", RpcFault.UnknownBlock)]
    [InlineData("eth_call", -32000, "execution reverted", RpcFault.Reverted)]
    [InlineData("eth_call", -32015, "VM execution error.", RpcFault.Reverted)]
    [InlineData("eth_call", -32603, "Error: VM Exception while processing transaction: reverted with reason string 'x'", RpcFault.Reverted)]
    [InlineData("eth_call", -32007, "50/second request limit reached", RpcFault.RateLimited)]
    [InlineData("eth_call", -32002, "resource unavailable", RpcFault.EndpointTrouble)]
    [InlineData("eth_call", -32601, "the method does not exist", RpcFault.MethodUnsupported)]
    [InlineData("eth_call", -32000, "a text that no table knows", RpcFault.Refused)]
    public void Answer_of_a_node_has_its_fault(string method, int code, string message, RpcFault expected) => Assert.Equal(expected, NodeError.Classify(method, code, message));

    [Theory]
    [InlineData("execution reverted: insufficient funds")]
    [InlineData("execution reverted: nonce too low")]
    [InlineData("execution reverted: rate limit")]
    [InlineData("execution reverted: already known")]
    public void Contract_cannot_imitate_a_fault_of_the_node(string message) => Assert.Equal(RpcFault.Reverted, NodeError.Classify("eth_call", -32000, message));
}
