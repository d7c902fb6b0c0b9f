using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Turnpike.Evm.Tests.Rpc;

/// <summary>An HTTP server in front of a node that passes requests on, refuses, lies or hangs up, as the test says. Real sockets on loopback.</summary>
internal sealed class Proxy : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Uri? _node;
    private readonly Task _serving;
    private int _requests;

    /// <summary>Passes on to <paramref name="node"/> what no rule answers; without a node every request needs a rule.</summary>
    public Proxy(Uri? node = null)
    {
        _node = node;
        Address = new Uri($"http://127.0.0.1:{FreePort()}/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
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
        _listener.Close();
        await _serving;
        _http.Dispose();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                _ = HandleAsync(context);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task HandleAsync(HttpListenerContext context)
    {
        Interlocked.Increment(ref _requests);
        try
        {
            var request = (await JsonNode.ParseAsync(context.Request.InputStream))!;
            var answer = Rule(request) ?? await PassOnAsync(request);
            if (answer.HangsUp)
            {
                context.Response.Abort();
                return;
            }
            if (answer.Delay > TimeSpan.Zero) await Task.Delay(answer.Delay);
            context.Response.StatusCode = answer.Status;
            if (answer.RetryAfter is { } seconds) context.Response.AddHeader("Retry-After", seconds);
            await context.Response.OutputStream.WriteAsync(answer.Body);
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // The client went away first; its own side of the test says whether that is right.
        }
    }

    private async Task<Answer> PassOnAsync(JsonNode request)
    {
        var body = new StringContent(request.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(_node ?? throw new InvalidOperationException("no rule for " + request.ToJsonString()), body);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return new Answer(Change(request, answer));
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    internal sealed record Answer(ReadOnlyMemory<byte> Body, int Status = 200)
    {
        public Answer(JsonNode json)
            : this(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()))
        {
        }

        public static Answer Dropped { get; } = new(default(ReadOnlyMemory<byte>)) { HangsUp = true };

        public bool HangsUp { get; init; }

        public string? RetryAfter { get; init; }

        public TimeSpan Delay { get; init; }
    }
}
