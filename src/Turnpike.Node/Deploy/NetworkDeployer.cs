using System.Numerics;
using Turnpike.Blueprints;
using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;

namespace Turnpike.Node.Deploy;

/// <summary>A deployment cannot go on; the message says what to do.</summary>
public sealed class DeploymentException(string message) : Exception(message);

/// <summary>Who takes part from the start.</summary>
/// <param name="Oracles">Accounts and URLs of the oracles.</param>
/// <param name="Gateways">Accounts and URLs of the gateways.</param>
public sealed record NetworkMembers(IReadOnlyList<(Address Account, Uri Url)> Oracles, IReadOnlyList<(Address Account, Uri Url)> Gateways);

/// <summary>The addresses that the contracts will have, fixed before the first transaction, and what they will be made of.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Deployer">The account that creates them.</param>
/// <param name="FirstNonce">Its nonce for the first.</param>
/// <param name="FirstBlock">The newest block before them.</param>
/// <param name="EpochStart">Unix seconds at which epoch 1 begins.</param>
/// <param name="CreationsHash">Hash over every creation code with its arguments: contracts of two blueprints are never mixed.</param>
internal sealed record DeploymentPlan(ulong ChainId, Address Deployer, ulong FirstNonce, ulong FirstBlock, long EpochStart, string CreationsHash)
{
    public Address AddressOf(int index) => ContractAddress.Create(Deployer, FirstNonce + (ulong)index);
}

/// <summary>
/// Deploys a blueprint's contracts, once. They name each other as immutables, so their addresses are computed first from the deployer's nonces and the plan is
/// written to the network's folder; then seven transactions follow, each an intent with an id of its own in the account's journal. Whatever stops the deployment,
/// calling it again with the same inputs goes on where it stopped, and after the last one it only answers with the addresses. What was done is known from the journal,
/// not from code being at an address, which another use of the account could have put there.
/// </summary>
public sealed class NetworkDeployer(EthereumClient client, TransactionSender sender, NetworkFolder folder)
{
    private const int TokenAt = 0, EmissionsAt = 1, CreditsAt = 2, PriceFeedAt = 3, RegistryAt = 4, SettlementAt = 5, DistributorAt = 6;

    /// <summary>Deploys what is missing.</summary>
    /// <param name="blueprint">The network; every account has its address.</param>
    /// <param name="members">Oracles and gateways of the first configuration.</param>
    /// <param name="pack">The rule pack that the first rules hash names.</param>
    /// <param name="archive">Deploys an ArchiveRegistry, which exists on a development chain only.</param>
    /// <param name="launch">Unix seconds at which epoch 1 begins where the blueprint says "launch".</param>
    /// <param name="progress">Told the name of each contract when it is there.</param>
    /// <param name="cancellation">Stops; a later call goes on.</param>
    /// <exception cref="DeploymentException">The folder holds another deployment, the deployer's account was used meanwhile, or a transaction reverted.</exception>
    public async Task<NetworkDeployment> DeployAsync(Blueprint blueprint, NetworkMembers members, IRulePack pack, bool archive, long launch, Action<string>? progress, CancellationToken cancellation)
    {
        var plan = folder.ReadPlan() is { } begun ? await TakeUpAsync(begun, cancellation) : await BeginAsync(blueprint, launch, cancellation);
        var creations = Creations(blueprint, members, pack, archive, plan);
        Keep(plan, HashOf(creations));
        folder.WriteParameters(blueprint.CanonicalParameters());
        for (var i = 0; i < creations.Count; i++)
        {
            await CreateAsync(blueprint, plan, i, creations[i], cancellation);
            progress?.Invoke(creations[i].Name);
        }
        return new NetworkDeployment
        {
            Name = blueprint.Network.Name,
            ChainId = plan.ChainId,
            FirstBlock = plan.FirstBlock,
            Token = plan.AddressOf(TokenAt),
            Emissions = plan.AddressOf(EmissionsAt),
            Credits = plan.AddressOf(CreditsAt),
            PriceFeed = plan.AddressOf(PriceFeedAt),
            Registry = plan.AddressOf(RegistryAt),
            Settlement = plan.AddressOf(SettlementAt),
            Distributor = plan.AddressOf(DistributorAt),
        };
    }

    private async Task<DeploymentPlan> TakeUpAsync(DeploymentPlan begun, CancellationToken cancellation)
    {
        var chainId = await client.ChainIdAsync(cancellation);
        if (begun.ChainId == chainId && begun.Deployer == sender.Account) return begun;
        throw new DeploymentException($"{folder.Root} holds a deployment begun by {begun.Deployer} on chain {begun.ChainId}; go on with that account there, or choose an empty folder.");
    }

    private async Task<DeploymentPlan> BeginAsync(Blueprint blueprint, long launch, CancellationToken cancellation)
    {
        var chainId = await client.ChainIdAsync(cancellation);
        var nonce = await client.TransactionCountAsync(sender.Account, BlockReference.Pending, cancellation);
        var block = await client.BlockNumberAsync(cancellation);
        return new DeploymentPlan(chainId, sender.Account, nonce, block, blueprint.Epoch.Start?.ToUnixTimeSeconds() ?? launch, CreationsHash: "");
    }

    private void Keep(DeploymentPlan plan, string creationsHash)
    {
        if (plan.CreationsHash == "") folder.WritePlan(plan with { CreationsHash = creationsHash });
        else if (plan.CreationsHash != creationsHash)
            throw new DeploymentException($"{folder.Root} holds a deployment begun with another blueprint, other members or another rule pack; go on with those, or choose an empty folder.");
    }

    private async Task CreateAsync(Blueprint blueprint, DeploymentPlan plan, int index, (string Name, byte[] Code) creation, CancellationToken cancellation)
    {
        var (name, address) = (creation.Name, plan.AddressOf(index));
        var outcome = await sender.SendAsync(new TransactionIntent { Id = $"deploy/{blueprint.Network.Name}/{plan.FirstNonce}/{name}", Data = creation.Code }, cancellation);
        if (outcome.State == TransactionState.Reverted) throw new DeploymentException($"The deployment of {name} reverted in transaction {outcome.TransactionHash}.");
        if (outcome.State == TransactionState.Replaced || outcome.ContractAddress != address)
            throw new DeploymentException($"{name} did not come to {address}: the account {sender.Account} was used for something else meanwhile. Deploy from an account of its own, with an empty folder.");
        if ((await client.CodeAsync(address, BlockReference.Latest, cancellation)).Length == 0)
            throw new DeploymentException($"{name} was deployed to {address} by transaction {outcome.TransactionHash}, but the chain has nothing there: it is another chain, or it went back. Deploy with an empty folder.");
    }

    private static string HashOf(IEnumerable<(string Name, byte[] Code)> creations) =>
        Keccak256.Hash(creations.SelectMany(creation => Keccak256.Hash(creation.Code).ToArray()).ToArray()).ToString();

    private static List<(string Name, byte[] Code)> Creations(Blueprint b, NetworkMembers members, IRulePack pack, bool archive, DeploymentPlan plan)
    {
        var (admin, guardian) = (b.AddressOf(Blueprint.Admin), b.AddressOf(Blueprint.GuardianAccount));
        var (epochStart, epochLength) = ((ulong)plan.EpochStart, Seconds(b.Epoch.Length));
        var token = new NetworkToken.Deployment(b.Token.Name, b.Token.Symbol, plan.AddressOf(EmissionsAt),
            b.Token.Genesis.Select(allocation => b.AddressOf(allocation.Account)).ToList(), b.Token.Genesis.Select(allocation => (BigInteger)allocation.Amount).ToList());
        var emissions = new Emissions.Deployment(plan.AddressOf(TokenAt), plan.AddressOf(SettlementAt), plan.AddressOf(CreditsAt),
            b.Emission.Steps.Select(step => step.FromEpoch).ToList(), b.Emission.Steps.Select(step => (BigInteger)step.PerEpoch).ToList(), b.Emission.ReemissionCap, b.Emission.SmoothingEpochs);
        var credits = new Ledger.Contracts.Credits.Deployment(plan.AddressOf(TokenAt), plan.AddressOf(PriceFeedAt), plan.AddressOf(RegistryAt), plan.AddressOf(SettlementAt),
            epochStart, epochLength, Seconds(b.Credits.MaxPriceAge), b.Credits.MaxConfidenceBps);
        // The feed's average follows the price with the time constant after which credits refuse a price as stale.
        var priceFeed = new PriceFeed.Deployment(plan.AddressOf(SettlementAt), (ulong)b.Price.InitialUsd, b.Price.MaxStepBps, Seconds(b.Credits.MaxPriceAge), Seconds(b.Credits.MaxPriceAge), MinInterval: 1);
        var settlement = new EpochSettlement.Deployment(new EpochSettlement.Parameters(
            plan.AddressOf(RegistryAt), plan.AddressOf(EmissionsAt), plan.AddressOf(DistributorAt), plan.AddressOf(CreditsAt),
            epochStart, epochLength, Seconds(b.Epoch.Grace), Seconds(b.Epoch.ActivationDelay), Seconds(b.Epoch.EmptyAfter), admin, guardian,
            (byte)b.Oracles.Faulty, members.Oracles.Select(oracle => oracle.Account).ToList(), members.Oracles.Select(oracle => oracle.Url.ToString()).ToList(),
            RulesHash.Of(pack, b.CanonicalParameters()),
            members.Gateways.Select(gateway => gateway.Account).ToList(), members.Gateways.Select(gateway => gateway.Url.ToString()).ToList(),
            (ushort)b.Guardian.VetoMax, (ushort)b.Guardian.VetoWindowEpochs));
        var distributor = new RewardDistributor.Deployment(plan.AddressOf(TokenAt), plan.AddressOf(SettlementAt),
            (uint)Seconds(b.Distributor.BreakerWindow), b.Distributor.BreakerMultiple, (uint)Seconds(b.Guardian.PauseMax), admin, guardian);
        var (deviceName, deviceSymbol) = (b.Network.Title + " device", b.Token.Symbol + "D");
        var registry = archive
            ? new ArchiveRegistry.Deployment(deviceName, deviceSymbol, plan.AddressOf(CreditsAt), b.Credits.OnboardingFee, b.Credits.LocationFee, admin).Encode()
            : new DeviceRegistry.Deployment(deviceName, deviceSymbol, plan.AddressOf(CreditsAt), b.Credits.OnboardingFee, b.Credits.LocationFee, admin).Encode();
        return
        [
            ("NetworkToken", token.Encode()),
            ("Emissions", emissions.Encode()),
            ("Credits", credits.Encode()),
            ("PriceFeed", priceFeed.Encode()),
            (archive ? "ArchiveRegistry" : "DeviceRegistry", registry),
            ("EpochSettlement", settlement.Encode()),
            ("RewardDistributor", distributor.Encode()),
        ];
    }

    private static ulong Seconds(TimeSpan span) => (ulong)span.TotalSeconds;
}
