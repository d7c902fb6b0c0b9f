using System.Security.Cryptography;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Ledger;

namespace Turnpike.Node.Epochs;

/// <summary>
/// Evidence as nodes serve it by hash. Several may have it; each is asked in turn until one sends bytes that have the hash, so that a gateway that is gone, removed or lying hides nothing that an
/// oracle certified, and nobody has to be believed.
/// </summary>
public sealed class PublishedEvidence(HttpClient http, Func<EvidenceCommit, IReadOnlyList<string>> places) : IEvidenceSource
{
    // Between two reads, not for the whole: a large segment may take its time, a peer that sends nothing may not.
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(10);

    /// <summary>Where the evidence of a commit may be: at its gateway, removed since or not, then at the oracles of the epoch it was committed for, who signed that they hold it, then at today's.</summary>
    /// <param name="state">The ledger.</param>
    /// <param name="commit">The commit.</param>
    public static IReadOnlyList<string> PlacesOf(LedgerState state, EvidenceCommit commit)
    {
        var places = new List<string>();
        if (state.GatewayUrls.TryGetValue(commit.Gateway, out var gateway)) places.Add(gateway);
        places.AddRange(state.OraclesAt(new EpochNumber(commit.Epoch)).Endpoints);
        places.AddRange(state.OracleSets[^1].Endpoints);
        return [.. places.Distinct(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> ManifestAsync(EvidenceCommit commit, CancellationToken cancellation) =>
        FirstAsync(commit, "Manifest", commit.ManifestHash, $"v1/manifests/{commit.ManifestHash}", ManifestCodec.MaximumBytes, cancellation);

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> SegmentAsync(EvidenceCommit commit, SegmentSummary segment, CancellationToken cancellation) =>
        FirstAsync(commit, "Segment", segment.Sha256, $"v1/segments/{segment.Sha256}", segment.Bytes, cancellation);

    private async Task<ReadOnlyMemory<byte>> FirstAsync(EvidenceCommit commit, string what, Bytes32 sha256, string path, int maxBytes, CancellationToken cancellation)
    {
        var problems = new List<string>();
        foreach (var place in places(commit))
        {
            try
            {
                var bytes = await FetchAsync(new Uri(new Uri(place.EndsWith('/') ? place : place + "/"), path), maxBytes, cancellation);
                var found = new Bytes32(SHA256.HashData(bytes.Span));
                if (found == sha256) return bytes;
                problems.Add($"{place} sends other bytes, of SHA-256 {found}");
            }
            catch (Exception fault) when (fault is EvidenceException or HttpRequestException or IOException or UriFormatException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                problems.Add($"{place}: {(fault is OperationCanceledException ? "no answer" : fault.Message)}");
            }
        }
        throw new EvidenceException($"{what} {sha256} of gateway {commit.Gateway}, epoch {commit.Epoch}, cannot be had: {(problems.Count == 0 ? "the chain names nobody who has it" : string.Join("; ", problems))}.");
    }

    private async Task<ReadOnlyMemory<byte>> FetchAsync(Uri url, int maxBytes, CancellationToken cancellation)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(Stall);
        using var answer = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, stall.Token);
        if (!answer.IsSuccessStatusCode) throw new EvidenceException($"answers {(int)answer.StatusCode}");
        await using var stream = await answer.Content.ReadAsStreamAsync(stall.Token);
        using var buffer = new MemoryStream();
        var chunk = new byte[81920];
        for (int read; (read = await stream.ReadAsync(chunk, stall.Token)) > 0;)
        {
            if (buffer.Length + read > maxBytes) throw new EvidenceException($"sends more than the {maxBytes} bytes expected");
            buffer.Write(chunk, 0, read);
            stall.CancelAfter(Stall);
        }
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
