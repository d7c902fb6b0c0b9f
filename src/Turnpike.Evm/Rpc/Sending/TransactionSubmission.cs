using Turnpike.Core;

namespace Turnpike.Evm.Rpc;

/// <summary>The way of a new intent: price, funds, simulation, nonce, placing. Nothing is signed before the simulation passed.</summary>
internal sealed class TransactionSubmission(SenderAccount account, CancellationToken lifetime)
{
    // No transaction costs less gas (Yellow Paper, G_transaction).
    private const ulong LeastGas = 21_000;
    private const int MaxTries = 5;

    private readonly HashSet<string> _aboveCap = new(StringComparer.Ordinal);

    public async Task<OpenTransaction> SubmitAsync(TransactionIntent intent, Bytes32 fingerprint, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var offer = await SuggestAsync(intent, cancellationToken);
            await account.RequireFundsAsync(intent.Value + LeastGas * offer.MaxFeePerGas, cancellationToken);
            var gasLimit = await SimulateAsync(intent, cancellationToken);
            await account.RequireFundsAsync(intent.Value + gasLimit * offer.MaxFeePerGas, cancellationToken);
            var pending = await account.Client.TransactionCountAsync(account.Address, BlockReference.Pending, cancellationToken);
            var entry = new JournalEntry
            {
                Id = intent.Id, Fingerprint = fingerprint, Nonce = account.Nonces.Take(pending), To = intent.To, Value = intent.Value, Data = intent.Data, GasLimit = gasLimit, MaxFeePerGas = intent.MaxFeePerGas,
            };
            var (open, result, error) = await account.PlaceAsync(entry, offer, cancellationToken, lifetime);
            if (open is not null) return open;
            await RefusedAsync(entry, offer, result, error!, tries, cancellationToken);
        }
    }

    // A price above the cap is waited out by whoever sends: nothing is signed, so nothing drains the account. The operator hears of it once, and once when it is over.
    private async Task<GasFees> SuggestAsync(TransactionIntent intent, CancellationToken cancellationToken)
    {
        try
        {
            var offer = await account.Fees.SuggestAsync(intent.MaxFeePerGas, cancellationToken);
            if (_aboveCap.Remove(intent.Id)) account.Alert(SenderAlertCode.Recovered, null, $"The chain's price per gas is within the cap again; '{intent.Id}' is sent.");
            return offer;
        }
        catch (IntentRefusedException e) when (e.Refusal is IntentRefusal.FeeAboveCap)
        {
            if (_aboveCap.Add(intent.Id)) account.Alert(SenderAlertCode.FeeCapReached, null, $"'{intent.Id}' is not sent: {e.Message}");
            throw;
        }
    }

    // Returns for what another try with fresh counts and fees may cure, throws for the rest.
    private async Task RefusedAsync(JournalEntry entry, GasFees offer, Publication result, RpcException error, int tries, CancellationToken cancellationToken)
    {
        if (result is Publication.Occupied) account.Nonces.MarkForeign(entry.Nonce);
        if (result is Publication.Occupied or Publication.NonceConsumed)
        {
            account.Alert(SenderAlertCode.ForeignTransaction, entry.Nonce, $"Nonce {entry.Nonce} is taken by a transaction that this sender did not make. Stop the other program that uses {account.Address}.");
            if (tries == MaxTries) throw new IntentRefusedException(IntentRefusal.NonceContested, $"'{entry.Id}' met another transaction at its nonce {MaxTries} times. Stop the other program that uses {account.Address}.", error);
            return;
        }
        if (result is Publication.FeeTooLow && tries < MaxTries) return;
        if (result is Publication.InsufficientFunds)
        {
            var cost = entry.Value + entry.GasLimit * offer.MaxFeePerGas;
            await account.RequireFundsAsync(cost, cancellationToken);
            // The node counts more than we do, such as a rollup's fee for data.
            throw new InsufficientFundsException(account.Address, cost + 1, await account.Client.BalanceAsync(account.Address, BlockReference.Latest, cancellationToken), error);
        }
        throw new IntentRefusedException(IntentRefusal.RefusedByNode, $"The node refuses '{entry.Id}'. {error.Message}", error);
    }

    // On the pending state, so that an intent may build on one that still waits. A revert comes out as RpcException with the decoded reason.
    private async Task<ulong> SimulateAsync(TransactionIntent intent, CancellationToken cancellationToken)
    {
        var request = new CallRequest { From = account.Address, To = intent.To, Value = intent.Value, Data = intent.Data, Gas = intent.GasLimit };
        if (intent.GasLimit is { } given)
        {
            await account.Client.CallAsync(request, BlockReference.Pending, cancellationToken);
            return given;
        }
        var estimate = await account.Client.EstimateGasAsync(request, BlockReference.Pending, cancellationToken);
        return estimate == LeastGas ? estimate : checked(estimate + (ulong)((UInt128)estimate * (uint)account.Options.GasMarginPercent / 100));
    }
}
