using Turnpike.Core;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;

namespace Turnpike.Node;

/// <summary>
/// Sends calls whose effect the ledger shows. The id of a sending names the very call, so that another set of signatures is another transaction. If the chain forgets what was confirmed (a deep
/// reorganisation), the same call is sent again.
/// </summary>
internal sealed class LedgerCalls(NodeContext node, TimeSpan pause)
{
    private const int Looks = 100;

    /// <summary>Sends, waits for the confirmation, and waits a moment for the ledger to show it: acting again before would only be refused by the contract.</summary>
    public async Task<TransactionOutcome> SendAsync(string what, Address to, byte[] data, TransactionSender sender, Func<LedgerState, bool> isDone, CancellationToken cancellation)
    {
        var outcome = await sender.SendAsync(new TransactionIntent { Id = $"{what}/{Keccak256.Hash(data)}", To = to, MayRepeat = true, Data = data }, cancellation);
        for (var i = 0; i < Looks && !node.History.Read(isDone); i++) await Task.Delay(pause, node.Time, cancellation);
        return outcome;
    }
}
