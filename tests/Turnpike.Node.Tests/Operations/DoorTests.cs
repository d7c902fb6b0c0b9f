using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Turnpike.Node.Api;
using Turnpike.Node.Settings;

namespace Turnpike.Node.Tests.Operations;

public sealed class DoorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Address_beyond_its_allowance_is_asked_to_come_again_and_others_are_served()
    {
        await using var app = await StartAsync(new DoorOptions { RequestsPerSecond = 1, RequestBurst = 3 }, trusted: "127.0.0.1");
        using var http = new HttpClient { BaseAddress = UrlOf(app) };
        Assert.Equal<int[]>([200, 200, 200, 429], await StatusesAsync(http, "light", "203.0.113.7", 4));
        using var refused = await SendAsync(http, "light", "203.0.113.7");
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains("too-many-requests", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal<int[]>([200], await StatusesAsync(http, "light", "203.0.113.8", 1));
    }

    [Fact]
    public async Task Heavy_questions_have_an_allowance_of_their_own()
    {
        await using var app = await StartAsync(new DoorOptions { HeavyPerMinute = 2 }, trusted: "127.0.0.1");
        using var http = new HttpClient { BaseAddress = UrlOf(app) };
        Assert.Equal<int[]>([200, 200, 429], await StatusesAsync(http, "heavy", "203.0.113.7", 3));
        Assert.Equal<int[]>([200], await StatusesAsync(http, "light", "203.0.113.7", 1));
        Assert.Equal<int[]>([200], await StatusesAsync(http, "heavy", "203.0.113.8", 1));
    }

    [Fact]
    public async Task No_more_than_the_set_number_of_heavy_questions_is_answered_at_once()
    {
        await using var app = await StartAsync(new DoorOptions { HeavyAtOnce = 2 }, trusted: null);
        var gate = app.Services.GetRequiredService<Gate>();
        using var http = new HttpClient { BaseAddress = UrlOf(app) };
        var waiting = Enumerable.Range(0, 4).Select(_ => http.GetAsync(new Uri("slow", UriKind.Relative), Stop)).ToList();
        // Two are inside, two wait: only then is the fifth refused.
        while (gate.Inside < 2) await Task.Delay(10, Stop);
        var statuses = new List<HttpStatusCode>();
        while (!statuses.Contains(HttpStatusCode.TooManyRequests))
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
            try
            {
                using var answer = await http.GetAsync(new Uri("slow", UriKind.Relative), limit.Token);
                statuses.Add(answer.StatusCode);
            }
            catch (OperationCanceledException)
            {
                // It took a place in the queue that one of the four had not reached yet.
            }
        }
        Assert.Equal(2, gate.Most);
        gate.Open.SetResult();
        foreach (var answer in await Task.WhenAll(waiting)) answer.Dispose();
    }

    [Fact]
    public async Task Address_that_reads_slowly_holds_up_nobody_else()
    {
        await using var app = await StartAsync(new DoorOptions(), trusted: "127.0.0.1");
        var gate = app.Services.GetRequiredService<Gate>();
        using var http = new HttpClient { BaseAddress = UrlOf(app) };
        // As many as are answered at once and wait, and five more.
        var slow = Enumerable.Range(0, 5 * Door.BulkAtOnce + 5).Select(_ => SendAsync(http, "bulk", "203.0.113.7")).ToList();
        while (slow.Count(answer => answer.IsCompleted) < 5) await Task.Delay(10, Stop);
        var other = SendAsync(http, "bulk", "203.0.113.8");
        while (gate.Inside < Door.BulkAtOnce + 1) await Task.Delay(10, Stop);
        gate.Open.SetResult();
        using (var answer = await other) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var statuses = (await Task.WhenAll(slow)).Select(answer => answer.StatusCode).ToList();
        Assert.Equal(5, statuses.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task This_machine_is_exempt_unless_somebody_speaks_through_it()
    {
        await using var app = await StartAsync(new DoorOptions { RequestsPerSecond = 1, RequestBurst = 1 }, trusted: null);
        using var http = new HttpClient { BaseAddress = UrlOf(app) };
        Assert.Equal<int[]>([200, 200, 200], await StatusesAsync(http, "light", null, 3));
        Assert.Equal<int[]>([200, 429], await StatusesAsync(http, "light", "203.0.113.7", 2));
    }

    [Fact]
    public async Task Request_that_takes_too_long_is_ended()
    {
        await using var app = await StartAsync(new DoorOptions(), trusted: null, timeout: TimeSpan.FromSeconds(1));
        using var http = new HttpClient { BaseAddress = UrlOf(app) };
        using var answer = await http.GetAsync(new Uri("endless", UriKind.Relative), Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("127.0.0.1", null)]
    [InlineData("::1", null)]
    public void Allowance_belongs_to_an_address_or_to_a_network_of_64_bits(string address, string? expected)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
        Assert.Equal(expected, Door.SourceOf(context, new DoorOptions()));
    }

    [Fact]
    public async Task What_is_asked_by_hash_is_kept_by_caches_and_not_sent_twice()
    {
        await using var app = await StartAsync(new DoorOptions(), trusted: null);
        using var http = new HttpClient { BaseAddress = UrlOf(app) };
        using var first = await http.GetAsync(new Uri("things/0xab", UriKind.Relative), Stop);
        Assert.Equal(("\"0xab\"", "public, max-age=31536000, immutable"), (first.Headers.ETag!.ToString(), first.Headers.GetValues("Cache-Control").Single()));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("things/0xab", UriKind.Relative));
        request.Headers.IfNoneMatch.Add(first.Headers.ETag);
        using var second = await http.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        using var missing = await http.GetAsync(new Uri("things/none", UriKind.Relative), Stop);
        Assert.Null(missing.Headers.ETag);
    }

    private static async Task<WebApplication> StartAsync(DoorOptions door, string? trusted, TimeSpan? timeout = null)
    {
        var listen = new ListenOptions { TrustedProxies = trusted is null ? [] : [trusted], RequestTimeout = timeout ?? TimeSpan.FromSeconds(30) };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Door.AddLimits(builder.Services, door, listen);
        builder.Services.AddSingleton<Gate>();
        var app = builder.Build();
        Door.Use(app, listen);
        app.MapGet("/light", () => "light");
        app.MapGet("/heavy", () => "heavy").WithMetadata(HeavyQuestion.Mark);
        app.MapGet("/slow", (Gate gate) => gate.PassAsync()).WithMetadata(HeavyQuestion.Mark);
        app.MapGet("/bulk", (Gate gate) => gate.PassAsync()).WithMetadata(HeavyQuestion.Bulk);
        app.MapGet("/endless", async (CancellationToken cancellation) => await Task.Delay(Timeout.Infinite, cancellation));
        app.MapGet("/things/{hash}", (string hash) => hash == "none" ? Results.NotFound() : Results.Text(hash)).AddEndpointFilter(ByHash.FilterAsync);
        await app.StartAsync(Stop);
        return app;
    }

    private static Uri UrlOf(WebApplication app) => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, string path, string? from)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (from is not null) request.Headers.Add("X-Forwarded-For", from);
        return await http.SendAsync(request, Stop);
    }

    private static async Task<int[]> StatusesAsync(HttpClient http, string path, string? from, int count)
    {
        var statuses = new int[count];
        for (var i = 0; i < count; i++)
        {
            using var answer = await SendAsync(http, path, from);
            statuses[i] = (int)answer.StatusCode;
        }
        return statuses;
    }

    private sealed class Gate
    {
        private int _inside;
        private int _most;

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Inside => Volatile.Read(ref _inside);

        public int Most => Volatile.Read(ref _most);

        public async Task<string> PassAsync()
        {
            var inside = Interlocked.Increment(ref _inside);
            if (inside > _most) Interlocked.Exchange(ref _most, inside);
            await Open.Task;
            Interlocked.Decrement(ref _inside);
            return "passed";
        }
    }
}
