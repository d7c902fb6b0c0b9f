using System.CommandLine;
using Microsoft.Extensions.Logging;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Node.Deploy;
using Turnpike.Node.Local;
using Turnpike.Node.Wallets;

namespace Turnpike.Cli.Up;

/// <summary>The verb <c>turnpike up</c>: the local network, kept alive.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var blueprint = new Option<string>("--blueprint") { Description = "Blueprint by name or file.", DefaultValueFactory = _ => "helium-iot" };
        var fresh = new Option<bool>("--fresh") { Description = "Delete what is in the network's folder and begin anew." };
        var port = new Option<int>("--port") { Description = "Port of the first node; further oracles take the next ones.", DefaultValueFactory = _ => 8600 };
        var chainPort = new Option<int>("--chain-port") { Description = "Port of the chain's JSON-RPC.", DefaultValueFactory = _ => 8545 };
        var devices = new Option<int>("--devices") { Description = "Virtual hotspots that keep the network busy, 0 to 400.", DefaultValueFactory = _ => 12 };
        var verbose = new Option<bool>("--verbose") { Description = "Show everything that the nodes log." };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("up", "Run a local network until Ctrl-C; it goes on where it stopped.") { blueprint, fresh, devices, port, chainPort, verbose, network, json }
            .WithExamples("turnpike up", "turnpike up --fresh --port 9000", "turnpike up --network ./my-network --blueprint ./my-blueprint.yaml");
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.Folder(network),
            new LocalNetworkOptions
            {
                Folder = parsed.Folder(network),
                Blueprint = BlueprintFiles.Local(parsed.GetRequiredValue(blueprint)),
                Port = parsed.GetValue(port),
                ChainPort = parsed.GetValue(chainPort),
                LogLevel = parsed.GetValue(verbose) ? LogLevel.Information : LogLevel.Warning,
            },
            parsed.GetValue(fresh),
            parsed.GetValue(devices),
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(NetworkFolder folder, LocalNetworkOptions options, bool fresh, int devices, bool json, CancellationToken cancellation)
    {
        if (devices is < 0 or > 400) throw new CommandException($"--devices is {devices}; it goes from 0 to 400.");
        if (fresh && Directory.Exists(folder.Root)) DeleteNetwork(folder);
        using var http = CommonOptions.Http();
        var resumed = folder.HasNetwork;
        await using var network = await LocalNetwork.StartAsync(options, http, name => Console.Error.WriteLine($"deployed {name}"), cancellation);
        await using var treasury = await TreasuryAsync(network, cancellation);
        if (!resumed) await treasury.TransferAsync(network.Keys.OpenOrCreate("me").Address, Amount.FromTokens(10_000), cancellation);
        await LocalNetwork.FundAsync(network.Node.Chain, network.Keys, "me", cancellation);
        var fleet = await UpFleet.StartAsync(network, treasury, devices, cancellation);
        if (json) NetworkSession.WriteJson(View(network, resumed));
        else Describe(network, resumed, devices);
        try
        {
            await fleet.RunAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopping; everything is kept in " + folder.Root);
        }
        return 0;
    }

    // Only what is certainly a network of ours is deleted.
    private static void DeleteNetwork(NetworkFolder folder)
    {
        if (Directory.EnumerateFileSystemEntries(folder.Root).Any() && !folder.HasNetwork && !Directory.Exists(folder.Keys))
            throw new CommandException($"{folder.Root} holds no network; --fresh deletes networks only.");
        Directory.Delete(folder.Root, recursive: true);
    }

    private static Task<Wallet> TreasuryAsync(LocalNetwork network, CancellationToken cancellation)
    {
        var holder = network.Blueprint.Token.Genesis[0].Account;
        return holder.IsAddress
            ? throw new CommandException($"The blueprint gives all genesis tokens to {holder}, whose key is not here: name a generated account in its local profile.")
            : Wallet.OpenAsync(network.Node, new LocalDigestSigner(network.Keys.Open(holder.Text)), cancellation);
    }

    private static object View(LocalNetwork network, bool resumed)
    {
        var d = network.Node.Deployment;
        string Format(Address address) => ChecksumAddress.Format(address);
        return new { d.Name, resumed, folder = network.Node.Folder.Root, node = network.Node.Network.Node, chain = network.Rpc, d.ChainId, token = Format(d.Token), credits = Format(d.Credits), registry = Format(d.Registry), settlement = Format(d.Settlement), distributor = Format(d.Distributor), priceFeed = Format(d.PriceFeed), emissions = Format(d.Emissions) };
    }

    private static void Describe(LocalNetwork network, bool resumed, int devices)
    {
        var d = network.Node.Deployment;
        Console.WriteLine($"{(resumed ? "Resumed" : "Started")} network '{d.Name}' in {network.Node.Folder.Root}");
        Console.WriteLine($"  node        {network.Node.Network.Node}   (API: openapi/v1.json, health: health/ready)");
        Console.WriteLine($"  chain       {network.Rpc}   chain id {d.ChainId}");
        foreach (var (name, address) in new[] { ("token", d.Token), ("credits", d.Credits), ("registry", d.Registry), ("settlement", d.Settlement), ("distributor", d.Distributor), ("price feed", d.PriceFeed), ("emissions", d.Emissions) })
            Console.WriteLine($"  {name,-11} {ChecksumAddress.Format(address)}");
        Console.WriteLine($"  epochs      of {network.Blueprint.Epoch.Length.TotalSeconds:0} s, {network.Blueprint.Oracles.Count} oracles, {network.Blueprint.Oracles.Faulty} may lie; {devices} virtual hotspots report");
        Console.WriteLine("In another terminal: turnpike status; turnpike device list; turnpike why virtual-1; turnpike claim fleet; turnpike audit");
        Console.WriteLine("Ctrl-C stops it.");
    }
}
