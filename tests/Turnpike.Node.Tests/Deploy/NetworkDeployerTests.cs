using System.Numerics;
using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;
using Turnpike.Node.Deploy;
using Turnpike.Node.Tests.Ledger;
using CreditsContract = Turnpike.Ledger.Contracts.Credits;

namespace Turnpike.Node.Tests.Deploy;

public sealed class NetworkDeployerTests
{
    private const int Creations = 7;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deployment_leaves_code_at_every_address_and_tells_each_contract_in_order()
    {
        await using var network = await StartAsync();
        var told = new List<string>();

        var deployment = await DeployAsync(network, told.Add);

        Assert.Equal(["NetworkToken", "Emissions", "Credits", "PriceFeed", "DeviceRegistry", "EpochSettlement", "RewardDistributor"], told);
        Assert.Equal(Creations, deployment.Contracts.Distinct().Count());
        foreach (var contract in deployment.Contracts) Assert.NotEmpty(await network.Chain.Client.CodeAsync(contract, BlockReference.Latest, Stop));
        Assert.Equal(("helium-iot", 31337ul, 0ul), (deployment.Name, deployment.ChainId, deployment.FirstBlock));
        Assert.Equal(network.Blueprint.CanonicalParameters(), network.Folder.ReadParameters());
    }

    [Fact]
    public async Task Contracts_name_each_other_as_planned()
    {
        await using var network = await StartAsync();
        var at = await DeployAsync(network);

        Assert.Equal(at.Emissions, await network.AskAsync(at.Token, new NetworkToken.MinterCall()));
        Assert.Equal(at.Token, await network.AskAsync(at.Emissions, new Emissions.TokenCall()));
        Assert.Equal(at.Settlement, await network.AskAsync(at.Emissions, new Emissions.SettlementCall()));
        Assert.Equal(at.Credits, await network.AskAsync(at.Emissions, new Emissions.CreditsCall()));
        Assert.Equal(at.Token, await network.AskAsync(at.Credits, new CreditsContract.TokenCall()));
        Assert.Equal(at.PriceFeed, await network.AskAsync(at.Credits, new CreditsContract.PriceFeedCall()));
        Assert.Equal(at.Registry, await network.AskAsync(at.Credits, new CreditsContract.RegistryCall()));
        Assert.Equal(at.Settlement, await network.AskAsync(at.Credits, new CreditsContract.SettlementCall()));
        Assert.Equal(at.Settlement, await network.AskAsync(at.PriceFeed, new PriceFeed.SettlementCall()));
        Assert.Equal(at.Credits, await network.AskAsync(at.Registry, new DeviceRegistry.CreditsCall()));
        Assert.Equal(at.Emissions, await network.AskAsync(at.Settlement, new EpochSettlement.EmissionsCall()));
        Assert.Equal(at.Distributor, await network.AskAsync(at.Settlement, new EpochSettlement.DistributorCall()));
        Assert.Equal(at.Credits, await network.AskAsync(at.Settlement, new EpochSettlement.CreditsCall()));
        Assert.Equal(at.Token, await network.AskAsync(at.Distributor, new RewardDistributor.TokenCall()));
        Assert.Equal(at.Settlement, await network.AskAsync(at.Distributor, new RewardDistributor.SettlementCall()));
        Assert.Equal(at.NetworkId, await network.AskAsync(at.Registry, new DeviceRegistry.NetworkIdCall()));
        Assert.Equal(at.NetworkId, await network.AskAsync(at.Settlement, new EpochSettlement.NetworkIdCall()));
    }

    [Fact]
    public async Task Contracts_have_the_figures_of_the_blueprint()
    {
        await using var network = await StartAsync();
        var at = await DeployAsync(network);
        var b = network.Blueprint;

        Assert.Equal((b.Token.Name, b.Token.Symbol), (await network.AskAsync(at.Token, new NetworkToken.NameCall()), await network.AskAsync(at.Token, new NetworkToken.SymbolCall())));
        foreach (var genesis in b.Token.Genesis) Assert.Equal((BigInteger)genesis.Amount, await network.AskAsync(at.Token, new NetworkToken.BalanceOfCall(b.AddressOf(genesis.Account))));
        foreach (var step in b.Emission.Steps) Assert.Equal((BigInteger)step.PerEpoch, await network.AskAsync(at.Emissions, new Emissions.ScheduledCall(step.FromEpoch)));
        Assert.Equal((BigInteger)b.Emission.ReemissionCap, await network.AskAsync(at.Emissions, new Emissions.ReemissionCapCall()));
        Assert.Equal(b.Emission.SmoothingEpochs, await network.AskAsync(at.Emissions, new Emissions.SmoothingEpochsCall()));
        Assert.Equal((600ul, (ulong)b.Credits.MaxConfidenceBps), (await network.AskAsync(at.Credits, new CreditsContract.MaxPriceAgeCall()), await network.AskAsync(at.Credits, new CreditsContract.MaxConfidenceBpsCall())));
        Assert.Equal(((ulong)DevelopmentChain.Genesis + 100, 10ul), (await network.AskAsync(at.Credits, new CreditsContract.EpochStartCall()), await network.AskAsync(at.Credits, new CreditsContract.EpochLengthCall())));
        var latest = await network.AskAsync(at.PriceFeed, new PriceFeed.LatestCall());
        Assert.Equal((1ul, (BigInteger)b.Price.InitialUsd), (latest.Round, latest.Price));
        Assert.Equal(((ulong)b.Price.MaxStepBps, 600ul), (await network.AskAsync(at.PriceFeed, new PriceFeed.MaxStepBpsCall()), await network.AskAsync(at.PriceFeed, new PriceFeed.MaxObservationAgeCall())));
        Assert.Equal(((BigInteger)b.Credits.OnboardingFee, (BigInteger)b.Credits.LocationFee), (await network.AskAsync(at.Registry, new DeviceRegistry.OnboardingFeeCall()), await network.AskAsync(at.Registry, new DeviceRegistry.LocationFeeCall())));
        Assert.Equal((60u, b.Distributor.BreakerMultiple, 604_800u), (await network.AskAsync(at.Distributor, new RewardDistributor.WindowCall()), await network.AskAsync(at.Distributor, new RewardDistributor.CapMultipleCall()), await network.AskAsync(at.Distributor, new RewardDistributor.MaxPauseCall())));
    }

    [Fact]
    public async Task Settlement_and_roles_are_those_of_the_blueprint()
    {
        await using var network = await StartAsync();
        var at = await DeployAsync(network);
        var b = network.Blueprint;

        Assert.Equal(((ulong)DevelopmentChain.Genesis + 100, 10ul), (await network.AskAsync(at.Settlement, new EpochSettlement.EpochStartCall()), await network.AskAsync(at.Settlement, new EpochSettlement.EpochLengthCall())));
        Assert.Equal((3ul, 2ul, 600ul), (await network.AskAsync(at.Settlement, new EpochSettlement.GraceCall()), await network.AskAsync(at.Settlement, new EpochSettlement.ActivationDelayCall()), await network.AskAsync(at.Settlement, new EpochSettlement.EmptyAfterCall())));
        Assert.Equal(((ushort)b.Guardian.VetoMax, (ushort)b.Guardian.VetoWindowEpochs), (await network.AskAsync(at.Settlement, new EpochSettlement.VetoMaxCall()), await network.AskAsync(at.Settlement, new EpochSettlement.VetoWindowCall())));
        Assert.Equal(RulesHash.Of(TestNetwork.PackOf(b), b.CanonicalParameters()), await network.AskAsync(at.Settlement, new EpochSettlement.RulesAtCall(1)));
        var oracles = await network.AskAsync(at.Settlement, new EpochSettlement.OraclesAtCall(1));
        Assert.Equal(network.Members.Oracles.Select(oracle => oracle.Account), oracles.Oracles);
        Assert.Equal(b.Oracles.Faulty, oracles.F);
        foreach (var gateway in network.Members.Gateways) Assert.True(await network.AskAsync(at.Settlement, new EpochSettlement.IsGatewayCall(gateway.Account)));
        Assert.Equal((network.Admin, network.Guardian), (await network.AskAsync(at.Settlement, new EpochSettlement.OwnerCall()), await network.AskAsync(at.Settlement, new EpochSettlement.GuardianCall())));
        Assert.Equal((network.Admin, network.Guardian), (await network.AskAsync(at.Distributor, new RewardDistributor.OwnerCall()), await network.AskAsync(at.Distributor, new RewardDistributor.GuardianCall())));
        Assert.Equal(network.Admin, await network.AskAsync(at.Registry, new DeviceRegistry.OwnerCall()));
    }

    [Fact]
    public async Task Archive_deployment_has_the_registry_that_imports()
    {
        await using var network = await StartAsync();
        using var key = TestNetwork.KeyOf(99);
        await using var account = await DeployerAccount.OpenAsync(network, key);

        var at = await account.DeployAsync(network, null, Stop, archive: true);
        await network.Chain.FundAsync(network.Admin);
        byte[] device = [1, 2, 3];
        await network.Chain.SendAsync(network.Admin, at.Registry, new ArchiveRegistry.ImportArchiveCall([device], [network.Guardian], 7));

        Assert.Equal(network.Guardian, await network.AskAsync(at.Registry, new DeviceRegistry.OwnerOfCall(new BigInteger(Keccak256.Hash(device).ToArray(), isUnsigned: true, isBigEndian: true))));
    }

    [Fact]
    public async Task Second_call_sends_nothing_and_answers_the_same()
    {
        await using var network = await StartAsync();
        using var key = TestNetwork.KeyOf(99);
        var first = await DeployAsync(network);
        var block = await network.Chain.HeadAsync();

        Assert.Equal(first, await DeployAsync(network));
        Assert.Equal(block, await network.Chain.HeadAsync());
        Assert.Equal((ulong)Creations, await network.Chain.Client.TransactionCountAsync(key.Address, BlockReference.Pending, Stop));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task Deployment_stopped_after_a_contract_goes_on_to_the_same_addresses(int contracts)
    {
        await using var network = await StartAsync();
        var seen = 0;
        await Assert.ThrowsAsync<CrashException>(() => DeployAsync(network, _ => { if (++seen == contracts) throw new CrashException(); }));
        Assert.Equal((ulong)contracts, await SentAsync(network));

        await AssertWholeAsync(network, await DeployAsync(network));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task Deployment_stopped_while_a_creation_waits_for_its_block_goes_on_to_the_same_addresses(int contract)
    {
        await using var network = await StartAsync();
        await network.Chain.DoAsync("evm_setAutomine", false);
        using (var crash = CancellationTokenSource.CreateLinkedTokenSource(Stop))
        {
            using var key = TestNetwork.KeyOf(99);
            await using var account = await DeployerAccount.OpenAsync(network, key);
            var deploying = account.DeployAsync(network, null, crash.Token);
            for (var published = 1; published <= contract; published++)
            {
                var expected = (ulong)published;
                await DevelopmentChain.UntilAsync(
                    async () => deploying.IsCompleted || await network.Chain.Client.TransactionCountAsync(key.Address, BlockReference.Pending, Stop) == expected,
                    () => $"creation {expected} is not published");
                if (published < contract) await network.Chain.DoAsync("evm_mine");
            }
            await crash.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deploying);
        }
        Assert.Equal((ulong)contract - 1, await SentAsync(network));
        await network.Chain.DoAsync("evm_mine");
        await network.Chain.DoAsync("evm_setAutomine", true);

        await AssertWholeAsync(network, await DeployAsync(network));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task Foreign_transaction_in_between_is_refused_with_what_to_do(int contracts)
    {
        await using var network = await StartAsync();
        await StopAfterAsync(network, contracts);
        using var key = TestNetwork.KeyOf(99);
        await SendForeignAsync(network, key.Address, network.Admin, []);

        var refused = await Assert.ThrowsAsync<DeploymentException>(() => DeployAsync(network));
        Assert.EndsWith($"the account {key.Address} was used for something else meanwhile. Deploy from an account of its own, with an empty folder.", refused.Message, StringComparison.Ordinal);
        var sent = await SentAsync(network);
        Assert.Equal(refused.Message, (await Assert.ThrowsAsync<DeploymentException>(() => DeployAsync(network))).Message);
        Assert.Equal(sent, await SentAsync(network));
    }

    // Code is at the planned address then, but it is not the network's.
    [Fact]
    public async Task Foreign_contract_at_a_planned_address_is_not_taken_for_the_networks()
    {
        await using var network = await StartAsync();
        await StopAfterAsync(network, 2);
        using var key = TestNetwork.KeyOf(99);
        await SendForeignAsync(network, key.Address, null, Convert.FromHexString("6001600c60003960016000f300"));

        var refused = await Assert.ThrowsAsync<DeploymentException>(() => DeployAsync(network));
        Assert.StartsWith("Credits did not come to ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_begun_by_another_account_is_refused()
    {
        await using var network = await StartAsync();
        await StopAfterAsync(network, 1);
        using var other = TestNetwork.KeyOf(98);
        await network.Chain.FundAsync(other.Address);
        await using var account = await DeployerAccount.OpenAsync(network, other);

        var refused = await Assert.ThrowsAsync<DeploymentException>(() => account.DeployAsync(network, null, Stop));
        using var key = TestNetwork.KeyOf(99);
        Assert.Equal($"{network.Folder.Root} holds a deployment begun by {key.Address} on chain 31337; go on with that account there, or choose an empty folder.", refused.Message);
        Assert.Equal(0ul, await network.Chain.Client.TransactionCountAsync(other.Address, BlockReference.Pending, Stop));
    }

    [Fact]
    public async Task Folder_begun_on_another_chain_is_refused()
    {
        await using var network = await StartAsync();
        await StopAfterAsync(network, 1);
        var plan = network.Folder.ReadPlan()!;
        network.Folder.WritePlan(plan with { ChainId = 1 });

        var refused = await Assert.ThrowsAsync<DeploymentException>(() => DeployAsync(network));
        Assert.Contains("on chain 1; go on with that account there, or choose an empty folder.", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1ul, await SentAsync(network));
    }

    [Fact]
    public async Task Deployment_begun_with_another_blueprint_is_not_mixed()
    {
        await using var network = await StartAsync();
        await StopAfterAsync(network, 3);
        var changed = network.Blueprint with { Epoch = network.Blueprint.Epoch with { Length = TimeSpan.FromSeconds(20) } };
        using var key = TestNetwork.KeyOf(99);
        await using var account = await DeployerAccount.OpenAsync(network, key);

        var refused = await Assert.ThrowsAsync<DeploymentException>(() => account.DeployAsync(network, null, Stop, changed));
        Assert.Equal($"{network.Folder.Root} holds a deployment begun with another blueprint, other members or another rule pack; go on with those, or choose an empty folder.", refused.Message);
        Assert.Equal(3ul, await SentAsync(network));
        Assert.Equal(network.Blueprint.CanonicalParameters(), network.Folder.ReadParameters());
    }

    [Fact]
    public async Task Chain_that_lost_the_contracts_is_noticed()
    {
        await using var network = await StartAsync();
        var deployment = await DeployAsync(network);
        await network.Chain.DoAsync("anvil_setCode", deployment.Credits.ToString(), "0x");

        var refused = await Assert.ThrowsAsync<DeploymentException>(() => DeployAsync(network));
        Assert.StartsWith($"Credits was deployed to {deployment.Credits} by transaction ", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("Deploy with an empty folder.", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<TestNetwork> StartAsync()
    {
        var network = await TestNetwork.StartAsync(TestNetwork.HeliumLocal());
        using var key = TestNetwork.KeyOf(99);
        await network.Chain.FundAsync(key.Address);
        return network;
    }

    // Each call is a process of its own: journal and sender are opened anew.
    private static async Task<NetworkDeployment> DeployAsync(TestNetwork network, Action<string>? progress = null)
    {
        using var key = TestNetwork.KeyOf(99);
        await using var account = await DeployerAccount.OpenAsync(network, key);
        return await account.DeployAsync(network, progress, Stop);
    }

    /// <summary>Stops after so many contracts; after none means after the plan was written.</summary>
    private static async Task StopAfterAsync(TestNetwork network, int contracts)
    {
        if (contracts > 0)
        {
            var seen = 0;
            await Assert.ThrowsAsync<CrashException>(() => DeployAsync(network, _ => { if (++seen == contracts) throw new CrashException(); }));
            return;
        }
        // The first creation is refused before it is published: the account has no money yet.
        using var key = TestNetwork.KeyOf(99);
        await network.Chain.DoAsync("anvil_setBalance", key.Address.ToString(), "0x0");
        await Assert.ThrowsAnyAsync<Exception>(() => DeployAsync(network));
        await network.Chain.FundAsync(key.Address);
        Assert.NotNull(network.Folder.ReadPlan());
    }

    private static async Task SendForeignAsync(TestNetwork network, Address from, Address? to, byte[] data)
    {
        var hash = await network.Chain.DoAsync("eth_sendTransaction", DevelopmentChain.TransactionOf(from, to, data));
        Assert.True((await network.Chain.ReceiptAsync(Bytes32.Parse(hash.GetString()))).Succeeded);
    }

    private static Task<ulong> SentAsync(TestNetwork network)
    {
        using var key = TestNetwork.KeyOf(99);
        return network.Chain.Client.TransactionCountAsync(key.Address, BlockReference.Latest, Stop);
    }

    private static async Task AssertWholeAsync(TestNetwork network, NetworkDeployment deployment)
    {
        using var key = TestNetwork.KeyOf(99);
        Assert.Equal(
            Enumerable.Range(0, Creations).Select(nonce => Turnpike.Evm.ContractAddress.Create(key.Address, (ulong)nonce)),
            [deployment.Token, deployment.Emissions, deployment.Credits, deployment.PriceFeed, deployment.Registry, deployment.Settlement, deployment.Distributor]);
        foreach (var contract in deployment.Contracts) Assert.NotEmpty(await network.Chain.Client.CodeAsync(contract, BlockReference.Latest, Stop));
        Assert.Equal((ulong)Creations, await SentAsync(network));
        Assert.Equal(deployment.Settlement, await network.AskAsync(deployment.Distributor, new RewardDistributor.SettlementCall()));
    }

    private sealed class CrashException : Exception;
}
