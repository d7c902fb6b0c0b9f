using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>An object store's answer that no retry will change; the message says which request and what was answered.</summary>
public sealed class S3Exception(string message, HttpStatusCode status, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; } = status;
}

/// <summary>Where a bucket is.</summary>
public sealed class S3BucketOptions
{
    /// <summary>The store's root URL; the bucket is addressed by path, which every store understands.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The bucket; it exists already.</summary>
    public required string Bucket { get; init; }

    /// <summary>The region that requests are signed for. Default us-east-1, which stores without regions expect.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>What names begin with, for instance "network/". Default nothing.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Tries of a request that failed for a reason that may pass. Default 5.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>Wait before the second try; doubled for each further one. Default 200 ms.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(200);
}

/// <summary>
/// Objects of a bucket, each named by the SHA-256 of its content, which is also the payload hash that the request signs: a store that keeps other bytes breaks the signature, and
/// what is read is proved against its name. Putting again is harmless. Server errors, throttling and broken connections are tried again with growing waits. Thread-safe.
/// </summary>
public sealed class S3Bucket(S3BucketOptions options, S3Credentials credentials, HttpClient http, TimeProvider time)
{
    private static readonly string EmptyHash = S3Signature.HexSha256([]);

    /// <summary>Puts an object unless it is there with as many bytes.</summary>
    /// <exception cref="S3Exception">The store refuses.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public async Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var head = await SendAsync(HttpMethod.Head, name, null, cancellationToken);
        if (head.StatusCode == HttpStatusCode.OK && head.Content.Headers.ContentLength == content.Length) return;
        if (head.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NotFound)) throw Refused(HttpMethod.Head, name, head.StatusCode);
        using var put = await SendAsync(HttpMethod.Put, name, content, cancellationToken);
        if (!put.IsSuccessStatusCode) throw Refused(HttpMethod.Put, name, put.StatusCode);
    }

    /// <summary>Whether an object is there.</summary>
    /// <exception cref="S3Exception">The store refuses.</exception>
    public async Task<bool> HasAsync(string name, CancellationToken cancellationToken)
    {
        using var head = await SendAsync(HttpMethod.Head, name, null, cancellationToken);
        if (head.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound) return head.StatusCode == HttpStatusCode.OK;
        throw Refused(HttpMethod.Head, name, head.StatusCode);
    }

    /// <summary>An object's bytes if their SHA-256 is the hash given; null when the store does not hold it.</summary>
    /// <exception cref="S3Exception">The store refuses.</exception>
    /// <exception cref="EvidenceCorruptException">The store holds other bytes, or more than allowed.</exception>
    public async Task<byte[]?> GetAsync(string name, Bytes32 sha256, int maximumBytes, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, name, null, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound) return null;
        if (!answer.IsSuccessStatusCode) throw Refused(HttpMethod.Get, name, answer.StatusCode);
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new MemoryStream();
        var chunk = new byte[81920];
        for (int read; (read = await stream.ReadAsync(chunk, cancellationToken)) > 0;)
        {
            if (buffer.Length + read > maximumBytes) throw new EvidenceCorruptException(UrlOf(name).ToString(), $"it has more than {maximumBytes} bytes");
            buffer.Write(chunk, 0, read);
        }
        var bytes = buffer.ToArray();
        var found = new Bytes32(SHA256.HashData(bytes));
        return found == sha256 ? bytes : throw new EvidenceCorruptException(UrlOf(name).ToString(), $"its SHA-256 is {found}");
    }

    private string PathOf(string name) => options.Endpoint.AbsolutePath.TrimEnd('/') + "/" + string.Join('/', (options.Bucket + "/" + options.Prefix + name).Split('/').Select(S3Signature.Escape));

    private Uri UrlOf(string name) => new(options.Endpoint.GetLeftPart(UriPartial.Authority) + PathOf(name));

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string name, ReadOnlyMemory<byte>? content, CancellationToken cancellationToken)
    {
        var wait = options.FirstWait;
        for (var left = options.Tries - 1; ; left--, wait *= 2)
        {
            try
            {
                using var request = Sign(method, name, content);
                var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (left <= 0 || !MayPass(answer.StatusCode)) return answer;
                answer.Dispose();
            }
            catch (Exception fault) when (left > 0 && (fault is HttpRequestException || fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // The connection broke or the store was too slow: the wait and the next try are the whole answer; the last one throws.
            }
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private HttpRequestMessage Sign(HttpMethod method, string name, ReadOnlyMemory<byte>? content)
    {
        var url = UrlOf(name);
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = url.IsDefaultPort ? url.Host : FormattableString.Invariant($"{url.Host}:{url.Port}"),
            ["x-amz-content-sha256"] = content is { } body ? S3Signature.HexSha256(body.Span) : EmptyHash,
            ["x-amz-date"] = time.GetUtcNow().UtcDateTime.ToString(S3Signature.DateFormat, CultureInfo.InvariantCulture),
        };
        var request = new HttpRequestMessage(method, url);
        request.Headers.TryAddWithoutValidation("Authorization", S3Signature.Authorize(credentials, options.Region, method.Method, PathOf(name), "", headers));
        foreach (var (header, value) in headers) request.Headers.TryAddWithoutValidation(header, value);
        if (content is { } sent) request.Content = new ReadOnlyMemoryContent(sent);
        return request;
    }

    // A signature's time may be a little off on the next try as on this one: 403 is no such case.
    private static bool MayPass(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;

    private S3Exception Refused(HttpMethod method, string name, HttpStatusCode status) =>
        new($"{method} {UrlOf(name)} was answered {(int)status}.{(status == HttpStatusCode.Forbidden ? " Check the key, the bucket's policy and this machine's clock." : "")}", status);
}
