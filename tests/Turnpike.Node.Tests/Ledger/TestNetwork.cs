using Turnpike.Blueprints;
using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Evm;
using Turnpike.Evm.Abi;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Networks.Wireless;
using Turnpike.Node.Deploy;
using Turnpike.Node.Oracle;
using Turnpike.Tests;

namespace Turnpike.Node.Tests.Ledger;

/// <summary>The contracts of a blueprint on a chain of their own, and the keys of everybody.</summary>
internal sealed class TestNetwork : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("turnpike-network-");

    private TestNetwork(DevelopmentChain chain, Blueprint blueprint, Uri? url)
    {
        Chain = chain;
        Blueprint = blueprint;
        Folder = new NetworkFolder(_folder.FullName);
        Members = MembersOf(blueprint, url);
    }

    public DevelopmentChain Chain { get; }

    public Blueprint Blueprint { get; }

    public NetworkFolder Folder { get; }

    public NetworkMembers Members { get; }

    public NetworkDeployment Deployment { get; private set; } = null!;

    public Address Admin => Blueprint.AddressOf(Blueprint.Admin);

    public Address Guardian => Blueprint.AddressOf(Blueprint.GuardianAccount);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A key that is the same in every run.</summary>
    public static Secp256k1PrivateKey KeyOf(int number) => Secp256k1PrivateKey.Parse("0x" + (1_000_000 + number).ToString("x64", null));

    /// <summary>The shipped blueprint's local profile, every account with an address.</summary>
    public static Blueprint HeliumLocal(Func<Blueprint, Blueprint>? change = null)
    {
        var reading = BlueprintReader.Read(Path.Combine(SharedData.RepositoryRoot, "blueprints", "helium-iot.yaml"), WirelessModule.Packs);
        return WithKeys((change ?? (blueprint => blueprint))(reading.Local!));
    }

    public static Blueprint WithKeys(Blueprint blueprint) =>
        blueprint.WithAccounts(blueprint.GeneratedAccounts.Select((name, index) => (name, index)).ToDictionary(account => account.name, account => KeyOf(200 + account.index).Address));

    private static NetworkMembers MembersOf(Blueprint blueprint, Uri? url) => new(
        [.. Enumerable.Range(0, (int)blueprint.Oracles.Count).Select(i => (KeyOf(i).Address, url ?? new Uri($"http://oracle-{i}.example:8080/")))],
        [.. Enumerable.Range(0, (int)blueprint.Gateways.Count).Select(i => (KeyOf(100 + i).Address, url ?? new Uri($"http://gateway-{i}.example/")))]);

    public static IRulePack PackOf(Blueprint blueprint) => NodeContext.CreatePack(blueprint.CanonicalParameters());

    /// <summary>A chain with the contracts on it; epoch 1 begins 100 s after its genesis.</summary>
    public static async Task<TestNetwork> DeployAsync(Blueprint blueprint, Uri? url = null)
    {
        var network = await StartAsync(blueprint, url);
        using var deployer = KeyOf(99);
        await network.Chain.FundAsync(deployer.Address);
        await using var account = await DeployerAccount.OpenAsync(network, deployer);
        network.Deployment = await account.DeployAsync(network, null, Stop);
        return network;
    }

    /// <summary>A chain without contracts.</summary>
    public static async Task<TestNetwork> StartAsync(Blueprint blueprint, Uri? url = null) => new(await DevelopmentChain.StartAsync(), blueprint, url);

    /// <summary>What a contract answers at the newest block.</summary>
    public Task<T> AskAsync<T>(Address contract, IContractCall<T> call) => Chain.AskAsync(contract, call);

    /// <summary>The history up to the chain's head, read as a node reads it.</summary>
    public async Task<LedgerHistory> FollowAsync(LedgerHistory? history = null)
    {
        history ??= new LedgerHistory(Deployment);
        var head = await Chain.HeadAsync();
        await new LedgerFollower(Chain.Client, history, FollowHead).RunUntilAsync(head.Number, Stop);
        Assert.Equal(head.Point, history.Block!.Point);
        return history;
    }

    public static ChainFollowerOptions FollowHead { get; } = new() { To = FollowTo.Latest, PollInterval = TimeSpan.FromMilliseconds(5) };

    /// <summary>f + 1 signatures by the oracles of an epoch, of those at the places given first.</summary>
    public static OracleQuorum Sign(OracleSet oracles, Bytes32 digest, IReadOnlyDictionary<Address, Secp256k1PrivateKey> keys, IReadOnlyList<int> willing)
    {
        var answers = oracles.Oracles.Select((account, place) => willing.Contains(place) ? Secp256k1.Sign(digest, keys[account]) : (Secp256k1Signature?)null).ToList();
        return OracleQuorum.Gather(oracles, digest, answers) ?? throw new InvalidOperationException($"{willing.Count} signatures are no quorum of {oracles.Quorum}.");
    }

    public async ValueTask DisposeAsync()
    {
        await Chain.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

/// <summary>The deployer's account as one process holds it: sender and journal file. Disposing it is what a crash leaves: the journal, and whatever was published.</summary>
internal sealed class DeployerAccount : IAsyncDisposable
{
    private readonly FileTransactionJournal _journal;
    private readonly TransactionSender _sender;

    private DeployerAccount(FileTransactionJournal journal, TransactionSender sender)
    {
        _journal = journal;
        _sender = sender;
    }

    public static async Task<DeployerAccount> OpenAsync(TestNetwork network, Secp256k1PrivateKey key)
    {
        var file = network.Folder.JournalOf(key.Address.ToString());
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var journal = FileTransactionJournal.Open(file);
        var options = new TransactionSenderOptions { Confirmations = 1, PollInterval = TimeSpan.FromMilliseconds(5) };
        var client = network.Chain.Client;
        return new DeployerAccount(journal, await TransactionSender.StartAsync(client, new LocalDigestSigner(key), journal, new FeeEstimator(client), options, TimeProvider.System, TestContext.Current.CancellationToken));
    }

    public Task<NetworkDeployment> DeployAsync(TestNetwork network, Action<string>? progress, CancellationToken cancellation, Blueprint? blueprint = null, bool archive = false)
    {
        var described = blueprint ?? network.Blueprint;
        return new NetworkDeployer(network.Chain.Client, _sender, network.Folder)
            .DeployAsync(described, network.Members, TestNetwork.PackOf(described), archive, DevelopmentChain.Genesis + 100, progress, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _sender.DisposeAsync();
        _journal.Dispose();
    }
}
