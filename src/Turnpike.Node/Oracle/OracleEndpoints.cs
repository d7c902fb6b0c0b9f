using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Turnpike.Core;
using Turnpike.Node.Api;
using Turnpike.Node.Oracle.Peers;
using Turnpike.Node.Oracle.Rounds;

namespace Turnpike.Node.Oracle;

/// <summary>
/// What oracles answer: to gateways certificates, to each other commitments, reveals and observations, all of it signed both ways; to everybody who signed what.
/// </summary>
internal static class OracleEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/oracle").WithTags("oracle");
        group.MapPost("/availability", (HttpContext http, [FromServices] NodeContext node, [FromServices] PeerGate gate, [FromServices] Certifier certifier) =>
                gate.HandleAsync(http, sender => node.History.Read(state => state.Gateways.ContainsKey(sender)), async (sender, body, cancellation) =>
                {
                    var reply = await certifier.CertifyAsync(sender, body, cancellation);
                    node.Meters.Oracle.NoteCertificate(reply.IsGiven);
                    return reply;
                }))
            .Accepts<AvailabilityRequest>("application/json").Produces<SignatureAnswer>().ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("Signed by a gateway. Fetches a manifest and all it lists, and signs that every byte is held.").WithRequestTimeout(Door.Transfer);
        group.MapPost("/rounds/{epoch}/{attempt}", (ulong epoch, uint attempt, HttpContext http, [FromServices] NodeContext node, [FromServices] PeerGate gate, [FromServices] RoundExchange exchange) =>
                gate.HandleAsync(http, sender => IsOracleOf(node, epoch, sender), (sender, body, _) => Task.FromResult(exchange.Answer(new RoundKey(epoch, attempt), sender, body.Span))))
            .Accepts<RoundMessage>("application/json").Produces<RoundMessage>().ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("Signed by an oracle of the epoch. Commitments and reveals of an epoch's report, both ways.");
        group.MapGet("/observations/{round}", (ulong round, HttpContext http, [FromServices] PeerGate gate, [FromServices] PriceObserver observer) =>
                gate.HandleAsync(http, sender => observer.CurrentOracles().Oracles.Contains(sender), (_, _, cancellation) => observer.AnswerAsync(round, cancellation)))
            .Produces<ObservationAnswer>().ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("Signed by an oracle. What this oracle sees of the token's price, signed for a round.");
        routes.MapGet("/v1/epochs/{epoch}/signatures", (ulong epoch, [FromServices] EpochSignatures signatures) => signatures.Of(epoch) is { } view ? Results.Json(view) : Problems.NotFound($"Epoch {epoch} is not settled."))
            .WithTags("public").Produces<EpochSignaturesView>().WithSummary("Who signed what of an epoch: every oracle agreed, was late or silent, or signed something else, with the proof.");
    }

    private static bool IsOracleOf(NodeContext node, ulong epoch, Address account) => epoch > 0 && node.History.Read(state => state.OraclesAt(new EpochNumber(epoch)).Oracles.Contains(account));
}
