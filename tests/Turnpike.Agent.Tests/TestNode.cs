using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Networks.Wireless.Protocol.Leg;
using Turnpike.Networks.Wireless.Service;
using Turnpike.Node.Router.Leg;
using Turnpike.Node.Settings;
using Turnpike.Node.Telemetry;

namespace Turnpike.Agent.Tests;

/// <summary>Takes frames and remembers them; a test may make it refuse or hold.</summary>
internal sealed class RecordingSink : IFrameSink
{
    private readonly List<LegFrame> _frames = [];

    /// <summary>Decides a frame; the default takes it.</summary>
    public Func<LegFrame, ValueTask<bool>> Decide { get; set; } = static _ => ValueTask.FromResult(true);

    public List<LegFrame> Frames
    {
        get
        {
            lock (_frames) return [.. _frames];
        }
    }

    public IEnumerable<int> Numbers => Frames.Select(frame => Samples.NumberOf(frame.Packet));

    public int Count
    {
        get
        {
            lock (_frames) return _frames.Count;
        }
    }

    public ValueTask<bool> TakeAsync(LegFrame frame, CancellationToken cancellation)
    {
        lock (_frames) _frames.Add(frame);
        return Decide(frame);
    }
}

/// <summary>The node's end of the leg under Kestrel, on loopback; what the registry says is the test's.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HashSet<string> _urls = [];

    private TestNode(WebApplication app, LegHub hub, HashSet<string> urls) => (_app, Hub, _urls) = (app, hub, urls);

    public LegHub Hub { get; }

    public RecordingSink Sink { get; private init; } = null!;

    public ConcurrentDictionary<DeviceId, LegDevice> Registry { get; private init; } = null!;

    public Uri Url { get; private set; } = null!;

    /// <summary>Starts one; port 0 takes a free one.</summary>
    public static async Task<TestNode> StartAsync(LegOptions? options = null, int port = 0, RecordingSink? sink = null, bool knowsItself = true, Action<IWebHostBuilder>? host = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        host?.Invoke(builder.WebHost);
        var (registry, urls, recording) = (new ConcurrentDictionary<DeviceId, LegDevice>(), new HashSet<string>(), sink ?? new RecordingSink());
        builder.Services.AddSingleton<IFrameSink>(recording);
        builder.Services.AddSingleton(provider => new LegHub(new LegServices(provider.GetRequiredService<IFrameSink>)
        {
            Options = options ?? new LegOptions(),
            Network = Samples.Network,
            Urls = urls,
            Registry = id => registry.GetValueOrDefault(id),
            Metrics = new NodeMeters().Leg,
            Time = TimeProvider.System,
            Logger = NullLogger.Instance,
        }));
        var app = builder.Build();
        LegEndpoint.Map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        if (knowsItself) urls.Add(LegStatement.UrlOf(url));
        return new TestNode(app, app.Services.GetRequiredService<LegHub>(), urls) { Sink = recording, Registry = registry, Url = url };
    }

    /// <summary>Says another URL is this node's too, as behind a proxy.</summary>
    public void AlsoKnownAs(Uri url) => _urls.Add(LegStatement.UrlOf(url));

    public void Register(IDeviceKey key, uint kind = 1, DeviceStatus status = DeviceStatus.Active) => Registry[key.Public.Id] = new LegDevice(key.Public with { Status = status }, kind);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
