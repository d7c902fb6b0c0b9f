using System.Text.Json;

namespace Turnpike.Evm.Rpc;

/// <summary>
/// A journal in one file: a line of JSON for each write, flushed to the disk before it counts; the last line of an id holds. On opening, a torn last line is cut. Finished intents stay as one short line
/// each, since their ids must never run again. The file is held open exclusively, so a second sender for the same account on this machine fails to start.
/// </summary>
public sealed class FileTransactionJournal : ITransactionJournal, IDisposable
{
    private readonly MemoryTransactionJournal _entries = new();
    private readonly FileStream _file;

    private FileTransactionJournal(FileStream file) => _file = file;

    /// <summary>Opens or creates the journal of one account on one chain.</summary>
    /// <exception cref="InvalidDataException">A line other than the last cannot be read.</exception>
    /// <exception cref="IOException">Another process holds the file.</exception>
    public static FileTransactionJournal Open(string path)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 4096);
        try
        {
            var journal = new FileTransactionJournal(file);
            journal.Load(path);
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<JournalEntry>> OpenEntriesAsync(CancellationToken cancellationToken) => _entries.OpenEntriesAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<JournalEntry?> FindAsync(string id, CancellationToken cancellationToken) => _entries.FindAsync(id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask PutAsync(JournalEntry entry, CancellationToken cancellationToken)
    {
        Append(JournalLine.Put(entry));
        return _entries.PutAsync(entry, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask WithdrawAsync(string id, CancellationToken cancellationToken)
    {
        Append(JournalLine.Withdraw(id));
        return _entries.WithdrawAsync(id, cancellationToken);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private void Append(byte[] line)
    {
        _file.Write(line);
        _file.WriteByte((byte)'\n');
        _file.Flush(flushToDisk: true);
    }

    private void Load(string path)
    {
        var bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        var start = 0;
        for (var number = 1; ; number++)
        {
            var length = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0) break; // what follows was never acknowledged
            try
            {
                JournalLine.Apply(bytes.AsSpan(start, length), _entries);
            }
            catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
            {
                throw new InvalidDataException($"Line {number} of the journal {path} is damaged. Restore the file; do not delete it while transactions are open, or they may be sent twice.", e);
            }
            start += length + 1;
        }
        _file.SetLength(start);
        _file.Seek(0, SeekOrigin.End);
    }
}
