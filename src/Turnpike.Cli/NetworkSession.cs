using System.Net.Http.Json;
using System.Text.Json;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Node;
using Turnpike.Node.Deploy;
using Turnpike.Node.Local;
using Turnpike.Node.Settings;
using Turnpike.Node.Wallets;

namespace Turnpike.Cli;

/// <summary>A verb's view of a running network: its folder, its chain, its node.</summary>
internal sealed class NetworkSession(NetworkFolder folder) : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly HttpClient _http = CommonOptions.Http();
    private NodeContext? _node;

    public NetworkFolder Folder { get; } = folder;

    public NodeContext Node => _node ??= NodeContext.Open(Folder, _http, TimeProvider.System, rpc: null, NodeConfiguration.Require(Folder.Root));

    public bool IsLocal => Node.Deployment.ChainId == LocalChainOptions.ChainId;

    public KeyRing Keys => KeyRing.On(Node.Deployment.ChainId, Folder.Keys, Node.Options.Roles.PasswordFile);

    /// <summary>Reads the ledger up to the head.</summary>
    public async Task<LedgerHistory> LedgerAsync(CancellationToken cancellation)
    {
        var head = await Node.Chain.BlockNumberAsync(cancellation);
        await new LedgerFollower(Node.Chain, Node.History, new ChainFollowerOptions { To = FollowTo.Latest }).RunUntilAsync(head, cancellation);
        return Node.History;
    }

    /// <summary>The network's time: a local network's clock goes on where its chain stopped, so it may be behind the wall's.</summary>
    public async Task<TimeProvider> ClockAsync(CancellationToken cancellation)
    {
        if (!IsLocal) return TimeProvider.System;
        var head = await Node.Chain.BlockAsync(BlockReference.Latest, cancellation) ?? throw new CommandException("The chain has no block.");
        return new LocalClock(DateTimeOffset.FromUnixTimeSeconds((long)head.Timestamp) - DateTimeOffset.UtcNow);
    }

    /// <summary>Opens a named account's wallet; on a local chain it is given gas money.</summary>
    public async Task<Wallet> WalletAsync(string name, CancellationToken cancellation)
    {
        var signer = new LocalDigestSigner(Keys.Open(name));
        if (IsLocal) await LocalNetwork.FundAsync(Node.Chain, signer.Address, cancellation);
        return await Wallet.OpenAsync(Node, signer, cancellation);
    }

    /// <summary>Asks the node; null when it answers "not found".</summary>
    public async Task<T?> GetAsync<T>(string path, CancellationToken cancellation)
        where T : class
    {
        var url = new Uri(Node.Network.Node, path);
        try
        {
            using var answer = await _http.GetAsync(url, cancellation);
            if (answer.StatusCode == System.Net.HttpStatusCode.NotFound) return null;
            if (!answer.IsSuccessStatusCode) throw new CommandException($"{url} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellation)}");
            return await answer.Content.ReadFromJsonAsync<T>(cancellation);
        }
        catch (HttpRequestException fault)
        {
            throw new CommandException($"The node at {Node.Network.Node} does not answer ({fault.Message}). Is 'turnpike up' or 'turnpike node run' running?");
        }
    }

    /// <summary>An account by its name here, or by its address.</summary>
    /// <exception cref="CommandException">Neither.</exception>
    public Address AddressOf(string nameOrAddress)
    {
        if (ChecksumAddress.TryParse(nameOrAddress, out var address) || Keys.TryAddressOf(nameOrAddress, out address)) return address;
        throw new CommandException($"'{nameOrAddress}' is neither an address nor an account in {Folder.Keys}.");
    }

    public static void WriteJson<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, Indented));

    public void Dispose() => _http.Dispose();
}
