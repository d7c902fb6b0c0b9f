using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Node.Api;

namespace Turnpike.Node.Epochs;

/// <summary>The evidence that this node can serve by hash: what its oracle certified or fetched, and what its gateway sealed.</summary>
public sealed class EvidenceShelf(IReadOnlyList<EvidenceStore> stores)
{
    /// <summary>A manifest's bytes; null when no store holds it.</summary>
    public async Task<byte[]?> ManifestAsync(Bytes32 hash, CancellationToken cancellation)
    {
        foreach (var store in stores)
            if (store.TryGetManifest(hash, out _)) return await store.ReadManifestAsync(hash, cancellation);
        return null;
    }

    /// <summary>A segment's bytes, verified; null when no store holds them.</summary>
    public async Task<Stream?> SegmentAsync(Bytes32 sha256, CancellationToken cancellation)
    {
        foreach (var store in stores)
            if (store.TryGetSegment(sha256, out _)) return await store.OpenSegmentAsync(sha256, cancellation);
        return null;
    }
}

/// <summary>Manifests and segments out, the same paths at gateways and oracles.</summary>
internal static class EvidenceEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1").WithTags("evidence");
        group.MapGet("/manifests/{hash}", ManifestAsync).AddEndpointFilter(ByHash.FilterAsync).WithSummary("A manifest's bytes by its hash.");
        group.MapGet("/segments/{hash}", SegmentAsync).AddEndpointFilter(ByHash.FilterAsync).WithMetadata(HeavyQuestion.Bulk).WithSummary("A segment's bytes by their SHA-256.").WithRequestTimeout(Door.Transfer);
    }

    private static async Task<IResult> ManifestAsync(string hash, EvidenceShelf shelf, CancellationToken cancellation) =>
        Bytes32.TryParse(hash, out var name) && await shelf.ManifestAsync(name, cancellation) is { } bytes ? Results.Bytes(bytes, "application/json") : Problems.NotFound($"No manifest {hash} is here.");

    private static async Task<IResult> SegmentAsync(string hash, EvidenceShelf shelf, CancellationToken cancellation) =>
        Bytes32.TryParse(hash, out var name) && await shelf.SegmentAsync(name, cancellation) is { } stream ? Results.Stream(stream, "application/octet-stream") : Problems.NotFound($"No segment {hash} is here.");
}
