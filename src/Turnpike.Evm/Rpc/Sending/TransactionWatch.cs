namespace Turnpike.Evm.Rpc;

/// <summary>One look at the chain for an account's open transactions: confirms, republishes, raises fees, fills gaps. Runs under the sender's gate.</summary>
internal sealed class TransactionWatch(SenderAccount account)
{
    // Receipts may come from a server that lags behind the one that counted; a wrong "replaced" would allow a second sending, so it must be seen again and again.
    private const int ForeignSightingsNeeded = 3;

    private (ulong Nonce, DateTimeOffset Since)? _gap;

    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var all = account.ByNonce.ToArray();
        if (all.Length == 0) return;
        var head = await account.Client.BlockNumberAsync(cancellationToken);
        var mined = await account.Client.TransactionCountAsync(account.Address, BlockReference.Latest, cancellationToken);
        // After the count: a transaction mined between the two reads then has a receipt, rather than looking replaced.
        var receipts = await ReceiptsAsync(all, cancellationToken);
        var waiting = new List<OpenTransaction>();
        foreach (var open in all)
        {
            if (receipts.GetValueOrDefault(open) is { } receipt) await MinedAsync(open, receipt, head, cancellationToken);
            else if (NoteUnmined(open).Entry.Nonce < mined) await ConsumedAsync(open, head, cancellationToken);
            else waiting.Add(open);
        }
        if (waiting.Count > 0) await WaitingAsync(waiting, head, mined, cancellationToken);
        await RepairGapAsync(mined, cancellationToken);
    }

    private async Task<Dictionary<OpenTransaction, TransactionReceipt>> ReceiptsAsync(OpenTransaction[] all, CancellationToken cancellationToken)
    {
        var attempts = all.SelectMany(open => open.Entry.Attempts, (open, attempt) => (Open: open, attempt.Hash)).ToArray();
        var receipts = await account.Client.ReceiptsAsync([.. attempts.Select(attempt => attempt.Hash)], cancellationToken);
        var found = new Dictionary<OpenTransaction, TransactionReceipt>();
        for (var i = 0; i < attempts.Length; i++)
        {
            if (receipts[i] is { } receipt) found[attempts[i].Open] = receipt;
        }
        return found;
    }

    private async Task MinedAsync(OpenTransaction open, TransactionReceipt receipt, ulong head, CancellationToken cancellationToken)
    {
        open.SeenIn = receipt.Block;
        open.ForeignSightings = 0;
        if (receipt.Block.Number + (ulong)account.Options.Confirmations > head + 1) return;
        await account.FinishAsync(open, new TransactionOutcome
        {
            State = receipt.Succeeded ? TransactionState.Succeeded : TransactionState.Reverted,
            Nonce = open.Entry.Nonce,
            TransactionHash = receipt.TransactionHash,
            Block = receipt.Block,
            GasUsed = receipt.GasUsed,
            EffectiveGasPrice = receipt.EffectiveGasPrice,
            ContractAddress = receipt.ContractAddress,
        }, cancellationToken);
    }

    private OpenTransaction NoteUnmined(OpenTransaction open)
    {
        if (open.SeenIn is { } block) account.Alert(SenderAlertCode.Reorganised, open.Entry.Nonce, $"'{open.Entry.Id}' was mined in block {block}, which is gone; it is watched again.");
        open.SeenIn = null;
        return open;
    }

    private async Task ConsumedAsync(OpenTransaction open, ulong head, CancellationToken cancellationToken)
    {
        var depth = (ulong)account.Options.Confirmations - 1;
        var isDeep = head >= depth && await account.Client.TransactionCountAsync(account.Address, BlockReference.At(head - depth), cancellationToken) > open.Entry.Nonce;
        var known = isDeep ? await account.Client.KnowTransactionsAsync([.. open.Entry.Attempts.Select(attempt => attempt.Hash)], cancellationToken) : [];
        open.ForeignSightings = isDeep && !known.Contains(true) ? open.ForeignSightings + 1 : 0;
        if (open.ForeignSightings < ForeignSightingsNeeded) return;
        account.Alert(SenderAlertCode.ForeignTransaction, open.Entry.Nonce, $"Nonce {open.Entry.Nonce} of '{open.Entry.Id}' was consumed by a transaction that this sender did not make. Stop the other program that uses {account.Address}; then send the intent again.");
        await account.FinishAsync(open, new TransactionOutcome { State = TransactionState.Replaced, Nonce = open.Entry.Nonce, TransactionHash = open.Newest.Hash }, cancellationToken);
    }

    private async Task WaitingAsync(List<OpenTransaction> waiting, ulong head, ulong mined, CancellationToken cancellationToken)
    {
        var hashes = waiting.SelectMany(open => open.Entry.Attempts, (_, attempt) => attempt.Hash).ToArray();
        var known = await account.Client.KnowTransactionsAsync(hashes, cancellationToken);
        var at = 0;
        foreach (var open in waiting)
        {
            var mine = known.Skip(at).Take(open.Entry.Attempts.Count).ToArray();
            at += mine.Length;
            open.HeadAtAttempt ??= head;
            // Only the next one to be mined is worth raising: those above wait for it, not for fees. And only if a block was made without it.
            var isStuck = open.Entry.Nonce == mined && head > open.HeadAtAttempt && account.Now - open.Newest.SignedAt >= account.Options.StuckAfter;
            if (isStuck && await TryRaiseAsync(open, cancellationToken)) continue;
            if (!mine[^1]) await RepublishAsync(open, wasDropped: !mine.Contains(true), cancellationToken);
        }
    }

    private async Task RepublishAsync(OpenTransaction open, bool wasDropped, CancellationToken cancellationToken)
    {
        var (result, error) = await account.PublishAsync(open.Newest, cancellationToken);
        if (result is Publication.Accepted)
        {
            // "Already known" means that only the server asked before had not heard of it.
            if (wasDropped && !open.IsUncertain && error is null) account.Alert(SenderAlertCode.Dropped, open.Entry.Nonce, $"The pool had lost '{open.Entry.Id}'; the same bytes were published again.");
            open.IsUncertain = false;
        }
        else if (result is Publication.FeeTooLow) await TryRaiseAsync(open, cancellationToken);
        else Explain(open, result, error!);
    }

    private async Task<bool> TryRaiseAsync(OpenTransaction open, CancellationToken cancellationToken)
    {
        var (old, cap) = (open.Newest.Fees, account.Fees.CapOf(open.Entry.MaxFeePerGas));
        var offer = old.Raised(await MarketAsync(old, cancellationToken), cap);
        if (offer is not { } higher)
        {
            if (open.IsNews(SenderAlertCode.FeeCapReached))
                account.Alert(SenderAlertCode.FeeCapReached, open.Entry.Nonce, $"'{open.Entry.Id}' waits at {old.MaxFeePerGas} wei per gas; the next step exceeds the cap of {cap}. It is mined when the price falls; or raise FeeOptions.MaxFeePerGas.");
            return false;
        }
        var (result, error) = await account.RaiseAsync(open, higher, cancellationToken);
        if (result is Publication.Accepted) account.Alert(SenderAlertCode.FeesRaised, open.Entry.Nonce, $"'{open.Entry.Id}' waited too long; its fee cap went from {old.MaxFeePerGas} to {higher.MaxFeePerGas} wei per gas.");
        else Explain(open, result, error!);
        return true;
    }

    private async Task<GasFees> MarketAsync(GasFees old, CancellationToken cancellationToken)
    {
        try
        {
            return await account.Fees.SuggestAsync(cancellationToken);
        }
        catch (IntentRefusedException e) when (e.Refusal is IntentRefusal.FeeAboveCap)
        {
            return old; // the market is out of reach; the smallest step that the cap allows is still worth it
        }
    }

    private void Explain(OpenTransaction open, Publication result, RpcException error)
    {
        var (nonce, id) = (open.Entry.Nonce, open.Entry.Id);
        var code = result switch
        {
            Publication.InsufficientFunds => SenderAlertCode.InsufficientFunds,
            Publication.Occupied => SenderAlertCode.ForeignTransaction,
            Publication.Uncertain => SenderAlertCode.PublicationUncertain,
            Publication.NonceConsumed => default, // the next look finds the receipt or the stranger
            _ => SenderAlertCode.Refused,
        };
        if (code == default || !open.IsNews(code)) return;
        account.Alert(code, nonce, code is SenderAlertCode.InsufficientFunds
            ? $"Account {account.Address} cannot pay for '{id}', which may cost {open.MaxCost} wei: top it up; the transaction follows by itself."
            : $"'{id}' was not taken: {error.Message}");
    }

    private async Task RepairGapAsync(ulong mined, CancellationToken cancellationToken)
    {
        var gap = account.Nonces.Gap(mined) is null ? null : account.Nonces.Gap(Math.Max(mined, await account.Client.TransactionCountAsync(account.Address, BlockReference.Pending, cancellationToken)));
        if (gap is not { } nonce)
        {
            _gap = null;
            return;
        }
        if (_gap?.Nonce != nonce) _gap = (nonce, account.Now);
        if (account.Now - _gap.Value.Since < account.Options.StuckAfter) return;
        _gap = null;
        await FillAsync(nonce, cancellationToken);
    }

    // Whatever held the nonce is gone; a transfer of nothing to oneself lets the ones above go on.
    private async Task FillAsync(ulong nonce, CancellationToken cancellationToken)
    {
        var intent = new TransactionIntent { Id = $"gap-fill/{nonce}/{account.Now.ToUnixTimeMilliseconds()}", To = account.Address };
        var gas = await account.Client.EstimateGasAsync(new CallRequest { From = account.Address, To = account.Address }, BlockReference.Latest, cancellationToken);
        var entry = new JournalEntry { Id = intent.Id, Fingerprint = intent.Fingerprint(), Nonce = nonce, To = intent.To, GasLimit = gas };
        var offer = await account.Fees.SuggestAsync(cancellationToken);
        account.Nonces.Hold(nonce);
        var (open, result, error) = await account.PlaceAsync(entry, offer, cancellationToken, cancellationToken);
        var message = open is null ? $"Nonce {nonce} is missing and could not be filled ({result}): {error!.Message}" : $"Nonce {nonce} belonged to nobody and held up later transactions; an empty transfer fills it.";
        account.Alert(open is null ? SenderAlertCode.Refused : SenderAlertCode.GapFilled, nonce, message);
    }
}
