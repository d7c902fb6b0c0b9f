using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Networks.Wireless.Rules.Usage2026;
using Turnpike.Node.Local;
using Turnpike.Node.Wallets;

namespace Turnpike.Cli.Demo;

/// <summary>An owner of hotspots.</summary>
internal sealed class DemoOperator(string name, Wallet wallet, IReadOnlyList<P256DeviceKey> keys)
{
    private ulong _reports;

    public string Name { get; } = name;

    public Wallet Wallet { get; } = wallet;

    public IReadOnlyList<P256DeviceKey> Keys { get; } = keys;

    /// <summary>Reports that the gateway keeps; an owner's hotspots report at the same time.</summary>
    public ulong Reports => Interlocked.Read(ref _reports);

    public void AddReports(ulong count) => Interlocked.Add(ref _reports, count);

    public Amount Claimed { get; set; }
}

/// <summary>An organisation that buys data.</summary>
internal sealed class DemoCustomer(string name, Wallet wallet, ulong deposit)
{
    public string Name { get; } = name;

    public Wallet Wallet { get; } = wallet;

    /// <summary>Credits it deposits.</summary>
    public ulong Deposit { get; } = deposit;
}

/// <summary>Makes the people of the demonstration: keys, tokens, credits, devices, orders. All of it by ordinary transactions.</summary>
internal static class DemoActors
{
    private const ulong FeesPerDevice = 50_000;
    private static readonly Amount TokensEach = Amount.FromTokens(1_000);

    public static async Task<DemoOperator> OperatorAsync(LocalNetwork network, Wallet treasury, string name, int devices, IDigestSigner? maker, CancellationToken cancellation)
    {
        var wallet = await OpenAsync(network, treasury, name, cancellation);
        var keys = Enumerable.Range(0, devices).Select(_ => P256DeviceKey.Generate()).ToList();
        await wallet.BuyFeesAsync(new Credits(FeesPerDevice * (ulong)devices), cancellation);
        await wallet.RegisterAsync(keys, kind: 1, maker, cancellation);
        return new DemoOperator(name, wallet, keys);
    }

    public static async Task<DemoCustomer> CustomerAsync(LocalNetwork network, Wallet treasury, string name, ulong deposit, CancellationToken cancellation)
    {
        var wallet = await OpenAsync(network, treasury, name, cancellation);
        await wallet.DepositAsync(wallet.Address, new Credits(deposit), cancellation);
        await wallet.OrderAsync(new ServiceOrder
        {
            Customer = wallet.Address,
            Service = Usage2026Pack.Service,
            Meter = Address.Zero,
            Price = Usage2026Pack.CreditsPerUnit,
            CapPerEpoch = 1_000_000,
            FromEpoch = 1,
            UntilEpoch = 1_000_000,
            Nonce = 1,
        }, cancellation);
        return new DemoCustomer(name, wallet, deposit);
    }

    private static async Task<Wallet> OpenAsync(LocalNetwork network, Wallet treasury, string name, CancellationToken cancellation)
    {
        var signer = new LocalDigestSigner(network.Keys.OpenOrCreate(name));
        await LocalNetwork.FundAsync(network.Node.Chain, signer.Address, cancellation);
        await treasury.TransferAsync(signer.Address, TokensEach, cancellation);
        return await Wallet.OpenAsync(network.Node, signer, cancellation);
    }
}
