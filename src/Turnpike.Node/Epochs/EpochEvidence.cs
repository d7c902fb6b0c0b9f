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

    /// <summary>Reads all evidence of an epoch against the registry at its snapshot.</summary>
    /// <exception cref="EvidenceException">Bytes are missing or are not what the chain fixed; names the manifest, segment, record and byte.</exception>
    public async Task<EpochEvidence> ReadAsync(IReadOnlyList<EvidenceCommit> commits, LedgerState snapshot, CancellationToken cancellation)
    {
        using var verifier = new EnvelopeVerifier(deployment.NetworkId);
        var collected = new Collected();
        foreach (var commit in commits)
        {
            var manifest = await ReadManifestAsync(commit, cancellation);
            foreach (var summary in manifest.Segments)
            {
                var reader = await ReadSegmentAsync(commit, summary, cancellation);
                Collect(reader, commit.Gateway, verifier, new SnapshotDirectory(snapshot), snapshot, collected);
            }
        }
        return collected.ToEvidence();
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

    private void Collect(SegmentReader reader, Address gateway, EnvelopeVerifier verifier, SnapshotDirectory directory, LedgerState snapshot, Collected collected)
    {
        foreach (var reviewed in reader.Review(verifier, directory))
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

        public EpochEvidence ToEvidence() => new()
        {
            Pieces = Pieces,
            Orders = Orders.OrderBy(order => order.ReceivedAt).ThenBy(order => order.Digest).Select(order => order.Order).ToList(),
            Refusals = _refusals.Select(refusal => ((ushort)refusal.Key, AdmissionCodes.Describe(refusal.Key).Name, refusal.Value)).ToList(),
            Records = Records,
        };
    }
}
