using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Turnpike.Core;
using Turnpike.Node.Api;
using Turnpike.Node.Epochs;

namespace Turnpike.Node.Oracle;

/// <summary>The oracles' endpoints: certificates for gateways, signatures for each other.</summary>
internal static class OracleEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/oracle").WithTags("oracle");
        group.MapPost("/availability", CertifyAsync).Produces<SignatureAnswer>().ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Fetches a manifest and all it lists, and signs that every byte is held.").WithRequestTimeout(Door.Transfer);
        group.MapGet("/signatures/{epoch}/{attempt}", Signature).Produces<SignatureAnswer>().WithSummary("This oracle's signature of an epoch's report.");
        group.MapGet("/observations/{round}", ObserveAsync).Produces<ObservationAnswer>().WithSummary("What this oracle sees of the token's price, signed for a round.");
    }

    private static async Task<IResult> ObserveAsync(ulong round, [FromServices] PriceObserver observer, CancellationToken cancellation)
    {
        var (timestamp, price, signature) = await observer.ObserveAsync(round, cancellation);
        return Results.Json(new ObservationAnswer(timestamp, new Credits(price.UsdE8).ToString(), Hex.Format(signature.ToCompact())));
    }

    private static async Task<IResult> CertifyAsync(AvailabilityRequest request, [FromServices] NodeContext node, [FromServices] OracleWork work, CancellationToken cancellation)
    {
        if (request.Epoch == 0 || !Address.TryParse(request.Gateway, out var gateway) || !Bytes32.TryParse(request.ManifestHash, out var manifest)) return Problems.BadRequest("A certificate is asked for an epoch from 1, a gateway's address and a manifest's hash.");
        try
        {
            var signature = await work.CertifyAsync(new EpochNumber(request.Epoch), gateway, manifest, request.ByteCount, cancellation);
            node.Meters.Oracle.NoteCertificate(signed: true);
            return Results.Json(new SignatureAnswer(Hex.Format(signature.ToCompact())));
        }
        catch (EvidenceException refusal)
        {
            node.Meters.Oracle.NoteCertificate(signed: false);
            return Results.Problem(title: "not-certified", detail: refusal.Message, statusCode: StatusCodes.Status409Conflict);
        }
    }

    private static IResult Signature(ulong epoch, uint attempt, [FromServices] OracleWork work) =>
        work.Latest is { } signed && signed.Computed.Report.Epoch == epoch && signed.Computed.Report.Attempt == attempt
            ? Results.Json(new SignatureAnswer(Hex.Format(signed.Signature.ToCompact())))
            : Problems.NotFound($"Epoch {epoch}, attempt {attempt}, is not computed here yet, or long ago.");
}
