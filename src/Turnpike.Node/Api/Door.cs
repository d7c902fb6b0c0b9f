using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Turnpike.Node.Settings;
using ListenOptions = Turnpike.Node.Settings.ListenOptions;

namespace Turnpike.Node.Api;

/// <summary>Marks an endpoint whose answer costs much more to make than to ask for.</summary>
/// <param name="IsRare">Whether one address needs few of them: then they are counted by address, and everybody's at once are bounded. Else only one address's at once are: whoever reads slowly holds up nobody but himself.</param>
internal sealed record HeavyQuestion(bool IsRare)
{
    /// <summary>What people ask now and then.</summary>
    public static HeavyQuestion Mark { get; } = new(IsRare: true);

    /// <summary>What oracles and agents ask by the hundred in their ordinary work, and what takes long to send.</summary>
    public static HeavyQuestion Bulk { get; } = new(IsRare: false);
}

/// <summary>
/// The public door: where the node listens, how long a request may take, how much each address may ask. Three limits apply in turn: everything an address asks, the heavy questions an address asks,
/// and the heavy questions that are answered at once for everybody, so that neither one stranger nor many keep the node from its own work.
/// </summary>
internal static class Door
{
    /// <summary>The time-out policy of what moves whole segments.</summary>
    public const string Transfer = "transfer";

    /// <summary>Bulk questions of one address that are answered at once; four times as many wait.</summary>
    internal const int BulkAtOnce = 16;

    private const string ForwardedFor = "X-Forwarded-For";

    public static void Listen(IWebHostBuilder host, NodeContext node)
    {
        var options = node.Options.Listen;
        var url = options.Url ?? (node.Network.Node.Scheme == Uri.UriSchemeHttp ? node.Network.Node : throw new NodeConfigurationException([$"The node's URL is {node.Network.Node}: set listen.url to where the reverse proxy finds the node, or to an https address with listen.certificate and listen.certificateKey."]));
        var urls = new List<string> { url.ToString() };
        if (node.Options.Telemetry.Metrics is { } metrics) urls.Add(metrics.ToString());
        if (url.Scheme == Uri.UriSchemeHttps) host.UseKestrelHttpsConfiguration();
        host.ConfigureKestrel(kestrel => Configure(kestrel, options)).UseUrls([.. urls]);
    }

    public static void AddLimits(IServiceCollection services, DoorOptions door, ListenOptions listen)
    {
        services.AddRequestTimeouts(timeouts =>
        {
            timeouts.DefaultPolicy = new RequestTimeoutPolicy { Timeout = listen.RequestTimeout, TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable };
            timeouts.AddPolicy(Transfer, new RequestTimeoutPolicy { Timeout = listen.TransferTimeout, TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable });
        });
        services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.GlobalLimiter = PartitionedRateLimiter.CreateChained(All(door), HeavyOfOne(door), HeavyAtOnce(door), BulkOfOne(door));
            limits.OnRejected = RefuseAsync;
        });
    }

    public static void Use(WebApplication app, ListenOptions options)
    {
        if (options.TrustedProxies.Count > 0)
        {
            var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var proxy in options.TrustedProxies) forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
            app.UseForwardedHeaders(forwarded);
        }
        app.UseRouting();
        app.UseRequestTimeouts();
        app.UseRateLimiter();
    }

    private static void Configure(KestrelServerOptions kestrel, ListenOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 128 * 1024;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        if (options is not { Certificate: { } certificate, CertificateKey: { } key }) return;
        var own = X509Certificate2.CreateFromPemFile(certificate, key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificate);
        kestrel.ConfigureHttpsDefaults(https =>
        {
            https.ServerCertificate = own;
            https.ServerCertificateChain = chain;
        });
    }

    private static PartitionedRateLimiter<HttpContext> All(DoorOptions door) => PartitionedRateLimiter.Create<HttpContext, string>(context => SourceOf(context, door) is { } source
        ? RateLimitPartition.GetTokenBucketLimiter(source, _ => new TokenBucketRateLimiterOptions { TokenLimit = door.RequestBurst, TokensPerPeriod = Math.Max(1, door.RequestsPerSecond), ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0 })
        : RateLimitPartition.GetNoLimiter(""));

    private static PartitionedRateLimiter<HttpContext> HeavyOfOne(DoorOptions door) => PartitionedRateLimiter.Create<HttpContext, string>(context => HeavinessOf(context) is { IsRare: true } && SourceOf(context, door) is { } source
        ? RateLimitPartition.GetTokenBucketLimiter(source, _ => new TokenBucketRateLimiterOptions { TokenLimit = door.HeavyPerMinute, TokensPerPeriod = Math.Max(1, door.HeavyPerMinute / 12), ReplenishmentPeriod = TimeSpan.FromSeconds(60.0 / Math.Min(12, door.HeavyPerMinute)), QueueLimit = 0 })
        : RateLimitPartition.GetNoLimiter(""));

    private static PartitionedRateLimiter<HttpContext> HeavyAtOnce(DoorOptions door) => PartitionedRateLimiter.Create<HttpContext, string>(context => HeavinessOf(context) is { IsRare: true }
        ? RateLimitPartition.GetConcurrencyLimiter("heavy", _ => new ConcurrencyLimiterOptions { PermitLimit = door.HeavyAtOnce, QueueLimit = door.HeavyAtOnce, QueueProcessingOrder = QueueProcessingOrder.OldestFirst })
        : RateLimitPartition.GetNoLimiter(""));

    private static PartitionedRateLimiter<HttpContext> BulkOfOne(DoorOptions door) => PartitionedRateLimiter.Create<HttpContext, string>(context => HeavinessOf(context) is { IsRare: false } && SourceOf(context, door) is { } source
        ? RateLimitPartition.GetConcurrencyLimiter(source, _ => new ConcurrencyLimiterOptions { PermitLimit = BulkAtOnce, QueueLimit = 4 * BulkAtOnce, QueueProcessingOrder = QueueProcessingOrder.OldestFirst })
        : RateLimitPartition.GetNoLimiter(""));

    private static HeavyQuestion? HeavinessOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<HeavyQuestion>();

    /// <summary>Whose allowance a request uses; null when it is not counted.</summary>
    internal static string? SourceOf(HttpContext context, DoorOptions door)
    {
        if (context.Connection.RemoteIpAddress is not { } address) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        // A request that came through a proxy nobody trusts is not from this machine, whatever the connection says.
        if (IPAddress.IsLoopback(address) && door.ExemptLoopback && !context.Request.Headers.ContainsKey(ForwardedFor)) return null;
        if (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork) return address.ToString();
        // Whoever has one IPv6 address has 2^64 of them.
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes) + "/64";
    }

    private static async ValueTask RefuseAsync(OnRejectedContext refused, CancellationToken cancellation)
    {
        var seconds = refused.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? (int)Math.Ceiling(after.TotalSeconds) : 1;
        refused.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await Results.Problem(title: "too-many-requests", detail: $"This address asks more than the node allows. Ask again in {seconds} s.", statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(refused.HttpContext);
    }
}
