using Turnpike.Core.Parameters;
using Turnpike.Core.Rules;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Networks.Wireless;
using Turnpike.Node.Deploy;
using Turnpike.Node.Operations;
using Turnpike.Node.Settings;
using Turnpike.Node.Telemetry;

namespace Turnpike.Node;

/// <summary>The rules that the chain names are not those of this program or of the parameters at hand; the message says which.</summary>
public sealed class UnknownRulesException(string message) : Exception(message);

/// <summary>What every role of a node works with: the network, the chain, the ledger that follows it, the rules, the clock.</summary>
public sealed record NodeContext
{
    /// <summary>The network's folder on this machine.</summary>
    public required NetworkFolder Folder { get; init; }

    /// <summary>Where the network is.</summary>
    public required NetworkFile Network { get; init; }

    /// <summary>The chain.</summary>
    public required EthereumClient Chain { get; init; }

    /// <summary>The network's logs.</summary>
    public required LedgerHistory History { get; init; }

    /// <summary>The canonical parameters.</summary>
    public required byte[] Parameters { get; init; }

    /// <summary>The rule pack with these parameters.</summary>
    public required IRulePack Pack { get; init; }

    /// <summary>Now.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>For other nodes.</summary>
    public required HttpClient Http { get; init; }

    /// <summary>What is set of this node.</summary>
    public required NodeOptions Options { get; init; }

    /// <summary>What the node knows of its own state.</summary>
    public required NodeWatch Watch { get; init; }

    /// <summary>The node's metrics.</summary>
    public required NodeMeters Meters { get; init; }

    /// <summary>Contracts.</summary>
    public NetworkDeployment Deployment => Network.Deployment;

    /// <summary>Unix milliseconds now.</summary>
    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Opens a network's folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="http">For chain and other nodes.</param>
    /// <param name="time">The network's clock.</param>
    /// <param name="rpc">Endpoint instead of those that are set.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="NetworkFolderException">No network is there.</exception>
    /// <exception cref="UnknownRulesException">This program has no such rule pack.</exception>
    public static NodeContext Open(NetworkFolder folder, HttpClient http, TimeProvider time, Uri? rpc = null, NodeOptions? options = null)
    {
        options ??= new NodeOptions();
        var network = folder.Read();
        var endpoints = rpc is not null ? [rpc] : options.Chain.Rpc.Count > 0 ? options.Chain.Rpc : [network.Rpc];
        network = network with { Rpc = endpoints[0] };
        var parameters = folder.ReadParameters();
        var history = new LedgerHistory(network.Deployment);
        var meters = new NodeMeters();
        var watch = new NodeWatch(time);
        return new NodeContext
        {
            Folder = folder,
            Network = network,
            Chain = ChainEndpoints.Join(endpoints.Select(IJsonRpc (endpoint) => new MeteredJsonRpc(new JsonRpcClient(http, endpoint, ChainEndpoints.OptionsOf(endpoints.Count), time), meters.Chain)).ToList(), history, time, watch.Note),
            History = history,
            Parameters = parameters,
            Pack = CreatePack(parameters),
            Time = time,
            Http = http,
            Options = options,
            Watch = watch,
            Meters = meters,
        };
    }

    /// <summary>The rule pack that canonical parameters name.</summary>
    /// <exception cref="UnknownRulesException">This program has none of that name.</exception>
    public static IRulePack CreatePack(byte[] parameters)
    {
        var terms = NetworkParameters.Parse(parameters);
        return WirelessModule.TryCreatePack(terms, out var pack) ? pack : throw new UnknownRulesException($"This program has no rule pack '{terms.Pack}' of the module '{terms.Module}': install a version that has it.");
    }

    /// <summary>A sender of an account's transactions, its journal in the network's folder.</summary>
    public Task<TransactionSender> StartSenderAsync(IDigestSigner signer, Action<SenderAlert>? onAlert, CancellationToken cancellation)
    {
        var local = Deployment.ChainId == Local.LocalChainOptions.ChainId;
        var path = Folder.JournalOf(signer.Address.ToString());
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new TransactionSenderOptions
        {
            Confirmations = Options.Chain.ConfirmationsOn(Deployment.ChainId),
            PollInterval = local ? TimeSpan.FromMilliseconds(50) : Options.Chain.PollIntervalOn(Deployment.ChainId),
            StuckAfter = Options.Chain.StuckAfter,
            OnAlert = alert =>
            {
                Watch.Note(alert);
                Meters.Chain.NoteAlert(alert);
                onAlert?.Invoke(alert);
            },
            OnOutcome = (intent, outcome) => Meters.Chain.NoteTransaction(signer.Address, intent, outcome),
        };
        return TransactionSender.StartAsync(Chain, signer, FileTransactionJournal.Open(path), new FeeEstimator(Chain), options, Time, cancellation);
    }
}
