using Turnpike.Core;
using Turnpike.Core.Merkle;
using Turnpike.Evidence.Tests.Log;

namespace Turnpike.Evidence.Tests.Segments;

public sealed class SegmentReaderTests : IDisposable
{
    private readonly Samples.Folder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Merkle_root_is_over_type_time_and_body_of_every_record()
    {
        var (bytes, summary) = await SealAsync("one"u8.ToArray(), "two"u8.ToArray(), "three"u8.ToArray());
        Assert.True(SegmentReader.TryOpen(bytes, summary, Samples.Network, out var reader, out _));
        var leaves = reader.Records.Select(record => TransparencyTree.LeafHash([(byte)record.Type, .. BitConverter.GetBytes(record.ReceivedAt), .. record.Body.Span])).ToArray();
        Assert.Equal(TransparencyTree.Root(leaves), summary.MerkleRoot);
        var proof = TransparencyTree.Proof(leaves, 1);
        Assert.True(TransparencyTree.Verify(summary.MerkleRoot, leaves[1], 1, 3, proof));
    }

    [Fact]
    public async Task Byte_changed_anywhere_is_found_and_its_record_named()
    {
        var (bytes, summary) = await SealAsync("one"u8.ToArray(), "two"u8.ToArray(), "three"u8.ToArray());
        Assert.True(SegmentReader.TryOpen(bytes, summary, Samples.Network, out var whole, out _));
        var offsets = whole.Records.Select(record => record.Offset).ToArray();
        for (var i = 0; i < bytes.Length * 8; i++)
        {
            var changed = bytes.ToArray();
            changed[i / 8] ^= (byte)(1 << i % 8);
            Assert.False(SegmentReader.TryOpen(changed, summary, Samples.Network, out _, out var fault));
            var record = offsets.Count(offset => offset <= i / 8) - 1;
            Assert.Equal(record, fault.RecordIndex);
            if (record >= 0) Assert.Equal(offsets[record], fault.Offset);
        }
    }

    [Fact]
    public async Task Segment_cut_or_extended_anywhere_is_found()
    {
        var (bytes, summary) = await SealAsync("one"u8.ToArray(), "two"u8.ToArray());
        for (var length = 0; length < bytes.Length; length++) Assert.False(SegmentReader.TryOpen(bytes.AsMemory(0, length), summary, Samples.Network, out _, out _));
        Assert.False(SegmentReader.TryOpen((byte[])[.. bytes, 0], summary, Samples.Network, out _, out _));
    }

    [Fact]
    public async Task Each_field_of_the_summary_is_checked()
    {
        var (bytes, good) = await SealAsync("one"u8.ToArray(), "two"u8.ToArray());
        var other = Keccak256.Hash("other"u8);
        (SegmentSummary Summary, SegmentFaultKind Kind)[] wrong =
        [
            (good with { Partition = 9 }, SegmentFaultKind.WrongHeader),
            (good with { Number = 9 }, SegmentFaultKind.WrongHeader),
            (good with { Bytes = good.Bytes + 1 }, SegmentFaultKind.WrongLength),
            (good with { Count = 3 }, SegmentFaultKind.WrongCount),
            (good with { MerkleRoot = other }, SegmentFaultKind.WrongMerkleRoot),
            (good with { Sha256 = other }, SegmentFaultKind.WrongSha256),
            (good with { FirstReceivedAt = 0 }, SegmentFaultKind.WrongTimes),
            (good with { LastReceivedAt = long.MaxValue }, SegmentFaultKind.WrongTimes),
        ];
        Assert.All(wrong, row =>
        {
            Assert.False(SegmentReader.TryOpen(bytes, row.Summary, Samples.Network, out _, out var fault));
            Assert.Equal(row.Kind, fault.Kind);
        });
        Assert.False(SegmentReader.TryOpen(bytes, good, other, out _, out var network));
        Assert.Equal(SegmentFaultKind.WrongHeader, network.Kind);
    }

    [Fact]
    public async Task Review_judges_every_record_again()
    {
        using var known = P256DeviceKey.Generate();
        using var stranger = P256DeviceKey.Generate();
        using var verifier = new EnvelopeVerifier(Samples.Network, 16);
        var good = new EnvelopeSigner(known, Samples.Network).Sign(Samples.Content());
        var forged = good.ToArray();
        forged[^1] ^= 1;
        var unknown = new EnvelopeSigner(stranger, Samples.Network).Sign(Samples.Content());
        var (bytes, summary) = await SealAsync(good, forged, unknown, [0xFF]);
        var devices = new DeviceDirectory();
        devices.Set(known.Public);
        Assert.True(SegmentReader.TryOpen(bytes, summary, Samples.Network, out var reader, out _));
        var review = reader.Review(verifier, devices).ToArray();
        Assert.Equal([AdmissionCode.Admitted, AdmissionCode.BadSignature, AdmissionCode.UnknownDevice, AdmissionCode.MalformedCbor], review.Select(record => record.Code));
        Assert.Equal(Samples.Decode(good).Identity(Samples.Network), review[0].Identity);
        Assert.Equal(Samples.Content().Sequence, review[0].Envelope!.Content.Sequence);
    }

    [Fact]
    public async Task Review_reads_refusals_and_counters()
    {
        var identity = Keccak256.Hash("piece"u8);
        await using var log = LogHarness.Open(_folder.Path);
        await log.AppendAsync(RecordType.Refusal, new RefusalBody(AdmissionCode.TooOld, identity).Encode(), Samples.Now, Cancel);
        await log.AppendAsync(RecordType.Refusal, new byte[3], Samples.Now, Cancel);
        await log.AppendAsync(RecordType.Counters, CountersBody.Encode(new Dictionary<AdmissionCode, ulong> { [AdmissionCode.BadSignature] = 7 }), Samples.Now, Cancel);
        await log.AppendAsync(RecordType.Counters, new byte[3], Samples.Now, Cancel);
        await log.SealSegmentAsync(Cancel);
        var summary = log.Store.Segments[0];
        Assert.True(SegmentReader.TryOpen(await log.Store.ReadSegmentAsync(summary.Sha256, Cancel), summary, Samples.Network, out var reader, out _));
        using var verifier = new EnvelopeVerifier(Samples.Network, 16);
        var review = reader.Review(verifier, new DeviceDirectory()).ToArray();
        Assert.Equal([AdmissionCode.TooOld, AdmissionCode.BadPayload, AdmissionCode.Admitted, AdmissionCode.BadPayload], review.Select(record => record.Code));
        Assert.Equal(identity, review[0].Identity);
    }

    [Fact]
    public async Task Random_and_mutated_segments_never_throw()
    {
        var (bytes, summary) = await SealAsync([.. Enumerable.Range(0, 30).Select(i => new byte[i * 7])]);
        var random = new Random(20260101);
        for (var i = 0; i < 30_000; i++)
        {
            var data = bytes.ToList();
            for (var changes = random.Next(1, 5); changes > 0 && data.Count > 0; changes--)
            {
                var at = random.Next(data.Count);
                switch (random.Next(3))
                {
                    case 0: data[at] = (byte)random.Next(256); break;
                    case 1: data.RemoveRange(at, random.Next(1, 1 + Math.Min(50, data.Count - at))); break;
                    default: data.InsertRange(at, new byte[random.Next(1, 50)]); break;
                }
            }
            var same = data.SequenceEqual(bytes);
            Assert.Equal(same, SegmentReader.TryOpen(data.ToArray(), summary, Samples.Network, out _, out var fault));
            if (!same) Assert.NotEmpty(fault.ToString());
        }
    }

    private async Task<(byte[] Bytes, SegmentSummary Summary)> SealAsync(params byte[][] bodies)
    {
        await using var log = LogHarness.Open(_folder.Path);
        foreach (var body in bodies) await log.AppendAsync(RecordType.Evidence, body, Samples.Now, Cancel);
        await log.SealSegmentAsync(Cancel);
        var summary = Assert.Single(log.Store.Segments);
        return (await log.Store.ReadSegmentAsync(summary.Sha256, Cancel), summary);
    }
}
