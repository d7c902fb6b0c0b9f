using Microsoft.AspNetCore.Http;
using Turnpike.Core;
using Turnpike.Evidence;

namespace Turnpike.Node.Api;

/// <summary>Refusals as RFC 9457 problem details with the stable code.</summary>
internal static class Problems
{
    public static IResult Refused(AdmissionCode code, Bytes32 identity)
    {
        var described = AdmissionCodes.Describe(code);
        var status = code switch
        {
            AdmissionCode.RateLimited or AdmissionCode.QuotaExceeded or AdmissionCode.TooManyOrders => StatusCodes.Status429TooManyRequests,
            AdmissionCode.NoDeposit => StatusCodes.Status402PaymentRequired,
            AdmissionCode.LogUnavailable => StatusCodes.Status503ServiceUnavailable,
            AdmissionCode.TooLarge => StatusCodes.Status413PayloadTooLarge,
            AdmissionCode.UnknownDevice or AdmissionCode.SuspendedDevice or AdmissionCode.BadSignature => StatusCodes.Status403Forbidden,
            _ => StatusCodes.Status400BadRequest,
        };
        return Results.Problem(
            title: described.Name,
            detail: described.Description,
            statusCode: status,
            type: $"urn:turnpike:code:{described.Number}",
            extensions: new Dictionary<string, object?> { ["code"] = described.Number, ["identity"] = identity.ToString() });
    }

    public static IResult NotFound(string detail) => Results.Problem(title: "not-found", detail: detail, statusCode: StatusCodes.Status404NotFound);

    public static IResult BadRequest(string detail) => Results.Problem(title: "bad-request", detail: detail, statusCode: StatusCodes.Status400BadRequest);
}
