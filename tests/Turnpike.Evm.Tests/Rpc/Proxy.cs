using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Turnpike.Evm.Tests.Rpc;

/// <summary>An HTTP server in front of a node that passes requests on, refuses, lies or hangs up, as the test says. Real sockets on loopback.</summary>
internal sealed class Proxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Uri? _node;
    private readonly Task _serving;
    private int _requests;

    /// <summary>Passes on to <paramref name="node"/> what no rule answers; without a node every request needs a rule.</summary>
    public Proxy(Uri? node = null)
    {
        _node = node;
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}/");
        _serving = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    public int Requests => _requests;

    /// <summary>Sees the request (an object or an array) and either answers or gives null to pass it on.</summary>
    public Func<JsonNode, Answer?> Rule { get; set; } = static _ => null;

    /// <summary>Sees the node's answer to a request and may change it.</summary>
    public Func<JsonNode, JsonNode, JsonNode> Change { get; set; } = static (_, answer) => answer;

    public static JsonObject Error(JsonNode request, int code, string message, JsonNode? data = null)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = message };
        if (data is not null) error["data"] = data;
        return new JsonObject { ["jsonrpc"] = "2.0", ["id"] = request["id"]?.DeepClone(), ["error"] = error };
    }

    public static JsonObject Result(JsonNode request, JsonNode? result) => new() { ["jsonrpc"] = "2.0", ["id"] = request["id"]!.DeepClone(), ["result"] = result };

    public static string Method(JsonNode request) => request is JsonObject one ? (string)one["method"]! : "batch";

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _serving;
        _listener.Dispose();
        _http.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true) _ = TalkAsync(await _listener.AcceptTcpClientAsync(_closing.Token));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(TcpClient connection)
    {
        using var owned = connection;
        var stream = connection.GetStream();
        try
        {
            while (await ReadRequestAsync(stream) is { } request)
            {
                Interlocked.Increment(ref _requests);
                var answer = Rule(request) ?? await PassOnAsync(request);
                if (answer.HangsUp) return;
                if (answer.Delay > TimeSpan.Zero) await Task.Delay(answer.Delay, _closing.Token);
                var retry = answer.RetryAfter is { } seconds ? $"Retry-After: {seconds}\r\n" : "";
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {answer.Status} Status\r\nContent-Length: {answer.Body.Length}\r\n{retry}\r\n"), _closing.Token);
                await stream.WriteAsync(answer.IsCutShort ? answer.Body[..(answer.Body.Length / 2)] : answer.Body, _closing.Token);
                if (answer.IsCutShort) return;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client went away first; its own side of the test says whether that is right.
        }
    }

    // HTTP/1.1 as far as the client under test speaks it: a head, Content-Length, a body.
    private async Task<JsonNode?> ReadRequestAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _closing.Token) == 0) return null;
            head.Append((char)one[0]);
        }
        var length = head.ToString().Split("\r\n").Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))["Content-Length:".Length..];
        var body = new byte[int.Parse(length, CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _closing.Token);
        return JsonNode.Parse(body);
    }

    private async Task<Answer> PassOnAsync(JsonNode request)
    {
        var body = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(_node ?? throw new InvalidOperationException("no rule for " + request.ToJsonString()), body);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return new Answer(Change(request, answer));
    }

    internal sealed record Answer(ReadOnlyMemory<byte> Body, int Status = 200)
    {
        public Answer(JsonNode json)
            : this(Encoding.UTF8.GetBytes(json.ToJsonString()))
        {
        }

        public static Answer Dropped { get; } = new(default(ReadOnlyMemory<byte>)) { HangsUp = true };

        public bool HangsUp { get; init; }

        /// <summary>Announces the whole body, sends half of it, and hangs up.</summary>
        public bool IsCutShort { get; init; }

        public string? RetryAfter { get; init; }

        public TimeSpan Delay { get; init; }
    }
}
