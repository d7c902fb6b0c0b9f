using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm.Rpc;

/// <summary>A signed transaction, byte for byte as published.</summary>
/// <param name="Raw">The signed bytes.</param>
/// <param name="Hash">Their hash.</param>
/// <param name="Fees">What it offers.</param>
/// <param name="SignedAt">When.</param>
public sealed record SignedAttempt(ReadOnlyMemory<byte> Raw, Bytes32 Hash, GasFees Fees, DateTimeOffset SignedAt);

/// <summary>An intent bound to a nonce, with every transaction ever signed for it. All attempts share the nonce, so at most one can be mined.</summary>
public sealed record JournalEntry
{
    /// <summary>The intent's id.</summary>
    public required string Id { get; init; }

    /// <summary>Hash of the intent's callee, value and data.</summary>
    public required Bytes32 Fingerprint { get; init; }

    /// <summary>The nonce it holds.</summary>
    public required ulong Nonce { get; init; }

    /// <summary>Callee.</summary>
    public Address? To { get; init; }

    /// <summary>Wei sent along.</summary>
    public BigInteger Value { get; init; }

    /// <summary>Calldata or creation code.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Gas limit.</summary>
    public required ulong GasLimit { get; init; }

    /// <summary>The intent's own cap, wei per gas; null for none.</summary>
    public BigInteger? MaxFeePerGas { get; init; }

    /// <summary>What was signed, oldest first; fees rise.</summary>
    public IReadOnlyList<SignedAttempt> Attempts { get; init; } = [];

    /// <summary>The end; null while it is open.</summary>
    public TransactionOutcome? Outcome { get; init; }
}

/// <summary>
/// What one sender must not forget over a crash. One journal belongs to one account on one chain. A write is durable when it returns; writes come from one thread at a time.
/// </summary>
public interface ITransactionJournal
{
    /// <summary>All entries without outcome.</summary>
    ValueTask<IReadOnlyList<JournalEntry>> OpenEntriesAsync(CancellationToken cancellationToken);

    /// <summary>The entry of an intent; null when it was never put or was withdrawn.</summary>
    ValueTask<JournalEntry?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Adds an entry, or replaces the one of the same id.</summary>
    ValueTask PutAsync(JournalEntry entry, CancellationToken cancellationToken);

    /// <summary>Forgets an entry whose transaction certainly entered no pool.</summary>
    ValueTask WithdrawAsync(string id, CancellationToken cancellationToken);
}

/// <summary>A journal that dies with the process: for tools and tests. After a crash the chain is asked, and an open intent could be sent twice.</summary>
public sealed class MemoryTransactionJournal : ITransactionJournal
{
    private readonly Dictionary<string, JournalEntry> _entries = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<JournalEntry>> OpenEntriesAsync(CancellationToken cancellationToken)
    {
        lock (_entries) return new([.. _entries.Values.Where(entry => entry.Outcome is null)]);
    }

    /// <inheritdoc/>
    public ValueTask<JournalEntry?> FindAsync(string id, CancellationToken cancellationToken)
    {
        lock (_entries) return new(_entries.GetValueOrDefault(id));
    }

    /// <inheritdoc/>
    public ValueTask PutAsync(JournalEntry entry, CancellationToken cancellationToken)
    {
        lock (_entries) _entries[entry.Id] = entry;
        return default;
    }

    /// <inheritdoc/>
    public ValueTask WithdrawAsync(string id, CancellationToken cancellationToken)
    {
        lock (_entries) _entries.Remove(id);
        return default;
    }
}
