using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Turnpike.Blueprints;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Node.Deploy;

namespace Turnpike.Node.Local;

/// <summary>How a local network is made.</summary>
public sealed record LocalNetworkOptions
{
    /// <summary>Where it lives.</summary>
    public required NetworkFolder Folder { get; init; }

    /// <summary>The blueprint's local profile.</summary>
    public required Blueprint Blueprint { get; init; }

    /// <summary>Port of the first node; further oracles take the next ones. 0 picks free ones.</summary>
    public int Port { get; init; }

    /// <summary>Port of the chain; 0 picks a free one.</summary>
    public int ChainPort { get; init; }

    /// <summary>Time before epoch 1, for setting up.</summary>
    public TimeSpan Launch { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Least level that nodes log.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Warning;
}

/// <summary>
/// A whole network on this machine: a development chain as a child process, the blueprint's contracts on it, one node with gateway and first oracle, and one node
/// for each further oracle. Stopping keeps everything; starting in the same folder goes on.
/// </summary>
public sealed class LocalNetwork : IAsyncDisposable
{
    private const int BlockSeconds = 1;
    private static readonly BigInteger GasMoney = BigInteger.Pow(10, 21);

    private readonly FileStream _lock;
    private readonly LocalChain _chain;
    private readonly List<NodeHost> _nodes = [];

    private LocalNetwork(FileStream folderLock, LocalChain chain, NodeContext node, KeyRing keys, Blueprint blueprint)
    {
        _lock = folderLock;
        _chain = chain;
        Node = node;
        Keys = keys;
        Blueprint = blueprint;
    }

    /// <summary>The first node's context.</summary>
    public NodeContext Node { get; }

    /// <summary>The accounts' keys.</summary>
    public KeyRing Keys { get; }

    /// <summary>The blueprint, every account with its address.</summary>
    public Blueprint Blueprint { get; }

    /// <summary>The chain's endpoint.</summary>
    public Uri Rpc => _chain.Rpc;

    /// <summary>Starts or goes on.</summary>
    /// <param name="options">Where and what.</param>
    /// <param name="http">For chain and nodes.</param>
    /// <param name="progress">Told each contract when it is deployed.</param>
    /// <param name="cancellation">Stops the start.</param>
    public static async Task<LocalNetwork> StartAsync(LocalNetworkOptions options, HttpClient http, Action<string>? progress, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(options.Folder.ChainState)!);
        var folderLock = TakeFolder(options.Folder);
        var chain = await LocalChain.StartAsync(new LocalChainOptions { StateFile = options.Folder.ChainState, Port = options.ChainPort }, cancellation);
        try
        {
            var client = new EthereumClient(new JsonRpcClient(http, chain.Rpc));
            var time = await WakeAsync(client, options.Folder, cancellation);
            var keys = KeyRing.Local(options.Folder.Keys);
            var blueprint = options.Blueprint.WithAccounts(options.Blueprint.GeneratedAccounts.ToDictionary(name => name, name => keys.OpenOrCreate(name).Address));
            var members = Members(options, keys);
            foreach (var name in keys.Names) await FundAsync(client, keys, name, cancellation);
            if (!options.Folder.HasNetwork) await DeployAsync(options.Folder, client, keys, blueprint, members, chain.Rpc, time, archive: false, (time.GetUtcNow() + options.Launch).ToUnixTimeSeconds(), progress, cancellation);
            // Ports and the chain's endpoint may be others than last time.
            else options.Folder.Write(options.Folder.Read() with { Rpc = chain.Rpc });
            await CallAsync(client, "evm_setIntervalMining", BlockSeconds, cancellation);
            var network = new LocalNetwork(folderLock, chain, NodeContext.Open(options.Folder, http, time), keys, blueprint);
            await network.StartNodesAsync(members, http, time, options.LogLevel, cancellation);
            return network;
        }
        catch
        {
            await chain.DisposeAsync();
            await folderLock.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives an account money for gas: this is a development chain.</summary>
    public static Task FundAsync(EthereumClient client, KeyRing keys, string name, CancellationToken cancellation) =>
        keys.TryAddressOf(name, out var address) ? FundAsync(client, address, cancellation) : throw new KeyRingException($"There is no key '{name}'.");

    /// <summary>Gives an address money for gas.</summary>
    public static Task FundAsync(EthereumClient client, Address address, CancellationToken cancellation) =>
        client.Rpc.CallAsync(new RpcCall("anvil_setBalance", [address.ToString(), "0x" + GasMoney.ToString("x").TrimStart('0')]), cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in Enumerable.Reverse(_nodes)) await node.DisposeAsync();
        await _chain.DisposeAsync();
        await _lock.DisposeAsync();
    }

    // Held as long as the network runs; the system lets go of it whatever ends the process.
    private static FileStream TakeFolder(NetworkFolder folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder.Root, "running.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new NetworkFolderException($"Another process runs the network in {folder.Root}. Stop it first, or choose another folder with --network.");
        }
    }

    // A chain taken up again goes on one second after its last block, and the nodes' clock with it.
    private static async Task<TimeProvider> WakeAsync(EthereumClient client, NetworkFolder folder, CancellationToken cancellation)
    {
        if (!folder.HasNetwork) return TimeProvider.System;
        var head = await client.BlockAsync(BlockReference.Latest, cancellation) ?? throw new LocalChainException("The local chain has no block.");
        var next = (long)head.Timestamp + BlockSeconds;
        await CallAsync(client, "evm_setTime", next, cancellation);
        return new LocalClock(DateTimeOffset.FromUnixTimeSeconds(next) - TimeProvider.System.GetUtcNow());
    }

    private static NetworkMembers Members(LocalNetworkOptions options, KeyRing keys)
    {
        var oracles = new List<(Address, Uri)>();
        for (var i = 0; i < options.Blueprint.Oracles.Count; i++)
        {
            // The chain knows each oracle by its URL: a network taken up again keeps them.
            var known = i == 0 ? options.Folder : OracleFolder(options.Folder, i);
            var url = known.HasNetwork ? known.Read().Node : new Uri($"http://127.0.0.1:{(options.Port == 0 ? FreePort() : options.Port + i)}/");
            oracles.Add((keys.OpenOrCreate($"oracle-{i}").Address, url));
        }
        return new NetworkMembers(oracles, [(keys.OpenOrCreate("gateway-0").Address, oracles[0].Item2)]);
    }

    /// <summary>Deploys the contracts by an account "deployer" of the key ring and notes in the folder where they are.</summary>
    internal static async Task DeployAsync(NetworkFolder folder, EthereumClient client, KeyRing keys, Blueprint blueprint, NetworkMembers members, Uri rpc, TimeProvider time, bool archive, long launch, Action<string>? progress, CancellationToken cancellation)
    {
        using var deployer = keys.OpenOrCreate("deployer");
        await FundAsync(client, deployer.Address, cancellation);
        var senderOptions = new TransactionSenderOptions { Confirmations = 1, PollInterval = TimeSpan.FromMilliseconds(20) };
        var journal = folder.JournalOf(deployer.Address.ToString());
        Directory.CreateDirectory(Path.GetDirectoryName(journal)!);
        // A start that was cut short begins anew: ports may be others now, and the chain may have lost what its last seconds held.
        folder.ForgetPlan();
        File.Delete(journal);
        await using var sender = await TransactionSender.StartAsync(client, new LocalDigestSigner(deployer), FileTransactionJournal.Open(journal), new FeeEstimator(client), senderOptions, time, cancellation);
        var pack = NodeContext.CreatePack(blueprint.CanonicalParameters());
        var deployment = await new NetworkDeployer(client, sender, folder).DeployAsync(blueprint, members, pack, archive, launch, progress, cancellation);
        folder.Write(new NetworkFile(deployment, rpc, members.Gateways[0].Url, blueprint.Network.Name));
    }

    private async Task StartNodesAsync(NetworkMembers members, HttpClient http, TimeProvider time, LogLevel logLevel, CancellationToken cancellation)
    {
        var poll = TimeSpan.FromMilliseconds(200);
        var gateway = new LocalDigestSigner(Keys.Open("gateway-0"));
        for (var i = 0; i < members.Oracles.Count; i++)
        {
            var oracle = new LocalDigestSigner(Keys.Open($"oracle-{i}"));
            var context = i == 0 ? Node : Further(i, members.Oracles[i].Url, http, time);
            _nodes.Add(await NodeHost.StartAsync(context, new NodeRoles { Gateway = i == 0 ? gateway : null, Oracle = oracle, LogLevel = logLevel, PollInterval = poll }, cancellation));
        }
    }

    private static NetworkFolder OracleFolder(NetworkFolder network, int index) => new(Path.Combine(network.Root, $"oracle-{index}"));

    // Each further oracle keeps its own evidence, epochs and journal, as it would on a machine of its own.
    private NodeContext Further(int index, Uri url, HttpClient http, TimeProvider time)
    {
        var folder = OracleFolder(Node.Folder, index);
        folder.Write(Node.Network with { Node = url });
        folder.WriteParameters(Node.Parameters);
        return NodeContext.Open(folder, http, time);
    }

    private static Task CallAsync(EthereumClient client, string method, JsonNode parameter, CancellationToken cancellation) => client.Rpc.CallAsync(new RpcCall(method, [parameter]), cancellation);

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
