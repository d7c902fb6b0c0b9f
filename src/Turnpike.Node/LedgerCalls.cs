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

    // Ten pauses are a block: a dozen blocks, then whoever called looks at the chain anew.
    private const int PausesPerSending = 120;

    /// <summary>Sends, waits for the confirmation, but not for ever, and waits a moment for the ledger to show it: acting again before would only be refused by the contract.</summary>
    /// <remarks>
    /// A transaction may wait for what only its caller can do: a reorganisation that took a settlement and the activation after it leaves a gap in the account's nonces, which the settlement, sent again, fills.
    /// What is on its way stays there; the same call joins it later.
    /// </remarks>
    /// <exception cref="TimeoutException">It is still on its way.</exception>
    public async Task<TransactionOutcome> SendAsync(string what, Address to, byte[] data, TransactionSender sender, Func<LedgerState, bool> isDone, CancellationToken cancellation)
    {
        var outcome = await ConfirmAsync(new TransactionIntent { Id = $"{what}/{Keccak256.Hash(data)}", To = to, MayRepeat = true, Data = data }, sender, cancellation);
        for (var i = 0; i < Looks && !node.History.Read(isDone); i++) await Task.Delay(pause, node.Time, cancellation);
        return outcome;
    }

    private async Task<TransactionOutcome> ConfirmAsync(TransactionIntent intent, TransactionSender sender, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(pause * PausesPerSending, node.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            return await sender.SendAsync(intent, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"'{intent.Id}' is still on its way; what is due is looked at anew.");
        }
    }
}
