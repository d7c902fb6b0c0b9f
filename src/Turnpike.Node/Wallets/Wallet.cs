using System.Net.Http.Json;
using System.Numerics;
using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Economics;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Evm.Abi;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;
using Turnpike.Node.Api;
using Turnpike.Node.Market;
using CreditsContract = Turnpike.Ledger.Contracts.Credits;

namespace Turnpike.Node.Wallets;

/// <summary>A wallet's action was refused; the message says why and what to do.</summary>
public sealed class WalletException(string message) : Exception(message);

/// <summary>What an owner or customer does with his account: buy credits, register devices, order service, claim. Each action waits until it is confirmed.</summary>
public sealed class Wallet : IAsyncDisposable
{
    private const int OrderAttempts = 10;
    private static readonly TimeSpan OrderPause = TimeSpan.FromMilliseconds(500);

    private readonly NodeContext _node;
    private readonly IDigestSigner _signer;
    private readonly TransactionSender _sender;

    private Wallet(NodeContext node, IDigestSigner signer, TransactionSender sender)
    {
        _node = node;
        _signer = signer;
        _sender = sender;
    }

    /// <summary>The account.</summary>
    public Address Address => _signer.Address;

    /// <summary>Opens a wallet on a network; pending transactions of earlier runs are taken up.</summary>
    public static async Task<Wallet> OpenAsync(NodeContext node, IDigestSigner signer, CancellationToken cancellation) =>
        new(node, signer, await node.StartSenderAsync(signer, null, cancellation));

    /// <summary>Tokens held.</summary>
    public async Task<Amount> TokensAsync(CancellationToken cancellation) => new((UInt128)await _node.Chain.CallAsync(_node.Deployment.Token, new NetworkToken.BalanceOfCall(Address), BlockReference.Latest, cancellation));

    /// <summary>Sends tokens.</summary>
    public Task<TransactionOutcome> TransferAsync(Address to, Amount amount, CancellationToken cancellation) =>
        SendAsync("transfer", _node.Deployment.Token, new NetworkToken.TransferCall(to, amount.BaseUnits), cancellation);

    /// <summary>Burns as many tokens as the credits cost now, at the contract's conservative price, into the wallet for fees.</summary>
    /// <exception cref="WalletException">Too few tokens.</exception>
    public Task<Amount> BuyFeesAsync(Core.Credits credits, CancellationToken cancellation) =>
        BuyAsync(credits, cost => new CreditsContract.BuyCall(Address, cost.BaseUnits, credits.Count), cancellation);

    /// <summary>Burns as many tokens as the credits cost now and deposits the credits for a customer's service. Final.</summary>
    /// <exception cref="WalletException">Too few tokens.</exception>
    public Task<Amount> DepositAsync(Address customer, Core.Credits credits, CancellationToken cancellation) =>
        BuyAsync(credits, cost => new CreditsContract.BuyAndDepositCall(customer, cost.BaseUnits, credits.Count), cancellation);

    /// <summary>Registers devices whose keys are at hand; the fee comes from this wallet's credits. Those already registered are passed over.</summary>
    public async Task<TransactionOutcome> RegisterAsync(IReadOnlyList<IDeviceKey> devices, uint kind, IDigestSigner? maker, CancellationToken cancellation)
    {
        var permits = new List<DevicePermit>();
        foreach (var device in devices)
        {
            var nonce = await _node.Chain.CallAsync(_node.Deployment.Registry, new DeviceRegistry.PermitNonceCall(device.Public.Id.Value), BlockReference.Latest, cancellation);
            permits.Add(DevicePermit.Sign(device, _node.Deployment.ChainId, _node.Deployment.Registry, Address, nonce));
        }
        return await RegisterAsync(permits, kind, maker, cancellation);
    }

    /// <summary>Registers devices by their permits for this wallet, wherever their keys are.</summary>
    /// <exception cref="DevicePermitException">A permit is for another network or owner, or not signed by its device.</exception>
    public async Task<TransactionOutcome> RegisterAsync(IReadOnlyList<DevicePermit> permits, uint kind, IDigestSigner? maker, CancellationToken cancellation)
    {
        var registry = new SigningDomain(_node.Deployment.ChainId, _node.Deployment.Registry);
        var registrations = new List<DeviceRegistry.Registration>();
        foreach (var permit in permits)
        {
            permit.Check(_node.Deployment, Address);
            var approval = maker is null ? [] : (await maker.SignAsync(registry.MakerApproval(permit.Device), cancellation)).ToCompact();
            registrations.Add(new DeviceRegistry.Registration(1, permit.X, permit.Y, Address, kind, 0, Bytes32.Zero, maker?.Address ?? Address.Zero, [], approval, permit.R, permit.S));
        }
        return await SendAsync("register", _node.Deployment.Registry, new DeviceRegistry.RegisterBatchCall(registrations), cancellation);
    }

    /// <summary>Signs an order and hands it to the network's gateway.</summary>
    /// <exception cref="WalletException">The gateway refused it.</exception>
    public async Task OrderAsync(ServiceOrder order, CancellationToken cancellation)
    {
        var signed = await SignedOrder.SignAsync(order, new SigningDomain(_node.Deployment.ChainId, _node.Deployment.Credits), _signer, cancellation);
        var line = signed.Encode();
        // The gateway's ledger sees a deposit a moment after it is confirmed here.
        for (var attempt = 1; ; attempt++)
        {
            using var content = new ByteArrayContent(line);
            using var answer = await _node.Http.PostAsync(new Uri(_node.Network.Node, "v1/orders"), content, cancellation);
            if (answer.IsSuccessStatusCode) return;
            if (answer.StatusCode != System.Net.HttpStatusCode.PaymentRequired || attempt == OrderAttempts) throw new WalletException($"The gateway refused the order: {await answer.Content.ReadAsStringAsync(cancellation)}");
            await Task.Delay(OrderPause, cancellation);
        }
    }

    /// <summary>Claims all that the active root gives this account; nothing when it owes nothing.</summary>
    public async Task<Amount> ClaimAsync(CancellationToken cancellation)
    {
        if (await LeafAsync($"v1/accounts/{Address}/claim", cancellation) is not { } leaf) return Amount.Zero;
        var before = (UInt128)await _node.Chain.CallAsync(_node.Deployment.Distributor, new RewardDistributor.ClaimedCall(Address), BlockReference.Latest, cancellation);
        var owed = Amount.Parse(leaf.Cumulative).BaseUnits - before;
        if (owed == 0) return Amount.Zero;
        var call = new RewardDistributor.ClaimCall(leaf.Index, Address, Amount.Parse(leaf.Cumulative).BaseUnits, Amount.Parse(leaf.PrefixSum).BaseUnits, owed, leaf.Proof.Select(hash => Bytes32.Parse(hash)).ToList());
        await SendAsync("claim", _node.Deployment.Distributor, call, cancellation);
        return new Amount(owed);
    }

    /// <summary>Draws charges down from customers' deposits: their credits are burned. Anyone may do it.</summary>
    public async Task DrawAsync(IReadOnlyList<Address> customers, CancellationToken cancellation)
    {
        var (leaves, proofs) = (new List<CreditsContract.Leaf>(), new List<IReadOnlyList<Bytes32>>());
        foreach (var customer in customers)
        {
            if (await LeafAsync($"v1/customers/{customer}/charge", cancellation) is not { } leaf) continue;
            leaves.Add(new CreditsContract.Leaf(leaf.Index, customer, Amount.Parse(leaf.Cumulative).BaseUnits, Amount.Parse(leaf.PrefixSum).BaseUnits));
            proofs.Add(leaf.Proof.Select(hash => Bytes32.Parse(hash)).ToList());
        }
        if (leaves.Count > 0) await SendAsync("draw", _node.Deployment.Credits, new CreditsContract.DrawCall(leaves, proofs), cancellation);
    }

    /// <summary>Calls a contract and waits for its confirmation.</summary>
    /// <exception cref="WalletException">It was mined but reverted.</exception>
    public async Task<TransactionOutcome> SendAsync(string what, Address contract, IContractCall call, CancellationToken cancellation)
    {
        var outcome = await _sender.SendAsync(new TransactionIntent { Id = $"{what}/{Guid.NewGuid():N}", To = contract, Data = call.Encode() }, cancellation);
        return outcome.State == TransactionState.Succeeded ? outcome : throw new WalletException($"The transaction {outcome.TransactionHash} ({what}) ended as {outcome.State}.");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _sender.DisposeAsync();

    private async Task<Amount> BuyAsync(Core.Credits credits, Func<Amount, IContractCall> call, CancellationToken cancellation)
    {
        var latest = await _node.Chain.CallAsync(_node.Deployment.PriceFeed, new PriceFeed.LatestCall(), BlockReference.Latest, cancellation);
        var price = CreditPrice.LowSide(new PriceQuote(new Price((UInt128)latest.Ema), new Price((UInt128)latest.Confidence), (long)latest.Timestamp));
        var cost = CreditPrice.Cost(credits, price);
        var held = await TokensAsync(cancellation);
        if (held < cost) throw new WalletException($"{credits} credits cost {cost.ToTokenString()} tokens now, and {Address} holds {held.ToTokenString()}.");
        // Once for ever: the contract only ever burns what its caller himself asks it to.
        if (await _node.Chain.CallAsync(_node.Deployment.Token, new NetworkToken.AllowanceCall(Address, _node.Deployment.Credits), BlockReference.Latest, cancellation) < cost.BaseUnits)
            await SendAsync("approve", _node.Deployment.Token, new NetworkToken.ApproveCall(_node.Deployment.Credits, BigInteger.Pow(2, 256) - 1), cancellation);
        await SendAsync("buy", _node.Deployment.Credits, call(cost), cancellation);
        return cost;
    }

    private async Task<LeafProof?> LeafAsync(string path, CancellationToken cancellation)
    {
        using var answer = await _node.Http.GetAsync(new Uri(_node.Network.Node, path), cancellation);
        if (answer.StatusCode == System.Net.HttpStatusCode.NotFound) return null;
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<LeafProof>(cancellation);
    }
}
