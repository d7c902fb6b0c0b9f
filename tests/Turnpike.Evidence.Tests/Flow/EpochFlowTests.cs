using System.Collections.Concurrent;
using Turnpike.Core;
using Turnpike.Core.Merkle;
using Turnpike.Evidence.Tests.Log;
using Turnpike.Evm;

namespace Turnpike.Evidence.Tests.Flow;

/// <summary>From the device's signature to an oracle's mirror and back: every step real, in one process.</summary>
public sealed class EpochFlowTests : IDisposable
{
    private const int DeviceCount = 6;
    private const int PiecesEach = 40;

    private readonly Samples.Folder _gateway = new();
    private readonly Samples.Folder _oracle = new();
    private readonly IDeviceKey[] _keys = [.. Enumerable.Range(0, DeviceCount).Select(i => i % 2 == 0 ? (IDeviceKey)P256DeviceKey.Generate() : Secp256K1DeviceKey.Generate())];
    private readonly Secp256k1PrivateKey _gatewayKey = Secp256k1PrivateKey.Generate();
    private readonly EnvelopeVerifier _verifier = new(Samples.Network, 64);
    private readonly DeviceDirectory _devices = new();
    private readonly ConcurrentDictionary<Bytes32, SignedReceipt> _receipts = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        foreach (var key in _keys) ((IDisposable)key).Dispose();
        _gatewayKey.Dispose();
        _verifier.Dispose();
        _gateway.Dispose();
        _oracle.Dispose();
    }

    [Fact]
    public async Task Epoch_of_evidence_reaches_an_oracle_whole_and_every_receipt_is_kept()
    {
        await using var log = LogHarness.Open(_gateway.Path, segmentBytes: 8192);
        var refused = await ReceiveAsync(log);
        var book = ManifestBook.Open(log, _gateway.Path, Samples.Network, _gatewayKey.Address);
        var manifest = await book.SealAsync(new EpochNumber(1), Cancel);
        Assert.True(manifest.Segments.Count > 1, "the epoch spans several segments");
        var mirror = await MirrorAsync(log.Store, manifest);
        var found = await ReviewAsync(mirror, manifest);
        Assert.Equal(_receipts.Keys.Order(), found.Where(record => record.Record.Type == RecordType.Evidence).Select(record => record.Identity).Order());
        Assert.All(found.Where(record => record.Record.Type == RecordType.Evidence), record => Assert.Equal(AdmissionCode.Admitted, record.Code));
        Assert.Equal(refused.Order(), found.Where(record => record.Record.Type == RecordType.Refusal).Select(record => record.Identity).Order());
        Assert.All(_receipts.Values, receipt => Assert.True(receipt.Verify()));
        book.MarkCertified(manifest.Epoch, manifest.Hash());
        Assert.Empty((await book.SealAsync(new EpochNumber(2), Cancel)).Segments);
    }

    [Fact]
    public async Task Any_piece_is_proved_against_its_segments_root_from_the_manifest()
    {
        await using var log = LogHarness.Open(_gateway.Path, segmentBytes: 8192);
        await ReceiveAsync(log);
        var manifest = await ManifestBook.Open(log, _gateway.Path, Samples.Network, _gatewayKey.Address).SealAsync(new EpochNumber(1), Cancel);
        foreach (var summary in manifest.Segments)
        {
            Assert.True(SegmentReader.TryOpen(await log.Store.ReadSegmentAsync(summary.Sha256, Cancel), summary, Samples.Network, out var reader, out _));
            var leaves = reader.Records.Select(record => TransparencyTree.LeafHash([(byte)record.Type, .. BitConverter.GetBytes(record.ReceivedAt), .. record.Body.Span])).ToArray();
            for (var i = 0; i < leaves.Length; i++) Assert.True(TransparencyTree.Verify(summary.MerkleRoot, leaves[i], i, summary.Count, TransparencyTree.Proof(leaves, i)));
        }
    }

    /// <summary>All devices send at once; each also sends one forgery and repeats one stored piece.</summary>
    private async Task<Bytes32[]> ReceiveAsync(EvidenceLog log)
    {
        var recent = new RecentPieces(10_000);
        var gate = AdmissionGate.Create(new AdmissionOptions { Burst = 1_000 }, [300], _devices, _verifier, recent, new ManualTime());
        var issuer = new ReceiptIssuer(Samples.Network, new EpochClock(Samples.Now / 1000, 3600), new LocalDigestSigner(_gatewayKey));
        var refused = new ConcurrentBag<Bytes32>();
        foreach (var key in _keys) _devices.Set(key.Public);
        await Task.WhenAll(_keys.Select((key, index) => Task.Run(async () =>
        {
            var signer = new EnvelopeSigner(key, Samples.Network);
            EnvelopeContent State(ulong sequence) => Samples.Content(sequence) with { Boot = (ulong)index };
            for (ulong sequence = 0; sequence < PiecesEach; sequence++)
            {
                var piece = signer.Sign(State(sequence));
                var admitted = gate.Admit(piece, Samples.Now);
                Assert.True(admitted.IsAdmitted, admitted.Code.ToString());
                Assert.True((await log.AppendAsync(RecordType.Evidence, piece, Samples.Now, Cancel)).IsDurable);
                recent.Remember(admitted.Identity, Samples.Now);
                _receipts[admitted.Identity] = await issuer.IssueAsync(admitted.Identity, Samples.Now, Cancel);
                Assert.Equal(AdmissionCode.Duplicate, gate.Admit(signer.Sign(State(sequence)), Samples.Now).Code);
            }
            var forgery = gate.Admit(new EnvelopeSigner(key, Bytes32.Zero).Sign(State(PiecesEach)), Samples.Now);
            Assert.Equal(AdmissionCode.BadSignature, forgery.Code);
            await log.AppendAsync(RecordType.Refusal, new RefusalBody(forgery.Code, forgery.Identity).Encode(), Samples.Now, Cancel);
            refused.Add(forgery.Identity);
        }, Cancel)));
        return [.. refused];
    }

    /// <summary>What an oracle does before it certifies: fetch the manifest by hash, then every segment by its hash.</summary>
    private async Task<EvidenceStore> MirrorAsync(EvidenceStore source, Manifest manifest)
    {
        var mirror = EvidenceStore.Open(_oracle.Path);
        var bytes = await source.ReadManifestAsync(manifest.Hash(), Cancel);
        Assert.True(ManifestCodec.TryParse(bytes, out var parsed, out var problem), problem);
        foreach (var summary in parsed.Segments) Assert.Null(mirror.PutSegment(summary, parsed.NetworkId, await source.ReadSegmentAsync(summary.Sha256, Cancel)));
        Assert.Equal(manifest.Hash(), mirror.PutManifest(parsed));
        return mirror;
    }

    private async Task<List<ReviewedRecord>> ReviewAsync(EvidenceStore store, Manifest manifest)
    {
        var records = new List<ReviewedRecord>();
        foreach (var summary in manifest.Segments)
        {
            Assert.True(SegmentReader.TryOpen(await store.ReadSegmentAsync(summary.Sha256, Cancel), summary, Samples.Network, out var reader, out var fault), fault?.ToString());
            records.AddRange(reader.Review(_verifier, _devices));
        }
        return records;
    }
}
