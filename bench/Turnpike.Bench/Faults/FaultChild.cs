using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Turnpike.Evm;
using Turnpike.Node;
using Turnpike.Node.Deploy;

namespace Turnpike.Bench.Faults;

/// <summary>What a child process is to be.</summary>
/// <param name="Folder">Its network folder.</param>
/// <param name="Keys">Folder of keys.</param>
/// <param name="Oracle">Name of its oracle key.</param>
/// <param name="Gateway">Name of its gateway key; null for none.</param>
/// <param name="Proxy">Where all it sends goes through.</param>
/// <param name="Lie">How it lies; null for an honest one.</param>
/// <param name="Place">Its number, by which a liar's alteration is told from another's.</param>
internal sealed record FaultChildRole(string Folder, string Keys, string Oracle, string? Gateway, Uri Proxy, FaultKind? Lie, int Place);

/// <summary>One node of <c>faults</c> in a process of its own, which can be killed. Ends when its parent does.</summary>
internal sealed class FaultChild : IBenchmark
{
    public const string Verb = "faults-node";

    public string Name => Verb;

    public string Summary => "one node of 'faults', started by it";

    public async Task<int> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var role = JsonSerializer.Deserialize<FaultChildRole>(arguments[0]) ?? throw new ArgumentException("A role is needed.", nameof(arguments));
        var keys = KeyRing.Local(role.Keys);
        using var oracle = keys.Open(role.Oracle);
        using var gateway = role.Gateway is null ? null : keys.Open(role.Gateway);
        using var http = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy(role.Proxy), UseProxy = true }) { Timeout = TimeSpan.FromSeconds(10) };
        var context = NodeContext.Open(new NetworkFolder(role.Folder), http, TimeProvider.System);
        if (role.Lie is FaultKind.Alter or FaultKind.Equivocate) context = context with { Pack = new AlteringPack(context.Pack, role.Lie is FaultKind.Alter ? 1 : (ulong)Environment.ProcessId) };
        // An equivocator forgets what it signed.
        if (role.Lie is FaultKind.Equivocate && Directory.Exists(Path.Combine(role.Folder, "signed"))) Directory.Delete(Path.Combine(role.Folder, "signed"), recursive: true);
        IDigestSigner signer = new LocalDigestSigner(oracle);
        if (role.Lie is FaultKind.Garbage) signer = new GarbageSigner(signer);
        var roles = new NodeRoles { Oracle = signer, Gateway = gateway is null ? null : new LocalDigestSigner(gateway), LogLevel = LogLevel.Information, PollInterval = TimeSpan.FromMilliseconds(300) };
        await using var host = await NodeHost.StartAsync(context, roles, cancellation);
        await Console.Out.WriteLineAsync("ready");
        // The parent holds the other end and never writes: the end of the stream is the end of the parent.
        await Console.In.ReadToEndAsync(cancellation);
        return 0;
    }
}
