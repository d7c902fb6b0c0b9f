using Turnpike.Core.Parameters;
using Turnpike.Core.Rules;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Networks.Wireless;
using Turnpike.Node.Deploy;

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

    /// <summary>Contracts.</summary>
    public NetworkDeployment Deployment => Network.Deployment;

    /// <summary>Unix milliseconds now.</summary>
    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Opens a network's folder.</summary>
    /// <exception cref="NetworkFolderException">No network is there.</exception>
    /// <exception cref="UnknownRulesException">This program has no such rule pack.</exception>
    public static NodeContext Open(NetworkFolder folder, HttpClient http, TimeProvider time, Uri? rpc = null)
    {
        var network = folder.Read();
        if (rpc is not null) network = network with { Rpc = rpc };
        var parameters = folder.ReadParameters();
        var history = new LedgerHistory(network.Deployment);
        return new NodeContext
        {
            Folder = folder,
            Network = network,
            Chain = ChainEndpoints.Join([new JsonRpcClient(http, network.Rpc, ChainEndpoints.OptionsOf(1), time)], history, time, null),
            History = history,
            Parameters = parameters,
            Pack = CreatePack(parameters),
            Time = time,
            Http = http,
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
            Confirmations = local ? 1 : 6,
            PollInterval = local ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromSeconds(3),
            OnAlert = onAlert,
        };
        return TransactionSender.StartAsync(Chain, signer, FileTransactionJournal.Open(path), new FeeEstimator(Chain), options, Time, cancellation);
    }
}
