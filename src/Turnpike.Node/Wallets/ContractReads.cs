using Turnpike.Core;
using Turnpike.Evm.Abi;
using Turnpike.Evm.Rpc;

namespace Turnpike.Node.Wallets;

/// <summary>Typed eth_call.</summary>
public static class ContractReads
{
    /// <summary>Asks a contract at the newest block.</summary>
    public static async Task<T> ReadAsync<T>(this EthereumClient client, Address contract, IContractCall<T> call, CancellationToken cancellation) =>
        call.ReadResult(await client.CallAsync(new CallRequest { To = contract, Data = call.Encode() }, BlockReference.Latest, cancellation));
}
