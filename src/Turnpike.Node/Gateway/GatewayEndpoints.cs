using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Node.Api;
using Turnpike.Node.Market;

namespace Turnpike.Node.Gateway;

/// <summary>What a gateway answers to a piece that it keeps: a signed promise of its inclusion.</summary>
/// <param name="Identity">Names the piece.</param>
/// <param name="ReceivedAt">Unix milliseconds; the time that rules use.</param>
/// <param name="PromisedEpoch">The last epoch whose manifest may be the first to list it.</param>
/// <param name="Gateway">Whose promise it is.</param>
/// <param name="Signature">The gateway's, over the receipt as EIP-712 typed data.</param>
/// <param name="Duplicate">Whether it was here already.</param>
public sealed record ReceiptAnswer(string Identity, long ReceivedAt, ulong PromisedEpoch, string Gateway, string Signature, bool Duplicate);

/// <summary>Evidence and orders in.</summary>
internal static class GatewayEndpoints
{
    private const string Cose = "application/cose";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1").WithTags("gateway");
        group.MapPost("/evidence", ReceiveAsync).Accepts<byte[]>(Cose).Produces<ReceiptAnswer>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status400BadRequest)
            .WithMetadata(new BodyLimit(EnvelopeCodec.MaximumBytes)).WithSummary("A COSE_Sign1 envelope; acknowledged when it is durable.");
        group.MapGet("/evidence/{identity}", TrackAsync).Produces<PieceAnswer>().ProducesProblem(StatusCodes.Status404NotFound).WithMetadata(HeavyQuestion.Bulk).WithSummary("What became of a piece that was received at the time its receipt states: received, listed or certified, with a proof of inclusion.");
        group.MapGet("/commits/{epoch}", (ulong epoch, EvidenceTracker tracker) => epoch == 0 ? Problems.BadRequest("Epochs begin at 1.") : Results.Json(tracker.Commits(new EpochNumber(epoch)))).Produces<IReadOnlyList<CommitAnswer>>().WithSummary("An epoch's certified manifests as the chain has them.");
        group.MapPost("/orders", ReceiveOrderAsync).Accepts<byte[]>("application/json").Produces<ReceiptAnswer>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status400BadRequest)
            .WithMetadata(new BodyLimit(SignedOrder.MaxBytes)).WithSummary("A customer's signed order, one canonical JSON line.");
    }

    private static async Task<IResult> ReceiveAsync(HttpRequest request, [FromServices] EvidenceIntake intake, [FromServices] ReceiptIssuer receipts, CancellationToken cancellation)
    {
        if (await ReadBodyAsync(request, EnvelopeCodec.MaximumBytes, cancellation) is not { } raw) return Problems.Refused(AdmissionCode.TooLarge, Bytes32.Zero);
        return await AnswerAsync(await intake.ReceiveAsync(raw, cancellation), receipts, cancellation);
    }

    private static async Task<IResult> TrackAsync(string identity, long receivedAt, [FromServices] EvidenceTracker tracker, CancellationToken cancellation)
    {
        if (!Bytes32.TryParse(identity, out var name) || receivedAt < 0) return Problems.BadRequest("An identity is 0x and 64 hexadecimal digits; receivedAt is what its receipt states.");
        return await tracker.TrackAsync(name, receivedAt, cancellation) is { } answer ? Results.Json(answer) : Problems.NotFound($"No piece {identity} received at {receivedAt} is here.");
    }

    private static async Task<IResult> ReceiveOrderAsync(HttpRequest request, [FromServices] EvidenceIntake intake, [FromServices] ReceiptIssuer receipts, CancellationToken cancellation)
    {
        if (await ReadBodyAsync(request, SignedOrder.MaxBytes, cancellation) is not { } raw) return Problems.Refused(AdmissionCode.TooLarge, Bytes32.Zero);
        return SignedOrder.TryDecode(raw, out var order, out var problem) ? await AnswerAsync(await intake.ReceiveOrderAsync(order, cancellation), receipts, cancellation) : Problems.BadRequest(problem);
    }

    private static async Task<IResult> AnswerAsync(IntakeResult result, ReceiptIssuer receipts, CancellationToken cancellation)
    {
        if (!result.IsKept) return Problems.Refused(result.Code, result.Identity);
        var signed = await receipts.IssueAsync(result.Identity, result.ReceivedAt, cancellation);
        var receipt = signed.Receipt;
        var answer = new ReceiptAnswer(receipt.Identity.ToString(), receipt.ReceivedAt, receipt.PromisedEpoch.Value, receipt.Gateway.ToString(), Hex.Format(signed.Signature.ToCompact()), result.Code == AdmissionCode.Duplicate);
        return Results.Json(answer, statusCode: StatusCodes.Status202Accepted);
    }

    // Reads one byte more than allowed at most, whatever the request claims.
    private static async Task<byte[]?> ReadBodyAsync(HttpRequest request, int limit, CancellationToken cancellation)
    {
        if (request.ContentLength > limit) return null;
        var buffer = new byte[limit + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return length > limit ? null : buffer[..length];
    }

    private sealed class BodyLimit(long bytes) : IRequestSizeLimitMetadata
    {
        // Kestrel drops the connection of who sends far more; our own check answers with the code.
        public long? MaxRequestBodySize => bytes + 1024;
    }
}
