using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Evidence;
using Turnpike.Ledger;
using Turnpike.Node.Market;

namespace Turnpike.Node.Epochs;

/// <summary>A certified manifest or a segment it lists is not what the chain fixed, or cannot be had.</summary>
public sealed class EvidenceException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What the certified manifests of an epoch hold, every signature verified again.</summary>
public sealed record EpochEvidence
{
    /// <summary>Pieces whose signatures are right, in no particular order.</summary>
    public required IReadOnlyList<EvidencePiece> Pieces { get; init; }

    /// <summary>Orders signed by their customers, by (received, digest).</summary>
    public required IReadOnlyList<ServiceOrder> Orders { get; init; }

    /// <summary>Refusals by code: those the gateways noted at the door, and records that should not have been admitted.</summary>
    public required IReadOnlyList<(ushort Code, string Name, ulong Count)> Refusals { get; init; }

    /// <summary>Records read.</summary>
    public required long Records { get; init; }
}

/// <summary>Turns certified manifests into pieces: fetch, prove against the hashes, verify signatures, sort by type.</summary>
public sealed class EpochEvidenceReader(IEvidenceSource source, NetworkDeployment deployment)
{
    private readonly SigningDomain _credits = new(deployment.ChainId, deployment.Credits);

    // Records whose signatures are verified in one go; segments may be few and large.
    private const int RecordsAPart = 256;

    /// <summary>Reads all evidence of an epoch against the registry at its snapshot, on all cores, segment by segment.</summary>
    /// <exception cref="EvidenceException">Bytes are missing or are not what the chain fixed; names the manifest, segment, record and byte.</exception>
    public async Task<EpochEvidence> ReadAsync(IReadOnlyList<EvidenceCommit> commits, LedgerState snapshot, CancellationToken cancellation)
    {
        using var verifier = new EnvelopeVerifier(deployment.NetworkId);
        var segments = new List<(EvidenceCommit Commit, SegmentSummary Summary)>();
        foreach (var commit in commits) segments.AddRange((await ReadManifestAsync(commit, cancellation)).Segments.Select(summary => (commit, summary)));
        var collected = new Collected[segments.Count][];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };
        await Parallel.ForAsync(0, segments.Count, options, async (i, stop) =>
        {
            var reader = await ReadSegmentAsync(segments[i].Commit, segments[i].Summary, stop);
            collected[i] = Collect(reader, segments[i].Commit.Gateway, verifier, snapshot);
        });
        return Collected.ToEvidence(collected.SelectMany(parts => parts));
    }

    private async Task<Manifest> ReadManifestAsync(EvidenceCommit commit, CancellationToken cancellation)
    {
        var bytes = await source.ManifestAsync(commit, cancellation);
        if (!ManifestCodec.TryParse(bytes, out var manifest, out var problem))
            throw new EvidenceException($"Manifest {commit.ManifestHash} of gateway {commit.Gateway}, epoch {commit.Epoch}: {problem}");
        if (manifest.Hash() != commit.ManifestHash) throw new EvidenceException($"Manifest of gateway {commit.Gateway}, epoch {commit.Epoch}: its hash is {manifest.Hash()}, the chain fixed {commit.ManifestHash}.");
        if (manifest.Gateway != commit.Gateway || manifest.NetworkId != deployment.NetworkId || manifest.ByteCount != commit.ByteCount)
            throw new EvidenceException($"Manifest {commit.ManifestHash}: its gateway, network or byte count is not what the chain fixed.");
        return manifest;
    }

    private async Task<SegmentReader> ReadSegmentAsync(EvidenceCommit commit, SegmentSummary summary, CancellationToken cancellation)
    {
        var bytes = await source.SegmentAsync(commit, summary, cancellation);
        return SegmentReader.TryOpen(bytes, summary, deployment.NetworkId, out var reader, out var fault)
            ? reader
            : throw new EvidenceException($"Segment {summary.Sha256} of gateway {commit.Gateway}, epoch {commit.Epoch}: {fault}");
    }

    private Collected[] Collect(SegmentReader reader, Address gateway, EnvelopeVerifier verifier, LedgerState snapshot)
    {
        var directory = new SnapshotDirectory(snapshot);
        var parts = new Collected[(reader.Records.Count + RecordsAPart - 1) / RecordsAPart];
        Cores.For(parts.Length, part =>
        {
            var end = Math.Min(reader.Records.Count, (part + 1) * RecordsAPart);
            var collected = parts[part] = new Collected();
            for (var i = part * RecordsAPart; i < end; i++) Collect(reader.Review(i, verifier, directory), gateway, snapshot, collected);
        });
        return parts;
    }

    private void Collect(ReviewedRecord reviewed, Address gateway, LedgerState snapshot, Collected collected)
    {
        collected.Records++;
        var record = reviewed.Record;
        switch (record.Type)
        {
            case RecordType.Evidence when reviewed.Code == AdmissionCode.Admitted && reviewed.Envelope is { } envelope:
                collected.Pieces.Add(ToPiece(envelope, reviewed.Identity, record.ReceivedAt, gateway, snapshot.Devices[envelope.Device].Trust));
                break;
            case RecordType.Archive:
                if (TryReadArchive(record, gateway, snapshot, out var piece)) collected.Pieces.Add(piece);
                else collected.Refuse(AdmissionCode.BadPayload, 1);
                break;
            case RecordType.Order:
                if (SignedOrder.TryDecode(record.Body, out var order, out _) && order.IsSignedByCustomer(_credits)) collected.Orders.Add((record.ReceivedAt, _credits.Order(order.Order), order.Order));
                else collected.Refuse(AdmissionCode.BadSignature, 1);
                break;
            case RecordType.Counters when CountersBody.TryDecode(record.Body.Span, out var counts):
                foreach (var (code, count) in counts) collected.Refuse(code, count);
                break;
            default:
                collected.Refuse(reviewed.Code, 1);
                break;
        }
    }

    private static EvidencePiece ToPiece(EvidenceEnvelope envelope, Bytes32 identity, long receivedAt, Address gateway, byte trust) => new()
    {
        Identity = identity,
        Device = envelope.Device,
        Kind = envelope.Content.Kind,
        Boot = envelope.Content.Boot,
        Sequence = envelope.Content.Sequence,
        DeviceTime = envelope.Content.UnixMilliseconds,
        ReceivedTime = receivedAt,
        Gateway = gateway,
        Trust = trust,
        Body = envelope.Content.PublicBody,
    };

    // Unsigned imports count on a development chain only, and only for devices that the archive registry imported.
    private bool TryReadArchive(SegmentRecord record, Address gateway, LedgerState snapshot, out EvidencePiece piece)
    {
        piece = null!;
        if (deployment.ChainId != Local.LocalChainOptions.ChainId || !ArchiveBody.TryDecode(record.Body, out var body)) return false;
        if (!snapshot.Devices.TryGetValue(body.Device, out var device) || device.KeyType != 0) return false;
        piece = new EvidencePiece
        {
            Identity = ArchiveBody.Identity(record.Body.Span),
            Device = body.Device,
            Kind = body.Kind,
            Boot = 0,
            Sequence = body.Sequence,
            DeviceTime = record.ReceivedAt,
            ReceivedTime = record.ReceivedAt,
            Gateway = gateway,
            Trust = device.Trust,
            Body = body.PublicBody,
        };
        return true;
    }

    private sealed class Collected
    {
        private readonly SortedDictionary<AdmissionCode, ulong> _refusals = [];

        public List<EvidencePiece> Pieces { get; } = [];

        public List<(long ReceivedAt, Bytes32 Digest, ServiceOrder Order)> Orders { get; } = [];

        public long Records { get; set; }

        public void Refuse(AdmissionCode code, ulong count) => _refusals[code] = _refusals.GetValueOrDefault(code) + count;

        public static EpochEvidence ToEvidence(IEnumerable<Collected> parts)
        {
            var all = new Collected();
            foreach (var part in parts)
            {
                all.Pieces.AddRange(part.Pieces);
                all.Orders.AddRange(part.Orders);
                all.Records += part.Records;
                foreach (var (code, count) in part._refusals) all.Refuse(code, count);
            }
            return new EpochEvidence
            {
                Pieces = all.Pieces,
                Orders = all.Orders.OrderBy(order => order.ReceivedAt).ThenBy(order => order.Digest).Select(order => order.Order).ToList(),
                Refusals = all._refusals.Select(refusal => ((ushort)refusal.Key, AdmissionCodes.Describe(refusal.Key).Name, refusal.Value)).ToList(),
                Records = all.Records,
            };
        }
    }
}
