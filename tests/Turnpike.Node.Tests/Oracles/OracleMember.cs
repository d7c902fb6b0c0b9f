using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Turnpike.Core.Rules;
using Turnpike.Evm;
using Turnpike.Node.Deploy;

namespace Turnpike.Node.Tests.Oracles;

/// <summary>One machine of a test network: an oracle, perhaps with a gateway, its own folder, its own way to the others. It can be stopped, and started again from what its disk holds.</summary>
internal sealed class OracleMember(int index, NetworkFolder folder, IDigestSigner oracle, IDigestSigner? gateway, Uri url) : IAsyncDisposable
{
    private NodeHost? _host;

    /// <summary>Its number among the oracles.</summary>
    public int Index { get; } = index;

    /// <summary>Its disk.</summary>
    public NetworkFolder Folder { get; } = folder;

    /// <summary>The oracle's account.</summary>
    public IDigestSigner Oracle { get; } = oracle;

    /// <summary>The gateway's account, if it is one.</summary>
    public IDigestSigner? Gateway { get; } = gateway;

    /// <summary>Where the chain says it is.</summary>
    public Uri Url { get; } = url;

    /// <summary>What hinders its requests.</summary>
    public PeerFaults Faults { get; } = new();

    /// <summary>Rules it computes by; a liar has others.</summary>
    public Func<IRulePack, IRulePack> Rules { get; set; } = pack => pack;

    /// <summary>What it is started with, other than the rest.</summary>
    public Func<NodeRoles, NodeRoles> Roles { get; set; } = roles => roles;

    /// <summary>The running node's context.</summary>
    public NodeContext Node { get; private set; } = null!;

    /// <summary>Whether it runs.</summary>
    public bool IsRunning => _host is not null;

    /// <summary>A service of the running node.</summary>
    public T Get<T>()
        where T : notnull => (_host ?? throw new InvalidOperationException($"Oracle {Index} is stopped.")).Services.GetRequiredService<T>();

    /// <summary>Starts it, or starts it again.</summary>
    public async Task StartAsync(Func<NodeRoles, NodeRoles> roles, TimeProvider time, CancellationToken cancellation)
    {
        if (_host is not null) return;
        var context = NodeContext.Open(Folder, new HttpClient(Faults, disposeHandler: false), time);
        Node = context with { Pack = Rules(context.Pack) };
        var all = new NodeRoles { Gateway = Gateway, Oracle = Oracle, LogLevel = LogLevel.Warning, PollInterval = TimeSpan.FromMilliseconds(100) };
        _host = await NodeHost.StartAsync(Node, Roles(roles(all)), cancellation);
    }

    /// <summary>Stops it in whatever it is doing.</summary>
    public async Task StopAsync()
    {
        if (_host is null) return;
        await _host.DisposeAsync();
        _host = null;
        Node.Http.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Faults.Dispose();
    }
}
