using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Turnpike.Evidence.Tests.Mirror;

/// <summary>
/// An object store in memory that checks what a real one checks: the signature, recomputed here from the request as it came by code of its own; its time; and that the body is what was signed. It can be told to fail.
/// </summary>
internal sealed class FakeStore(string accessKey, string secretKey, TimeProvider time) : HttpMessageHandler
{
    public Dictionary<string, byte[]> Objects { get; } = [];

    public List<string> Requests { get; } = [];

    /// <summary>Answers given before the store does its work, first to last.</summary>
    public Queue<HttpStatusCode> Failures { get; } = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.GetComponents(UriComponents.Path | UriComponents.KeepDelimiter, UriFormat.UriEscaped);
        Requests.Add($"{request.Method} {path}");
        if (Failures.TryDequeue(out var failure)) return new HttpResponseMessage(failure);
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!IsSigned(request, path, body)) return new HttpResponseMessage(HttpStatusCode.Forbidden);
        if (request.Method == HttpMethod.Put)
        {
            Objects[path] = body;
            return new HttpResponseMessage(HttpStatusCode.OK);
        }
        return Objects.TryGetValue(path, out var found) ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(found) } : new HttpResponseMessage(HttpStatusCode.NotFound);
    }

    private bool IsSigned(HttpRequestMessage request, string path, byte[] body)
    {
        string Header(string name) => request.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
        var parts = Header("Authorization").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        var (scope, date) = (parts["Credential"].Split('/'), Header("x-amz-date"));
        if (scope[0] != accessKey || scope[4] != "aws4_request" || Header("x-amz-content-sha256") != Convert.ToHexStringLower(SHA256.HashData(body))) return false;
        if (!DateTimeOffset.TryParseExact(date, "yyyyMMddTHHmmssZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) || (time.GetUtcNow() - at).Duration() > TimeSpan.FromMinutes(15)) return false;
        var signed = parts["SignedHeaders"].Split(';');
        if (!signed.Contains("host") || !signed.Contains("x-amz-date")) return false;
        var canonical = string.Join('\n', [request.Method.Method, path, request.RequestUri!.Query.TrimStart('?'), .. signed.Select(name => $"{name}:{Header(name)}"), "", parts["SignedHeaders"], Header("x-amz-content-sha256")]);
        var key = Encoding.UTF8.GetBytes("AWS4" + secretKey);
        foreach (var part in scope[1..]) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        var text = $"AWS4-HMAC-SHA256\n{date}\n{string.Join('/', scope[1..])}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        return parts["Signature"] == Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }
}
