using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm.Rpc;

/// <summary>One account's open transactions and the few steps that change them. Every method but <see cref="Alert"/> runs under the sender's gate.</summary>
internal sealed class SenderAccount(EthereumClient client, IDigestSigner signer, ulong chainId, ITransactionJournal journal, FeeEstimator fees, TransactionSenderOptions options, TimeProvider time)
{
    private readonly Dictionary<string, OpenTransaction> _open = new(StringComparer.Ordinal);

    public EthereumClient Client => client;

    public Address Address => signer.Address;

    public ITransactionJournal Journal => journal;

    public FeeEstimator Fees => fees;

    public TransactionSenderOptions Options => options;

    public DateTimeOffset Now => time.GetUtcNow();

    public NonceManager Nonces { get; } = new();

    public IEnumerable<OpenTransaction> ByNonce => _open.Values.OrderBy(open => open.Entry.Nonce);

    public OpenTransaction? Find(string id) => _open.GetValueOrDefault(id);

    public void Alert(SenderAlertCode code, ulong? nonce, string message) => options.OnAlert?.Invoke(new SenderAlert(code, Address, nonce, message));

    /// <summary>Takes up what a previous run left open.</summary>
    public void Resume(JournalEntry entry)
    {
        if (entry.Attempts.Count == 0) throw new InvalidDataException($"The journal's entry '{entry.Id}' is open and holds no signed transaction.");
        Nonces.Hold(entry.Nonce);
        _open.Add(entry.Id, new OpenTransaction(entry) { IsUncertain = true });
    }

    /// <summary>
    /// Signs, journals, publishes: in this order, so that bytes that may be in a pool are never forgotten. On a certain refusal the entry is withdrawn and its nonce free again. The caller's
    /// token stops only the signing.
    /// </summary>
    public async Task<(OpenTransaction? Open, Publication Result, RpcException? Error)> PlaceAsync(JournalEntry entry, GasFees offer, CancellationToken cancellationToken, CancellationToken lifetime)
    {
        OpenTransaction open;
        try
        {
            var attempt = await SignAsync(entry, offer, cancellationToken);
            open = new OpenTransaction(entry with { Attempts = [attempt] });
            await journal.PutAsync(open.Entry, lifetime);
        }
        catch
        {
            Nonces.Release(entry.Nonce);
            throw;
        }
        _open.Add(entry.Id, open);
        var (result, error) = await PublishAsync(open.Newest, lifetime);
        if (result is Publication.Accepted or Publication.Uncertain or Publication.NotNow)
        {
            open.IsUncertain = result != Publication.Accepted;
            if (result == Publication.Uncertain) Alert(SenderAlertCode.PublicationUncertain, entry.Nonce, $"No clear answer to publishing '{entry.Id}'; the same bytes follow again. {error!.Message}");
            return (open, result, error);
        }
        await journal.WithdrawAsync(entry.Id, lifetime);
        _open.Remove(entry.Id);
        Nonces.Release(entry.Nonce);
        return (null, result, error);
    }

    /// <summary>Signs an attempt with higher fees for the same nonce, journals it, publishes it.</summary>
    public async Task<(Publication Result, RpcException? Error)> RaiseAsync(OpenTransaction open, GasFees offer, CancellationToken cancellationToken)
    {
        var attempt = await SignAsync(open.Entry, offer, cancellationToken);
        var entry = open.Entry with { Attempts = [.. open.Entry.Attempts, attempt] };
        await journal.PutAsync(entry, cancellationToken);
        open.Entry = entry;
        open.HeadAtAttempt = null;
        return await PublishAsync(attempt, cancellationToken);
    }

    public async Task<(Publication Result, RpcException? Error)> PublishAsync(SignedAttempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            await client.SendRawTransactionAsync(attempt.Raw, cancellationToken);
            return (Publication.Accepted, null);
        }
        catch (RpcException e)
        {
            return (Publications.Of(e.Fault), e);
        }
    }

    public async Task FinishAsync(OpenTransaction open, TransactionOutcome outcome, CancellationToken cancellationToken)
    {
        await journal.PutAsync(open.Entry with { Outcome = outcome }, cancellationToken);
        _open.Remove(open.Entry.Id);
        Nonces.Release(open.Entry.Nonce);
        options.OnOutcome?.Invoke(open.Entry.Id, outcome);
        open.Done.TrySetResult(outcome);
    }

    /// <summary>Throws unless the account can pay <paramref name="cost"/> beside what its unmined transactions may cost.</summary>
    public async Task RequireFundsAsync(BigInteger cost, CancellationToken cancellationToken)
    {
        // Balance first: a transaction mined between the two reads then counts as paid, not twice.
        var available = await client.BalanceAsync(Address, BlockReference.Latest, cancellationToken);
        var mined = await client.TransactionCountAsync(Address, BlockReference.Latest, cancellationToken);
        var needed = cost;
        foreach (var open in _open.Values)
        {
            if (open.Entry.Nonce >= mined) needed += open.MaxCost;
        }
        if (available < needed) throw new InsufficientFundsException(Address, needed, available);
    }

    private async Task<SignedAttempt> SignAsync(JournalEntry entry, GasFees offer, CancellationToken cancellationToken)
    {
        var signed = await Unsigned(entry, offer).SignAsync(signer, cancellationToken);
        var raw = signed.Encode();
        return new SignedAttempt(raw, Keccak256.Hash(raw), offer, Now);
    }

    private Transaction Unsigned(JournalEntry entry, GasFees offer) => offer.IsLegacy
        ? new LegacyTransaction { ChainId = chainId, Nonce = entry.Nonce, GasLimit = entry.GasLimit, GasPrice = offer.MaxFeePerGas, To = entry.To, Value = entry.Value, Data = entry.Data }
        : new DynamicFeeTransaction
        {
            ChainId = chainId,
            Nonce = entry.Nonce,
            GasLimit = entry.GasLimit,
            MaxFeePerGas = offer.MaxFeePerGas,
            MaxPriorityFeePerGas = offer.MaxPriorityFeePerGas,
            To = entry.To,
            Value = entry.Value,
            Data = entry.Data,
        };
}
