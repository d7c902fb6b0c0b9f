using Turnpike.Agent.Leg;
using Turnpike.Agent.Settings;
using Turnpike.Evidence;

namespace Turnpike.Agent.Tests;

/// <summary>An agent with a key in memory and short pauses, in a folder of its own.</summary>
internal sealed class TestAgent : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private AgentHost? _host;

    public P256DeviceKey Key { get; } = P256DeviceKey.Generate();

    public string Folder => _folder.Root;

    public AgentHost Host => _host!;

    public VirtualForwarder NewForwarder(byte version = 2, ulong gateway = 0x0102030405060708) => new(Host.Listen.Port, version, gateway);

    public void Start(Uri node, IDeviceKey? key = null, SpoolSettings? spool = null, ListenSettings? listen = null, string? caFile = null) => _host = AgentHost.Start(
        Folder,
        new AgentSettings { NetworkId = Samples.Network.ToString(), Node = node, Listen = listen ?? new ListenSettings { Port = 0 }, Spool = spool ?? new SpoolSettings(), CaFile = caFile },
        key ?? Key,
        TimeProvider.System,
        new LegClientOptions { FirstPause = TimeSpan.FromMilliseconds(20), LongestPause = TimeSpan.FromMilliseconds(200) });

    public Task UntilConnectedAsync() => Wait.UntilAsync(() => Host.Status().Leg.State == "connected", () => string.Join("; ", Host.Status().Problems));

    public async Task StopAsync()
    {
        if (_host is { } host) await host.DisposeAsync();
        _host = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
        Key.Dispose();
    }
}
