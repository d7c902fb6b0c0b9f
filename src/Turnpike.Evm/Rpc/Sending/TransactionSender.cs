using Turnpike.Core;

namespace Turnpike.Evm.Rpc;

/// <summary>Sends one account's transactions: each intent once, in nonce order, watched until confirmed. Safe for any number of threads; one sender per account and chain.</summary>
/// <remarks>
/// <para>
/// States of an intent: unknown -> open (bound to a nonce, signed, journaled) -> published -> mined -> confirmed (its outcome is journaled). A refusal before anything entered a pool takes it back to
/// unknown and frees the nonce.
/// </para>
/// <para>
/// Order of a sending: suggest fees, check funds, simulate on the pending state (a revert surfaces here, decoded, before gas is spent), take a nonce, sign, journal, publish. One gate lets one
/// intent at a time through these steps, so nonces have no gaps and the journal one writer.
/// </para>
/// <para>
/// Why nothing is done twice: an intent is bound to one nonce, and the chain executes at most one transaction per nonce. All attempts for an intent (the first, and those with raised fees) carry that
/// nonce and are journaled before they are published. Publishing again sends identical bytes, which a pool that has them refuses as known. The binding is given up in two cases only: the first attempt
/// was refused with certainty, so that no pool has it; or the nonce was consumed by a stranger's transaction as deep as a confirmation, so that no attempt can ever be mined.
/// </para>
/// <para>
/// What a crash leaves. Before the journal: nothing, the caller sends again. After it: an open entry; the next start watches it, finds its receipt, or publishes the same bytes again. After the outcome is
/// journaled: the same intent id gives that outcome without sending. The caller may thus repeat every intent it is unsure of, under the same id.
/// </para>
/// <para>
/// The watch looks at the chain every poll interval. A transaction that the pool lost is published again. The lowest unmined one, if it waited too long and a block was made without it, gets higher fees,
/// never above the cap. A nonce below open ones that belongs to nobody (a lost journal, a stranger's dropped transaction) is filled with an empty transfer. A mined transaction that a reorganisation
/// removed is watched, and published, again.
/// </para>
/// <para>
/// Failures of the endpoint, and a key that cannot sign now, are waited out. Any other exception in the watch (the journal's disk) stops the sender: all waiting callers get it, and later ones are refused; the process is
/// expected to restart it.
/// </para>
/// </remarks>
public sealed class TransactionSender : IAsyncDisposable
{
    private readonly SenderAccount _account;
    private readonly TransactionSubmission _submission;
    private readonly TransactionWatch _watch;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _lifetime = new();
    private Task _watching = Task.CompletedTask;
    private Exception? _failure;

    private TransactionSender(SenderAccount account, TimeProvider time)
    {
        _account = account;
        _time = time;
        _submission = new TransactionSubmission(account, _lifetime.Token);
        _watch = new TransactionWatch(account);
        _slots = new SemaphoreSlim(account.Options.MaxInFlight);
    }

    /// <summary>The account that sends.</summary>
    public Address Account => _account.Address;

    /// <summary>What stopped the sender; null while it works. A stopped one is to be disposed and started again.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Reads the journal, takes up what is open, starts the watch. The journal is the sender's from now on and is disposed with it, also when the start fails.</summary>
    public static async Task<TransactionSender> StartAsync(EthereumClient client, IDigestSigner signer, ITransactionJournal journal, FeeEstimator fees,
        TransactionSenderOptions? options, TimeProvider? time, CancellationToken cancellationToken)
    {
        options ??= new TransactionSenderOptions();
        options.Validate();
        time ??= TimeProvider.System;
        try
        {
            var chainId = await client.ChainIdAsync(cancellationToken);
            var account = new SenderAccount(client, signer, chainId, journal, fees, options, time);
            foreach (var entry in await journal.OpenEntriesAsync(cancellationToken)) account.Resume(entry);
            var sender = new TransactionSender(account, time);
            sender._watching = Task.Run(sender.WatchAsync, CancellationToken.None);
            return sender;
        }
        catch
        {
            (journal as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Sends an intent and waits until it is confirmed, reverted on chain, or replaced. An id that is open already is joined, one that ended gives its outcome (after a replacement it is sent anew; see also <see cref="TransactionIntent.MayRepeat"/>).
    /// Cancelling stops the waiting; what is published goes on and can be joined again.
    /// </summary>
    /// <exception cref="RpcException">The simulation reverted (<see cref="RpcException.Revert"/>), or the endpoint failed before anything was signed.</exception>
    /// <exception cref="IntentRefusedException">Not sent; nothing is bound.</exception>
    /// <exception cref="ArgumentException">The id was used for something else.</exception>
    public async Task<TransactionOutcome> SendAsync(TransactionIntent intent, CancellationToken cancellationToken)
    {
        intent.Validate();
        var fingerprint = intent.Fingerprint();
        var done = await GuardedAsync(() => JoinAsync(intent, fingerprint, cancellationToken), cancellationToken);
        if (done is null)
        {
            await _slots.WaitAsync(cancellationToken);
            var keepsSlot = false;
            try
            {
                (done, keepsSlot) = await GuardedAsync(() => JoinOrSubmitAsync(intent, fingerprint, cancellationToken), cancellationToken);
            }
            finally
            {
                if (!keepsSlot) _slots.Release();
            }
        }
        return await done.WaitAsync(cancellationToken);
    }

    /// <summary>Stops the watch and closes the journal; open transactions stay in the journal and on their way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lifetime.CancelAsync();
        await _watching; // it ends behind the gate, so that nobody writes to the journal any more
        (_account.Journal as IDisposable)?.Dispose();
    }

    private async Task<T> GuardedAsync<T>(Func<Task<T>> step, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_failure is not null) throw new InvalidOperationException("The sender has stopped; start it again.", _failure);
            return await step();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<Task<TransactionOutcome>?> JoinAsync(TransactionIntent intent, Bytes32 fingerprint, CancellationToken cancellationToken)
    {
        if (_account.Find(intent.Id) is { } open)
        {
            RequireSame(open.Entry, fingerprint);
            return open.Done.Task;
        }
        if (await _account.Journal.FindAsync(intent.Id, cancellationToken) is not { Outcome: { State: not TransactionState.Replaced } outcome } ended) return null;
        RequireSame(ended, fingerprint);
        return intent.MayRepeat && !await StillHoldsAsync(intent, outcome, cancellationToken) ? null : Task.FromResult(outcome);
    }

    // The journal ends with the confirmations, the chain may go back further. A revert may have had a reason that is gone.
    private async Task<bool> StillHoldsAsync(TransactionIntent intent, TransactionOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome.State == TransactionState.Reverted) return false;
        if (await _account.Client.ReceiptAsync(outcome.TransactionHash, cancellationToken) is { Succeeded: true }) return true;
        _account.Alert(SenderAlertCode.Reorganised, outcome.Nonce, $"'{intent.Id}' was confirmed in block {outcome.Block}, which is gone; it is sent anew.");
        return false;
    }

    private async Task<(Task<TransactionOutcome> Done, bool KeepsSlot)> JoinOrSubmitAsync(TransactionIntent intent, Bytes32 fingerprint, CancellationToken cancellationToken)
    {
        // Another caller may have sent the same id while this one waited for its slot.
        if (await JoinAsync(intent, fingerprint, cancellationToken) is { } joined) return (joined, false);
        var open = await _submission.SubmitAsync(intent, fingerprint, cancellationToken);
        open.HoldsSlot = true; // given back by the watch when the transaction ends
        return (open.Done.Task, true);
    }

    private static void RequireSame(JournalEntry entry, Bytes32 fingerprint)
    {
        if (entry.Fingerprint != fingerprint) throw new ArgumentException($"The intent id '{entry.Id}' stands for another callee, value or data already.");
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_account.Options.PollInterval, _time, _lifetime.Token);
                await LookAsync(_lifetime.Token);
            }
        }
        catch (OperationCanceledException) when (_lifetime.IsCancellationRequested)
        {
            await StopAsync(new ObjectDisposedException(nameof(TransactionSender), "The sender was disposed; the transaction stays in the journal and on its way."));
        }
        catch (Exception e)
        {
            await StopAsync(e);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        var before = _account.ByNonce.ToArray();
        try
        {
            await _watch.LookAsync(cancellationToken);
        }
        catch (RpcException e)
        {
            _account.Alert(SenderAlertCode.EndpointTrouble, null, e.Message);
        }
        catch (SignerUnavailableException e)
        {
            _account.Alert(SenderAlertCode.SignerUnavailable, null, e.Message);
        }
        catch (IntentRefusedException e)
        {
            _account.Alert(e.Refusal is IntentRefusal.FeeAboveCap ? SenderAlertCode.FeeCapReached : SenderAlertCode.Refused, null, e.Message);
        }
        finally
        {
            foreach (var open in before)
            {
                if (open.HoldsSlot && open.Done.Task.IsCompleted) _slots.Release();
            }
            _gate.Release();
        }
    }

    private async Task StopAsync(Exception reason)
    {
        await _gate.WaitAsync(CancellationToken.None);
        _failure = reason;
        foreach (var open in _account.ByNonce) open.Done.TrySetException(reason);
        _gate.Release();
    }
}
