using System.Text.Json;
using Turnpike.Core;

namespace Turnpike.Node.Oracle.Peers;

/// <summary>A node's answer to another: a status and JSON.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The JSON.</param>
public readonly record struct PeerReply(int Status, ReadOnlyMemory<byte> Body)
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { MaxDepth = 8 };

    /// <summary>Whether what was asked is in the body.</summary>
    public bool IsGiven => Status == 200;

    /// <summary>The code of a refusal; 0 when the peer gave none.</summary>
    public int Code => Refusal?.Code ?? 0;

    /// <summary>Why the peer refused; null when it did not say.</summary>
    public string? Detail => Refusal?.Detail;

    private ProblemBody? Refusal => IsGiven || !TryRead<ProblemBody>(out var problem) ? null : problem;

    /// <summary>What was asked.</summary>
    public static PeerReply Of<T>(T value) => new(200, JsonSerializer.SerializeToUtf8Bytes(value, Json));

    /// <summary>A refusal as an RFC 9457 problem with its code.</summary>
    public static PeerReply Refuse(VerdictCode code, string? detail = null)
    {
        var status = code == PeerCodes.TooFast ? 429 : code == PeerCodes.NotSigned || code == PeerCodes.BadSignature ? 401 : code == PeerCodes.NotMember ? 403 : code == PeerCodes.Malformed ? 400 : 409;
        return new PeerReply(status, JsonSerializer.SerializeToUtf8Bytes(new ProblemBody($"urn:turnpike:code:{code.Number}", code.Name, status, detail ?? code.Description, code.Number), Json));
    }

    /// <summary>Reads the body; false when it is not what was asked, whatever the peer sent.</summary>
    public bool TryRead<T>(out T value) => TryRead(Body.Span, out value);

    internal static bool TryRead<T>(ReadOnlySpan<byte> body, out T value)
    {
        value = default!;
        try
        {
            if (JsonSerializer.Deserialize<T>(body, Json) is not { } read) return false;
            value = read;
            return true;
        }
        catch (JsonException)
        {
            // The framework has no reader that answers instead of throwing; malformed input is an expected refusal here.
            return false;
        }
    }

    private sealed record ProblemBody(string Type, string Title, int Status, string Detail, int Code);
}
