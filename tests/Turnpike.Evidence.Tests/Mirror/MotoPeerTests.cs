using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Turnpike.Evidence.Tests.Mirror;

/// <summary>A real S3 server of other people's making that verifies signatures by Amazon's own library: moto_server (pip "moto[server,s3]").</summary>
public sealed partial class MotoPeerTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private Process? _server;
    private Uri _root = null!;
    private S3Credentials _credentials = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } program) return;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            _root = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        }
        var start = new ProcessStartInfo(program, ["-H", "127.0.0.1", "-p", _root.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _server = Process.Start(start);
        _server!.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        await WaitAsync();
        await IamAsync("Action=CreateUser&UserName=gateway");
        var answer = await IamAsync("Action=CreateAccessKey&UserName=gateway");
        _credentials = new S3Credentials(AccessKey().Match(answer).Groups[1].Value, SecretKey().Match(answer).Groups[1].Value);
        var policy = Uri.EscapeDataString("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}""");
        await IamAsync($"Action=PutUserPolicy&UserName=gateway&PolicyName=store&PolicyDocument={policy}");
        using var bucket = await _http.PutAsync(new Uri(_root, "evidence"), null, CancellationToken.None);
        bucket.EnsureSuccessStatusCode();
        // From here on every request must be signed.
        using var content = new StringContent("0");
        using var strict = await _http.PostAsync(new Uri(_root, "moto-api/reset-auth"), content, CancellationToken.None);
        strict.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false }) _server.Kill(entireProcessTree: true);
        _server?.Dispose();
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Real_server_accepts_our_signature_keeps_the_object_and_refuses_a_wrong_key()
    {
        if (_server is null) Assert.Skip("moto_server is not installed: pip install 'moto[server,s3]', or set TURNPIKE_MOTO to it.");
        var content = new byte[100_000];
        Random.Shared.NextBytes(content);
        var hash = new Turnpike.Core.Bytes32(System.Security.Cryptography.SHA256.HashData(content));
        var bucket = Bucket(_credentials);
        await bucket.PutAsync($"segments/{hash}.seg", content, Cancel);
        await bucket.PutAsync($"segments/{hash}.seg", content, Cancel);
        Assert.Equal(content, await bucket.GetAsync($"segments/{hash}.seg", hash, content.Length, Cancel));
        Assert.Null(await bucket.GetAsync("segments/none", hash, 1, Cancel));
        var refused = await Assert.ThrowsAsync<S3Exception>(() => Bucket(new S3Credentials(_credentials.AccessKey, "wrong")).PutAsync("other", content, Cancel));
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
    }

    private static string? Find() =>
        Environment.GetEnvironmentVariable("TURNPIKE_MOTO") is { Length: > 0 } named
            ? named
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "moto_server")).FirstOrDefault(File.Exists);

    private S3Bucket Bucket(S3Credentials credentials) => new(new S3BucketOptions { Endpoint = _root, Bucket = "evidence" }, credentials, _http, TimeProvider.System);

    private async Task<string> IamAsync(string action)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _root) { Content = new StringContent(action + "&Version=2010-05-08", null, "application/x-www-form-urlencoded") };
        request.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 Credential=setup/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0");
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }

    private async Task WaitAsync()
    {
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60);)
        {
            Assert.False(_server!.HasExited, "moto_server ended at once.");
            try
            {
                using var answer = await _http.GetAsync(new Uri(_root, "moto-api/"));
                return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
                await Task.Delay(50);
            }
        }
        Assert.Fail("moto_server did not listen within a minute.");
    }

    [GeneratedRegex("<AccessKeyId>([^<]+)<")]
    private static partial Regex AccessKey();

    [GeneratedRegex("<SecretAccessKey>([^<]+)<")]
    private static partial Regex SecretKey();
}
