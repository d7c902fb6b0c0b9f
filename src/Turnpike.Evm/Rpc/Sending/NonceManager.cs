namespace Turnpike.Evm.Rpc;

/// <summary>
/// Which nonces an account's open transactions hold, and which comes next. Pure bookkeeping: the chain's counts are given in. Not thread-safe; the sender's gate serialises it.
/// </summary>
public sealed class NonceManager
{
    private readonly SortedSet<ulong> _held = [];
    private readonly SortedSet<ulong> _foreign = [];

    /// <summary>The nonces held, rising.</summary>
    public IReadOnlyCollection<ulong> Held => _held;

    /// <summary>Takes a nonce for a transaction that is already known, as after a restart.</summary>
    public void Hold(ulong nonce) => _held.Add(nonce);

    /// <summary>Gives a nonce back: its transaction is confirmed, or certainly entered no pool.</summary>
    public void Release(ulong nonce) => _held.Remove(nonce);

    /// <summary>Notes that somebody else's waiting transaction occupies a nonce.</summary>
    public void MarkForeign(ulong nonce) => _foreign.Add(nonce);

    /// <summary>
    /// Takes the lowest free nonce. <paramref name="pendingCount"/> is the chain's count with the pool: everything below it is consumed or occupied. Nonces above that are free unless held here, so a
    /// gap is filled before a new nonce is opened.
    /// </summary>
    public ulong Take(ulong pendingCount)
    {
        _foreign.RemoveWhere(nonce => nonce < pendingCount);
        var nonce = pendingCount;
        while (_held.Contains(nonce) || _foreign.Contains(nonce)) nonce++;
        _held.Add(nonce);
        return nonce;
    }

    /// <summary>The lowest nonce that belongs to nobody although a held one above waits for it; null when there is none.</summary>
    public ulong? Gap(ulong pendingCount)
    {
        if (_held.Count == 0) return null;
        for (var nonce = pendingCount; nonce < _held.Max; nonce++)
        {
            if (!_held.Contains(nonce)) return nonce;
        }
        return null;
    }
}
