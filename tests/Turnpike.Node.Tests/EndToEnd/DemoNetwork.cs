using Turnpike.Blueprints;
using Turnpike.Cli.Demo;
using Turnpike.Networks.Wireless;
using Turnpike.Node.Deploy;
using Turnpike.Node.Local;
using Turnpike.Tests;

namespace Turnpike.Node.Tests.EndToEnd;

/// <summary>One real network (chain, four oracles, gateway, devices, cheats) that played two epochs; kept running for all tests of the class.</summary>
public sealed class DemoNetwork : IAsyncLifetime
{
    private readonly HttpClient _http = new();

    internal LocalNetwork? Network { get; private set; }

    internal DemoResult? Result { get; private set; }

    internal List<string> Narration { get; } = [];

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "turnpike-e2e-" + Path.GetRandomFileName());

    public async ValueTask InitializeAsync()
    {
        try
        {
            LocalChain.FindAnvil();
        }
        catch (LocalChainException)
        {
            return;
        }
        var reading = BlueprintReader.Read(Path.Combine(SharedData.RepositoryRoot, "blueprints", "helium-iot.yaml"), WirelessModule.Packs);
        var blueprint = reading.Local! with { Epoch = reading.Local!.Epoch with { Length = TimeSpan.FromSeconds(8), Grace = TimeSpan.FromSeconds(5), ActivationDelay = TimeSpan.FromSeconds(1) } };
        Network = await LocalNetwork.StartAsync(new LocalNetworkOptions { Folder = new NetworkFolder(Folder), Blueprint = blueprint, Launch = TimeSpan.FromSeconds(6) }, _http, null, CancellationToken.None);
        Result = await new DemoScript(Network, Network.Node, Narration.Add, devices: 8, epochs: 2).RunAsync(CancellationToken.None);
    }

    internal LocalNetwork Running => Network ?? Skipped();

    public async ValueTask DisposeAsync()
    {
        if (Network is not null) await Network.DisposeAsync();
        _http.Dispose();
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }

    private static LocalNetwork Skipped()
    {
        Assert.Skip("anvil is not installed: run 'npm ci' in contracts/, or set TURNPIKE_ANVIL.");
        return null!;
    }
}
