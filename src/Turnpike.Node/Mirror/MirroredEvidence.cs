using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Ledger;
using Turnpike.Node.Epochs;

namespace Turnpike.Node.Mirror;

/// <summary>Evidence read from a mirror by hash: for an auditor after the gateways' own retention, or when a gateway is gone.</summary>
public sealed class MirroredEvidence(EvidenceMirror mirror) : IEvidenceSource
{
    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> ManifestAsync(EvidenceCommit commit, CancellationToken cancellation) => ReadAsync(() => mirror.ManifestAsync(commit.ManifestHash, cancellation), "manifest", commit.ManifestHash, cancellation);

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> SegmentAsync(EvidenceCommit commit, SegmentSummary segment, CancellationToken cancellation) => ReadAsync(() => mirror.SegmentAsync(segment, cancellation), "segment", segment.Sha256, cancellation);

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Func<Task<byte[]?>> read, string what, Bytes32 hash, CancellationToken cancellation)
    {
        try
        {
            return await read() ?? throw new EvidenceException($"The {what} {hash} is not in the mirror.");
        }
        catch (Exception fault) when (fault is HttpRequestException or S3Exception or EvidenceCorruptException or IOException || fault is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new EvidenceException($"The {what} {hash} cannot be had from the mirror: {fault.Message}", fault);
        }
    }
}
