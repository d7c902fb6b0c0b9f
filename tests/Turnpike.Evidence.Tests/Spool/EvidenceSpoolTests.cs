using Turnpike.Core;
using Turnpike.Evm;

namespace Turnpike.Evidence.Tests.Spool;

public sealed class EvidenceSpoolTests : IDisposable
{
    private readonly Samples.Folder _folder = new();
    private readonly P256DeviceKey _key = P256DeviceKey.Generate();

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Pieces_and_receipts_survive_a_restart_in_order()
    {
        var pieces = Enumerable.Range(1, 12).Select(i => Piece((ulong)i)).ToList();
        using var gateway = Secp256k1PrivateKey.Generate();
        using (var spool = Open())
        {
            foreach (var piece in pieces) Assert.True(spool.TryAdd(piece));
            spool.Note(await ReceiptAsync(gateway, spool.Pieces[3].Identity));
            spool.Forget(spool.Pieces[0].Number);
        }
        using var again = Open();
        Assert.Equal(pieces.Skip(1), again.Pieces.Select(piece => piece.Piece.ToArray()));
        Assert.True(Assert.Single(again.Pieces[2].Receipts).Verify());
        Assert.True(again.TryAdd(Piece(13)));
        Assert.Equal(13UL, again.Pieces[^1].Number);
    }

    [Fact]
    public void Full_spool_takes_no_more_and_drops_nothing()
    {
        using var spool = Open(new SpoolOptions { MaximumPieces = 2 });
        Assert.True(spool.TryAdd(Piece(1)) && spool.TryAdd(Piece(2)));
        Assert.False(spool.TryAdd(Piece(3)));
        Assert.Equal([1UL, 2UL], spool.Pieces.Select(piece => piece.Number));
        spool.Forget(1);
        Assert.True(spool.TryAdd(Piece(3)));
    }

    [Fact]
    public void Bytes_are_bounded_too()
    {
        var piece = Piece(1);
        using var spool = Open(new SpoolOptions { MaximumBytes = piece.Length });
        Assert.True(spool.TryAdd(piece));
        Assert.False(spool.TryAdd(Piece(2)));
    }

    [Fact]
    public void Same_piece_is_kept_once()
    {
        using var spool = Open();
        var piece = Piece(1);
        Assert.True(spool.TryAdd(piece) && spool.TryAdd(piece));
        Assert.Single(spool.Pieces);
    }

    [Fact]
    public async Task First_receipt_of_a_gateway_stands()
    {
        using var spool = Open();
        using var gateway = Secp256k1PrivateKey.Generate();
        spool.TryAdd(Piece(1));
        var first = await ReceiptAsync(gateway, spool.Pieces[0].Identity);
        spool.Note(first);
        spool.Note(await ReceiptAsync(gateway, spool.Pieces[0].Identity, Samples.Now + 60_000));
        Assert.Equal(first, Assert.Single(spool.Pieces[0].Receipts));
    }

    [Fact]
    public void Torn_temporary_and_orphaned_receipts_are_swept_and_a_damaged_piece_is_named()
    {
        using (var spool = Open()) spool.TryAdd(Piece(1));
        File.WriteAllText(Path.Combine(_folder.Path, "00000000000000000002.piece.tmp"), "half");
        File.WriteAllText(Path.Combine(_folder.Path, "00000000000000000009.receipts"), "");
        using (var again = Open()) Assert.Single(again.Pieces);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
        File.WriteAllText(Path.Combine(_folder.Path, "00000000000000000003.piece"), "no piece");
        var corrupt = Assert.Throws<EvidenceCorruptException>(() => Open());
        Assert.EndsWith("00000000000000000003.piece", corrupt.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receipt_survives_its_encoding_and_no_changed_byte_does()
    {
        using var gateway = Secp256k1PrivateKey.Generate();
        var bytes = ReceiptCodec.Encode(await ReceiptAsync(gateway, Keccak256.Hash("piece"u8)));
        Assert.True(ReceiptCodec.TryParse(bytes, out var read) && read.Verify());
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = bytes.ToArray();
            changed[i] ^= 1;
            Assert.False(ReceiptCodec.TryParse(changed, out var other) && other.Verify(), $"byte {i}");
        }
    }

    private static async Task<SignedReceipt> ReceiptAsync(Secp256k1PrivateKey gateway, Bytes32 identity, long at = Samples.Now) =>
        await new ReceiptIssuer(Samples.Network, new EpochClock(Samples.Now / 1000, 60), new LocalDigestSigner(gateway)).IssueAsync(identity, at, TestContext.Current.CancellationToken);

    private byte[] Piece(ulong sequence) => new EnvelopeSigner(_key, Samples.Network).Sign(Samples.Content(sequence));

    private EvidenceSpool Open(SpoolOptions? options = null) => EvidenceSpool.Open(_folder.Path, Samples.Network, options ?? new SpoolOptions());
}
