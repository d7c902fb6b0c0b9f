using Turnpike.Core;
using Turnpike.Evidence.Tests.Log;
using Turnpike.Evm;

namespace Turnpike.Evidence.Tests.Spool;

/// <summary>The commits that the chain holds, as every gateway reads them.</summary>
internal sealed class FakeCommits
{
    public Dictionary<(EpochNumber Epoch, Bytes32 Hash), Manifest> Manifests { get; } = [];
}

/// <summary>A gateway in this process with a real log, manifests and receipts; the test says when it is away, hides pieces, or the chain takes its manifest.</summary>
internal sealed class FakeGateway : IGatewayDoor, IAsyncDisposable
{
    private readonly Samples.Folder _folder = new();
    private readonly Secp256k1PrivateKey _key = Secp256k1PrivateKey.Generate();
    private readonly EvidenceLog _log;
    private readonly ManifestBook _book;
    private readonly EvidenceFinder _finder;
    private readonly ReceiptIssuer _receipts;
    private readonly TimeProvider _time;
    private readonly FakeCommits _chain;
    private readonly Dictionary<Bytes32, long> _received = [];

    public FakeGateway(EpochClock clock, TimeProvider time, FakeCommits chain)
    {
        (_time, _chain) = (time, chain);
        _log = LogHarness.Open(_folder.Path, time: time);
        _book = ManifestBook.Open(_log, _folder.Path, Samples.Network, _key.Address);
        _finder = new EvidenceFinder(_log, Samples.Network);
        _receipts = new ReceiptIssuer(Samples.Network, clock, new LocalDigestSigner(_key));
    }

    public Address Gateway => _key.Address;

    public bool IsAway { get; set; }

    /// <summary>Gives receipts and throws the pieces away.</summary>
    public bool Censors { get; set; }

    public AdmissionCode? Refuses { get; set; }

    public bool SeesClones { get; set; }

    /// <summary>Spoils the proofs that it hands out.</summary>
    public bool Lies { get; set; }

    public int Submitted { get; private set; }

    public async Task CertifyAsync(ulong epoch)
    {
        var manifest = await _book.SealAsync(new EpochNumber(epoch), CancellationToken.None);
        _book.MarkCertified(manifest.Epoch, manifest.Hash());
        _chain.Manifests[(manifest.Epoch, manifest.Hash())] = manifest;
    }

    public async Task<DoorAnswer> SubmitAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        if (IsAway) throw new HttpRequestException("away");
        if (Refuses is { } code) return new DoorAnswer(null, (int)code, "refused");
        Submitted++;
        var identity = Samples.Decode(piece.ToArray()).Identity(Samples.Network);
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (!_received.TryGetValue(identity, out var at))
        {
            _received[identity] = at = now;
            if (!Censors) await _log.AppendAsync(RecordType.Evidence, piece, now, cancellationToken);
        }
        return new DoorAnswer(await _receipts.IssueAsync(identity, at, cancellationToken), 0, "");
    }

    public async Task<PieceState> StateAsync(Bytes32 identity, long receivedAt, CancellationToken cancellationToken)
    {
        if (IsAway) throw new HttpRequestException("away");
        var unknown = new PieceState(PieceStage.Unknown, default, default, null, false);
        if (await _finder.FindAsync(identity, receivedAt, cancellationToken) is not { } found) return unknown;
        if (found.Proof is not { } proof) return unknown with { Stage = PieceStage.Received };
        if (Lies) proof = proof with { Index = proof.Index + 1 };
        foreach (var (epoch, hash) in _book.Certified)
            if (_log.Store.TryGetManifest(hash, out var manifest) && manifest.Segments.Contains(proof.Segment)) return new PieceState(PieceStage.Certified, epoch, hash, proof, SeesClones);
        return unknown with { Stage = PieceStage.Listed };
    }

    public Task<Manifest?> CertifiedManifestAsync(EpochNumber epoch, Bytes32 hash, CancellationToken cancellationToken)
    {
        if (IsAway) throw new HttpRequestException("away");
        return Task.FromResult(_chain.Manifests.GetValueOrDefault((epoch, hash)));
    }

    public async ValueTask DisposeAsync()
    {
        _finder.Dispose();
        await _log.DisposeAsync();
        _key.Dispose();
        _folder.Dispose();
    }
}
