using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Turnpike.Evm.Rpc;

/// <summary>One HTTP POST and its JSON answer, within a time and a size; everything that can go wrong becomes an <see cref="RpcException"/>.</summary>
internal sealed class JsonRpcExchange(HttpClient http, Uri address, string endpoint, JsonRpcOptions options, TimeProvider time)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public async Task<JsonElement> PostAsync(string method, byte[] body, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = Json;
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            return await ReadAsync(response, method, linked.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(RpcFault.Timeout, method, endpoint, $"no complete answer within {options.Timeout.TotalSeconds:0.###} s", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new RpcException(RpcFault.Transport, method, endpoint, $"the exchange broke ({Reason(e)})", e);
        }
    }

    private async Task<JsonElement> ReadAsync(HttpResponseMessage response, string method, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (status == 429 || status >= 500)
        {
            var fault = status == 429 ? RpcFault.RateLimited : RpcFault.EndpointTrouble;
            throw new RpcException(fault, method, endpoint, $"HTTP {status}") { Code = status, RetryAfter = WaitAsked(response.Headers.RetryAfter) };
        }
        if (response.StatusCode == HttpStatusCode.RequestEntityTooLarge) throw new RpcException(RpcFault.HttpStatus, method, endpoint, "HTTP 413: the request is too large") { Code = status };
        var root = await ParseAsync(response, method, cancellationToken);
        // Several servers answer 400 or 403 with a proper JSON-RPC error inside; anything else with such a status is not the node speaking.
        if (!response.IsSuccessStatusCode && !(root is { ValueKind: JsonValueKind.Object } answer && answer.TryGetProperty("error", out _)))
            throw new RpcException(RpcFault.HttpStatus, method, endpoint, $"HTTP {status}: check the address and its key") { Code = status };
        return root ?? throw new RpcException(RpcFault.Malformed, method, endpoint, "the answer is not JSON");
    }

    // Seconds or a date (RFC 9110, section 10.2.3).
    private TimeSpan? WaitAsked(RetryConditionHeaderValue? header) => header?.Delta ?? header?.Date - time.GetUtcNow();

    private async Task<JsonElement?> ParseAsync(HttpResponseMessage response, string method, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var body = new ArrayBufferWriter<byte>(16 << 10);
        while (true)
        {
            var read = await stream.ReadAsync(body.GetMemory(8 << 10), cancellationToken);
            if (read == 0) break;
            body.Advance(read);
            if (body.WrittenCount > options.MaxResponseBytes)
                throw new RpcException(RpcFault.ResponseTooLarge, method, endpoint, $"the answer exceeds {options.MaxResponseBytes} bytes");
        }
        try
        {
            return JsonElement.Parse(body.WrittenSpan, Strict);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: a property name with a lone surrogate
        {
            return null;
        }
    }

    // The inner-most error's kind, without its text: texts of the HTTP stack may hold the whole address.
    private static string Reason(Exception e) => e is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http ? http.HttpRequestError.ToString()
        : e is HttpIOException io ? io.HttpRequestError.ToString()
        : e.GetBaseException().GetType().Name;
}
