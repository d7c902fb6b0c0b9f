using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Turnpike.Bench.Faults;

/// <summary>
/// The wires between all: every process sends all its HTTP through a forward proxy of its own, real sockets on loopback, which knows who asks and whom. There a message is
/// delayed (so that two sent in order arrive in another), delivered twice, its answer lost, or the pair is cut. Each choice follows from the seed, the pair and the message's number on that
/// pair alone.
/// </summary>
internal sealed class FaultLinks : IAsyncDisposable
{
    /// <summary>The devices' place among those who ask.</summary>
    public const int Devices = -2;

    /// <summary>The chain's place among those who are asked.</summary>
    public const int Chain = -1;

    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2) });
    private readonly int _seed;
    private readonly ConcurrentDictionary<int, int> _bySourcePort = new();
    private readonly ConcurrentDictionary<int, int> _byTargetPort = new();
    private readonly ConcurrentDictionary<(int From, int To), int> _counts = new();
    private readonly ConcurrentDictionary<(int From, int To), byte> _cut = new();
    private readonly ConcurrentDictionary<int, int> _lags = new();
    private long _messages, _delayed, _twice, _lost, _refused;

    private FaultLinks(WebApplication app, int seed)
    {
        _app = app;
        _seed = seed;
    }

    /// <summary>What happened to messages so far.</summary>
    public string Summary => $"{_messages} messages: {_delayed} delayed, {_twice} delivered twice, {_lost} answers lost, {_refused} cut off";

    /// <summary>Opens a port for each who asks.</summary>
    public static async Task<FaultLinks> StartAsync(int seed, IReadOnlyList<int> sources, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var _ in sources) kestrel.Listen(System.Net.IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = 16 << 20;
        });
        var app = builder.Build();
        var links = new FaultLinks(app, seed);
        app.Run(links.ForwardAsync);
        await app.StartAsync(cancellation);
        foreach (var (url, source) in app.Urls.Zip(sources)) links._bySourcePort[new Uri(url).Port] = source;
        return links;
    }

    /// <summary>The proxy of one who asks.</summary>
    public Uri ProxyOf(int source) => new($"http://127.0.0.1:{_bySourcePort.Single(port => port.Value == source).Key}/");

    /// <summary>Names who listens at a URL.</summary>
    public void Know(Uri url, int target) => _byTargetPort[url.Port] = target;

    /// <summary>Cuts a pair, both ways, or mends it.</summary>
    public void Cut(int one, int other, bool cut)
    {
        foreach (var pair in new[] { (one, other), (other, one) })
        {
            if (cut) _cut[pair] = 0;
            else _cut.TryRemove(pair, out _);
        }
    }

    /// <summary>Makes every message from and to a node late by up to so many milliseconds; 0 ends it.</summary>
    public void Lag(int node, int milliseconds) => _lags[node] = milliseconds;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (!Uri.TryCreate(raw, UriKind.Absolute, out var target) || !_bySourcePort.TryGetValue(context.Connection.LocalPort, out var from) || !_byTargetPort.TryGetValue(target.Port, out var to))
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            return;
        }
        Interlocked.Increment(ref _messages);
        var chance = new Random(HashCode(from, to, _counts.AddOrUpdate((from, to), 1, (_, count) => count + 1)));
        var body = await ReadAsync(context.Request);
        await WaitAsync(from, to, chance, context.RequestAborted);
        if (_cut.ContainsKey((from, to)))
        {
            Interlocked.Increment(ref _refused);
            context.Abort();
            return;
        }
        // The chain's writes are in a journal and its reads repeat anyway: what the nodes tell each other is what must bear this.
        if (to != Chain && chance.NextDouble() < 0.05)
        {
            Interlocked.Increment(ref _twice);
            using var first = await TrySendAsync(context.Request, target, body, context.RequestAborted);
        }
        using var answer = await TrySendAsync(context.Request, target, body, context.RequestAborted);
        if (answer is null || (chance.NextDouble() < 0.01 && Lose()) || _cut.ContainsKey((from, to))) context.Abort();
        else await AnswerAsync(context, answer);
    }

    private bool Lose()
    {
        Interlocked.Increment(ref _lost);
        return true;
    }

    private async Task WaitAsync(int from, int to, Random chance, CancellationToken cancellation)
    {
        var lag = Math.Max(_lags.GetValueOrDefault(from), _lags.GetValueOrDefault(to));
        var wait = lag > 0 ? chance.Next(lag / 4, lag) : to != Chain && chance.NextDouble() < 0.3 ? chance.Next(150) : 0;
        if (wait == 0) return;
        Interlocked.Increment(ref _delayed);
        await Task.Delay(wait, cancellation);
    }

    // Not the framework's HashCode, which differs from run to run.
    private int HashCode(int from, int to, int number) => (int)((((uint)_seed * 31 + (uint)(from + 7)) * 131 + (uint)(to + 7)) * 2654435761u + (uint)number * 40503u);

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        return buffer.ToArray();
    }

    private async Task<HttpResponseMessage?> TrySendAsync(HttpRequest request, Uri target, byte[] body, CancellationToken cancellation)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), target);
        if (body.Length > 0 || request.ContentType is not null) message.Content = new ByteArrayContent(body);
        foreach (var (name, values) in request.Headers)
        {
            if (name is "Host" or "Connection" or "Proxy-Connection" or "Content-Length" or "Transfer-Encoding" or "Expect") continue;
            if (!message.Headers.TryAddWithoutValidation(name, values.ToArray())) message.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }
        try
        {
            return await _http.SendAsync(message, HttpCompletionOption.ResponseContentRead, cancellation);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task AnswerAsync(HttpContext context, HttpResponseMessage answer)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (name is "Transfer-Encoding" or "Connection" or "Date" or "Keep-Alive") continue;
            context.Response.Headers[name] = values.ToArray();
        }
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
