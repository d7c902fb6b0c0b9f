using System.Collections.Concurrent;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Ledger;
using Turnpike.Node.Epochs;
using Turnpike.Node.Oracle.Peers;

namespace Turnpike.Node.Oracle;

/// <summary>A gateway asks an oracle to certify that it holds every byte of a manifest.</summary>
public sealed record AvailabilityRequest(ulong Epoch, string Gateway, string ManifestHash, ulong ByteCount);

/// <summary>An oracle's signature, 65 bytes in hexadecimal.</summary>
public sealed record SignatureAnswer(string Signature);

/// <summary>
/// Certifies manifests whose every byte this oracle fetched from their gateway, proved and keeps. It takes them from the gateway alone: a certificate says that the gateway shows its evidence
/// to whoever asks, and f + 1 of them, at least one honest, that it stays within reach. A gateway can make an oracle keep at most its quota each epoch: one manifest, bound durably before its segments are fetched, one at a time.
/// </summary>
public sealed class Certifier(NodeContext node, EvidenceStore store, SignOnce signOnce, IDigestSigner oracle, ulong quotaBytes)
{
    // A gateway's clock may be ahead of ours by so much.
    private static readonly TimeSpan ClockError = TimeSpan.FromSeconds(5);

    private readonly SigningDomain _settlement = new(node.Deployment.ChainId, node.Deployment.Settlement);
    private readonly ConcurrentDictionary<Address, SemaphoreSlim> _turns = new();

    /// <summary>Certifies, or refuses with a code.</summary>
    public async Task<PeerReply> CertifyAsync(Address sender, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        if (!PeerReply.TryRead<AvailabilityRequest>(body.Span, out var request) || request.Epoch == 0 || !Address.TryParse(request.Gateway ?? "", out var gateway) || !Bytes32.TryParse(request.ManifestHash ?? "", out var manifest))
            return PeerReply.Refuse(PeerCodes.Malformed, "A certificate is asked for an epoch from 1, a gateway's address and a manifest's hash.");
        if (gateway != sender) return PeerReply.Refuse(PeerCodes.OtherGateway);
        var epoch = new EpochNumber(request.Epoch);
        if (!IsOpen(epoch)) return PeerReply.Refuse(PeerCodes.OutsideWindow);
        if (request.ByteCount > quotaBytes) return PeerReply.Refuse(PeerCodes.OverQuota, $"The manifest lists {request.ByteCount} bytes; this oracle holds {quotaBytes} for one gateway and epoch.");
        var turn = _turns.GetOrAdd(gateway, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellation);
        try
        {
            return await HoldAsync(epoch, gateway, manifest, request.ByteCount, cancellation);
        }
        catch (Exception fault) when (fault is EvidenceException or IOException)
        {
            return PeerReply.Refuse(PeerCodes.NotHeld, fault.Message);
        }
        finally
        {
            turn.Release();
        }
    }

    private bool IsOpen(EpochNumber epoch) => node.History.Read(state =>
        state.Clock.TryAt(node.Now + (long)ClockError.TotalMilliseconds, out var current) && current.Previous == epoch && node.Now < state.Clock.EndOf(epoch) + state.Grace.TotalMilliseconds);

    private async Task<PeerReply> HoldAsync(EpochNumber epoch, Address gateway, Bytes32 manifestHash, ulong byteCount, CancellationToken cancellation)
    {
        var (oracles, url) = node.History.Read(state => (state.OraclesAt(epoch), state.Gateways.GetValueOrDefault(gateway)));
        if (url is null) return PeerReply.Refuse(PeerCodes.NotMember);
        var source = new PublishedEvidence(node.Http, _ => [url]);
        var commit = new EvidenceCommit(epoch.Value, gateway, manifestHash, byteCount, Bytes32.Zero);
        if (!ManifestCodec.TryParse(await source.ManifestAsync(commit, cancellation), out var manifest, out var problem)) return PeerReply.Refuse(PeerCodes.NotHeld, $"Manifest {manifestHash}: {problem}");
        if (manifest.Gateway != gateway || manifest.Epoch != epoch || manifest.NetworkId != node.Deployment.NetworkId || manifest.ByteCount != byteCount)
            return PeerReply.Refuse(PeerCodes.NotHeld, $"Manifest {manifestHash} is not the one asked for.");
        // Which manifest it bound itself to before the disk was lost, a restored oracle cannot know.
        if (Backup.SigningFloor.Forbids(node.Folder, epoch)) return PeerReply.Refuse(PeerCodes.OutsideWindow, "This oracle was restored from a backup and abstains from this epoch.");
        if (!signOnce.TryBindManifest(epoch, gateway, manifestHash)) return PeerReply.Refuse(PeerCodes.SecondManifest);
        foreach (var segment in manifest.Segments)
        {
            if (store.TryGetSegment(segment.Sha256, out var held))
            {
                // Bytes that are held prove nothing of what this manifest says of them: a false summary would stop everybody who reads the epoch.
                if (held != segment) return PeerReply.Refuse(PeerCodes.NotHeld, $"Segment {segment.Sha256} is held, and is not what the manifest says of it.");
                continue;
            }
            if (store.PutSegment(segment, node.Deployment.NetworkId, await source.SegmentAsync(commit, segment, cancellation)) is { } fault) return PeerReply.Refuse(PeerCodes.NotHeld, $"Segment {segment.Sha256}: {fault}");
        }
        store.PutManifest(manifest);
        var signature = await oracle.SignAsync(_settlement.Availability(oracles.ConfigDigest, epoch, gateway, manifestHash, byteCount), cancellation);
        return PeerReply.Of(new SignatureAnswer(Hex.Format(signature.ToCompact())));
    }
}
