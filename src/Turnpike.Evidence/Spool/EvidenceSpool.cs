using System.Globalization;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>A signed piece that its device keeps, with the receipts it got.</summary>
/// <param name="Number">Its place in the order of signing.</param>
/// <param name="Piece">As signed.</param>
/// <param name="Identity">Its name on the network.</param>
/// <param name="Receipts">One a gateway at most.</param>
public sealed record SpooledPiece(ulong Number, ReadOnlyMemory<byte> Piece, Bytes32 Identity, IReadOnlyList<SignedReceipt> Receipts);

/// <summary>
/// What a device keeps of its own evidence until the chain holds the certified commit that lists it: a file a piece and, beside it, the receipts. A piece is fsynced before
/// <see cref="TryAdd"/> returns; a kill at any moment leaves each piece whole or not at all. Bounded: a full spool takes no more, and the oldest is never dropped
/// in silence, since an older piece is the one nearer to being refused as stale. No database. Thread-safe.
/// </summary>
public sealed class EvidenceSpool : IDisposable
{
    private const string PieceSuffix = ".piece";
    private const string ReceiptSuffix = ".receipts";

    private readonly Lock _lock = new();
    private readonly string _folder;
    private readonly Bytes32 _networkId;
    private readonly SpoolOptions _options;
    private readonly FolderLock _folderLock;
    private readonly SortedDictionary<ulong, SpooledPiece> _pieces = [];
    private ulong _last;
    private long _bytes;

    private EvidenceSpool(string folder, Bytes32 networkId, SpoolOptions options, FolderLock folderLock)
    {
        _folder = folder;
        _networkId = networkId;
        _options = options;
        _folderLock = folderLock;
    }

    /// <summary>The pieces kept, in the order of their signing.</summary>
    public IReadOnlyList<SpooledPiece> Pieces
    {
        get
        {
            lock (_lock) return [.. _pieces.Values];
        }
    }

    /// <summary>Opens the spool, creating the folder if need be.</summary>
    /// <exception cref="EvidenceLockedException">Another process has it open.</exception>
    /// <exception cref="EvidenceCorruptException">A file is damaged.</exception>
    public static EvidenceSpool Open(string folder, Bytes32 networkId, SpoolOptions options)
    {
        options.Validate();
        DurableFile.CreateFolder(folder);
        var spool = new EvidenceSpool(folder, networkId, options, FolderLock.Take(folder));
        try
        {
            DurableFile.DeleteTemporaries(folder);
            foreach (var path in Directory.EnumerateFiles(folder, "*" + PieceSuffix).Order(StringComparer.Ordinal)) spool.Load(path);
            foreach (var path in Directory.EnumerateFiles(folder, "*" + ReceiptSuffix))
                if (!File.Exists(Path.ChangeExtension(path, PieceSuffix))) File.Delete(path);
            return spool;
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    /// <summary>Keeps a piece, durably on return; false when the spool is full and nothing was kept. A piece that is here already is kept once.</summary>
    /// <exception cref="ArgumentException">It is no piece of evidence.</exception>
    /// <exception cref="IOException">The disk failed; nothing was kept.</exception>
    public bool TryAdd(ReadOnlyMemory<byte> piece)
    {
        if (!EnvelopeCodec.TryDecode(piece, out var envelope, out var code)) throw new ArgumentException($"This is no piece of evidence: {code}.", nameof(piece));
        var identity = envelope.Identity(_networkId);
        lock (_lock)
        {
            if (_pieces.Values.Any(kept => kept.Identity == identity)) return true;
            if (_pieces.Count >= _options.MaximumPieces || _bytes + piece.Length > _options.MaximumBytes) return false;
            var added = new SpooledPiece(_last + 1, piece.ToArray(), identity, []);
            DurableFile.WriteAtomically(PathOf(added.Number, PieceSuffix), added.Piece.Span);
            _pieces[++_last] = added;
            _bytes += piece.Length;
            return true;
        }
    }

    /// <summary>Keeps a receipt beside its piece, durably; a piece that is gone needs none. The first of each gateway stands: its promise is the earlier one.</summary>
    public void Note(SignedReceipt receipt)
    {
        lock (_lock)
        {
            if (_pieces.Values.FirstOrDefault(kept => kept.Identity == receipt.Receipt.Identity) is not { } piece || piece.Receipts.Any(known => known.Receipt.Gateway == receipt.Receipt.Gateway)) return;
            var noted = piece with { Receipts = [.. piece.Receipts, receipt] };
            DurableFile.WriteAtomically(PathOf(piece.Number, ReceiptSuffix), noted.Receipts.SelectMany(ReceiptCodec.Encode).ToArray());
            _pieces[piece.Number] = noted;
        }
    }

    /// <summary>Lets go of a piece for good; again is no error.</summary>
    public void Forget(ulong number)
    {
        lock (_lock)
        {
            if (!_pieces.TryGetValue(number, out var piece)) return;
            DurableFile.Delete(PathOf(number, PieceSuffix));
            DurableFile.Delete(PathOf(number, ReceiptSuffix));
            _pieces.Remove(number);
            _bytes -= piece.Piece.Length;
        }
    }

    /// <summary>Lets go of the folder; the pieces stay.</summary>
    public void Dispose() => _folderLock.Dispose();

    private string PathOf(ulong number, string suffix) => Path.Combine(_folder, number.ToString("d20", CultureInfo.InvariantCulture) + suffix);

    private void Load(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (!ulong.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || !EnvelopeCodec.TryDecode(bytes, out var envelope, out _))
            throw new EvidenceCorruptException(path, "it is no spooled piece");
        _pieces[number] = new SpooledPiece(number, bytes, envelope.Identity(_networkId), LoadReceipts(PathOf(number, ReceiptSuffix)));
        _last = Math.Max(_last, number);
        _bytes += bytes.Length;
    }

    private static List<SignedReceipt> LoadReceipts(string path)
    {
        var receipts = new List<SignedReceipt>();
        if (!File.Exists(path)) return receipts;
        var rest = File.ReadAllBytes(path).AsMemory();
        for (int end; (end = rest.Span.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
            receipts.Add(ReceiptCodec.TryParse(rest[..(end + 1)], out var receipt) ? receipt : throw new EvidenceCorruptException(path, "a line is no receipt"));
        return receipts;
    }
}

/// <summary>How much a device may keep.</summary>
public sealed class SpoolOptions
{
    /// <summary>The most pieces. Default 10,000.</summary>
    public int MaximumPieces { get; init; } = 10_000;

    /// <summary>The most bytes of pieces. Default 64 MiB.</summary>
    public long MaximumBytes { get; init; } = 64 << 20;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumPieces, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumBytes, 1);
    }
}
