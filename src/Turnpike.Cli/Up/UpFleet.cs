using Turnpike.Cli.Demo;
using Turnpike.Cli.Devices;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Node;
using Turnpike.Node.Local;
using Turnpike.Node.Wallets;

namespace Turnpike.Cli.Up;

/// <summary>
/// Virtual hotspots and organisations that keep a local network busy. They belong to the account "fleet"; their keys are in the network's folder, so that they go on
/// when the network is started again.
/// </summary>
internal sealed class UpFleet(NodeContext node, IReadOnlyList<VirtualDevice> devices, IReadOnlyList<Address> organisations)
{
    /// <summary>The account that owns the virtual hotspots.</summary>
    public const string Owner = "fleet";

    private const string Prefix = "virtual-";
    private const ulong DepositCredits = 1_000_000;
    private static readonly string[] Organisations = ["orchard", "harbour"];
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    /// <summary>Makes or takes up the fleet.</summary>
    public static async Task<UpFleet> StartAsync(LocalNetwork network, Wallet treasury, int count, CancellationToken cancellation)
    {
        var node = network.Node;
        var folder = new DeviceFolder(node.Folder);
        var known = folder.Names.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToList();
        var keys = known.Select(folder.Open).ToList();
        var isNew = !network.Keys.TryAddressOf(Owner, out _);
        var signer = new LocalDigestSigner(network.Keys.OpenOrCreate(Owner));
        await LocalNetwork.FundAsync(node.Chain, signer.Address, cancellation);
        if (isNew) await treasury.TransferAsync(signer.Address, Amount.FromTokens(10_000), cancellation);
        await using (var owner = await Wallet.OpenAsync(node, signer, cancellation))
        {
            for (var i = keys.Count; i < count; i++) keys.Add(folder.Create($"{Prefix}{i + 1}"));
            var strangers = keys.Where(key => node.History.Read(state => !state.Devices.ContainsKey(key.Public.Id))).ToList();
            if (strangers.Count > 0)
            {
                await owner.BuyFeesAsync(new Credits(node.History.Read(state => state.OnboardingFee) * (UInt128)strangers.Count), cancellation);
                await owner.RegisterAsync(strangers, kind: 1, maker: null, cancellation);
            }
        }
        var organisations = new List<Address>();
        foreach (var name in Organisations)
        {
            if (!network.Keys.TryAddressOf(name, out var address))
            {
                var customer = await DemoActors.CustomerAsync(network, treasury, name, DepositCredits, cancellation);
                address = customer.Wallet.Address;
                await customer.Wallet.DisposeAsync();
            }
            organisations.Add(address);
        }
        var boot = (ulong)node.Now;
        return new UpFleet(node, keys.Take(count).Select(key => new VirtualDevice(key, node.Deployment.NetworkId, node.Network.Node, node.Http, node.Time, boot)).ToList(), organisations);
    }

    /// <summary>Reports until cancelled. A gateway that does not answer is tried again at the next turn.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        // The millisecond of the start keeps packets of two runs apart.
        var traffic = new DemoTraffic((ulong)node.Now);
        for (var turn = 0; !cancellation.IsCancellationRequested; turn++)
        {
            for (var i = 0; i < devices.Count; i++)
            {
                try
                {
                    await devices[i].ReportAsync([traffic.Packet(organisations[(turn + i) % organisations.Count])], cancellation);
                }
                catch (HttpRequestException fault)
                {
                    Console.Error.WriteLine($"A virtual hotspot's gateway does not answer: {fault.Message}");
                }
            }
            await Task.Delay(Pause, node.Time, cancellation);
        }
    }
}
