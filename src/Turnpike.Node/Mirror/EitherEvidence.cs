using Turnpike.Evidence;
using Turnpike.Ledger;
using Turnpike.Node.Epochs;

namespace Turnpike.Node.Mirror;

/// <summary>Evidence from one source, and what that cannot give from another.</summary>
public sealed class EitherEvidence(IEvidenceSource first, IEvidenceSource second) : IEvidenceSource
{
    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> ManifestAsync(EvidenceCommit commit, CancellationToken cancellation) => TryAsync(source => source.ManifestAsync(commit, cancellation));

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> SegmentAsync(EvidenceCommit commit, SegmentSummary segment, CancellationToken cancellation) => TryAsync(source => source.SegmentAsync(commit, segment, cancellation));

    private async Task<ReadOnlyMemory<byte>> TryAsync(Func<IEvidenceSource, Task<ReadOnlyMemory<byte>>> read)
    {
        string absent;
        try
        {
            return await read(first);
        }
        catch (EvidenceException fault)
        {
            absent = fault.Message;
        }
        try
        {
            return await read(second);
        }
        catch (EvidenceException fault)
        {
            throw new EvidenceException($"{absent} {fault.Message}", fault);
        }
    }
}
