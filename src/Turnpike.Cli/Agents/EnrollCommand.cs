using System.CommandLine;
using System.Net.Http.Json;
using System.Numerics;
using Turnpike.Agent;
using Turnpike.Agent.Keys;
using Turnpike.Agent.Settings;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Ledger;
using Turnpike.Networks.Wireless;
using Turnpike.Node.Api;
using Turnpike.Node.Wallets;

namespace Turnpike.Cli.Agents;

/// <summary>
/// <c>turnpike agent enroll</c>: makes the device key, or takes one, learns the network from its node, and writes the device's permit for its owner. The owner registers from wherever his account is; on
/// the machine that has both, at once.
/// </summary>
internal static class EnrollCommand
{
    private const string PermitFile = "permit.json";

    public static Command Create()
    {
        var folder = AgentCommands.Folder();
        var node = new Option<string?>("--node") { Description = "The node's URL. Default: that of the network's folder." };
        var owner = new Option<string?>("--owner") { Description = "Account that will own the hotspot and be paid: an address." };
        var registerAs = new Option<string?>("--register-as") { Description = "Register at once by this account of the network's folder, which becomes the owner." };
        var key = new Option<FileInfo?>("--key") { Description = "Use this device key instead of making one: a file of 0x and 64 hexadecimal digits, its owner's alone." };
        var ca = new Option<FileInfo?>("--ca") { Description = "PEM file of the authority that vouches for the node, if it is a private one." };
        var port = new Option<int>("--port") { Description = "UDP port for packet forwarders.", DefaultValueFactory = _ => 1700 };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("enroll", "Make this machine a hotspot's agent: key, settings, and the permit by which the owner registers it.") { folder, node, owner, registerAs, key, ca, port, network, json }
            .WithExamples("turnpike agent enroll --node https://node.example.org --owner 0x...", "turnpike agent enroll --register-as me", "turnpike agent enroll --node https://node.example.org --owner 0x... --key /etc/turnpike/device.key");
        command.SetAction((parsed, cancellation) => EnrollAsync(
            new Enrolment(AgentCommands.FolderOf(parsed, folder), ParseNode(parsed.GetValue(node)), parsed.GetValue(owner), parsed.GetValue(registerAs), parsed.GetValue(key)?.FullName, parsed.GetValue(ca)?.FullName, parsed.GetValue(port), parsed.GetValue(json)),
            new NetworkSession(parsed.Folder(network)), cancellation));
        return command;
    }

    private static async Task<int> EnrollAsync(Enrolment asked, NetworkSession session, CancellationToken cancellation)
    {
        using var owned = session;
        if (asked.Owner is null == asked.RegisterAs is null) throw new CommandException("Say who will own the hotspot: --owner with an address, or --register-as with an account of the network's folder.");
        var url = asked.Node ?? session.Folder.Read().Node;
        var network = await AskAsync(url, asked.Ca, cancellation);
        MakeFolder(asked.Folder);
        using var key = OpenKey(asked) as IDisposable ?? throw new CommandException("The key cannot be used.");
        var device = (IDeviceKey)key;
        var settings = new AgentSettings { Network = network.Name, NetworkId = network.NetworkId, Node = url, Key = asked.Key ?? "device.key", CaFile = asked.Ca, Listen = new ListenSettings { Port = asked.Port } };
        if (settings.Problems().FirstOrDefault() is { } problem) throw new CommandException(problem);
        settings.Write(asked.Folder);
        var owner = asked.Owner is { } text ? ParseOwner(text) : session.AddressOf(asked.RegisterAs!);
        var permit = DevicePermit.Sign(device, network.ChainId, Address.Parse(network.Registry), owner, await NonceAsync(asked, session, device, cancellation));
        var path = Path.Combine(asked.Folder, PermitFile);
        await File.WriteAllTextAsync(path, permit.Write(), cancellation);
        var transaction = asked.RegisterAs is { } account ? await RegisterAsync(session, account, permit, cancellation) : null;
        Say(asked, device.Public.Id, owner, path, transaction);
        return 0;
    }

    private static Uri? ParseNode(string? text) =>
        text is null ? null : Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) ? url : throw new CommandException($"--node is '{text}'; it takes a URL such as https://node.example.org.");

    private static Address ParseOwner(string text) => ChecksumAddress.TryParse(text, out var address) ? address : throw new CommandException($"--owner is '{text}'; it takes an account's address.");

    // The owner's own registration is permit 0 of a new device; one that changed hands is enrolled where the chain can be asked.
    private static async Task<BigInteger> NonceAsync(Enrolment asked, NetworkSession session, IDeviceKey device, CancellationToken cancellation) =>
        asked.RegisterAs is null ? BigInteger.Zero : await session.Node.Chain.CallAsync(session.Node.Deployment.Registry, new Ledger.Contracts.DeviceRegistry.PermitNonceCall(device.Public.Id.Value), Evm.Rpc.BlockReference.Latest, cancellation);

    private static async Task<string> RegisterAsync(NetworkSession session, string account, DevicePermit permit, CancellationToken cancellation)
    {
        var ledger = await session.LedgerAsync(cancellation);
        if (ledger.Read(state => state.Devices.ContainsKey(permit.Device))) return "registered before";
        await using var wallet = await session.WalletAsync(account, cancellation);
        permit.Check(session.Node.Deployment, wallet.Address);
        var fee = new Credits(ledger.Read(state => state.OnboardingFee));
        if (fee > Credits.Zero) await wallet.BuyFeesAsync(fee, cancellation);
        return (await wallet.RegisterAsync([permit], WirelessDevices.Hotspot, maker: null, cancellation)).TransactionHash.ToString();
    }

    private static async Task<NetworkView> AskAsync(Uri url, string? ca, CancellationToken cancellation)
    {
        using var http = ca is null ? CommonOptions.Http() : new HttpClient(NodeTrust.Handler(ca));
        var network = await http.GetFromJsonAsync<NetworkView>(new Uri(url, "v1/network"), cancellation) ?? throw new CommandException($"{url} is no node.");
        if (!Address.TryParse(network.Registry, out var registry) || NetworkDeployment.IdOf(network.ChainId, registry).ToString() != network.NetworkId) throw new CommandException($"{url} contradicts itself about its network's id.");
        return network;
    }

    private static IDeviceKey OpenKey(Enrolment asked)
    {
        if (asked.Key is { } given) return DeviceKeyFile.Open(given);
        var path = Path.Combine(asked.Folder, "device.key");
        return File.Exists(path) ? DeviceKeyFile.Open(path) : DeviceKeyFile.Create(path);
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void Say(Enrolment asked, DeviceId device, Address owner, string permit, string? transaction)
    {
        var account = ChecksumAddress.Format(owner);
        if (asked.Json)
        {
            NetworkSession.WriteJson(new { device = device.ToString(), owner = account, permit, settings = Path.Combine(asked.Folder, AgentSettings.FileName), transaction });
            return;
        }
        Console.WriteLine($"device       {device}");
        Console.WriteLine($"owner        {account}");
        Console.WriteLine($"settings     {Path.Combine(asked.Folder, AgentSettings.FileName)}");
        Console.WriteLine($"permit       {permit}");
        if (transaction is null) Console.WriteLine($"Next, where the owner's account is: turnpike device register --permit {PermitFile} --owner NAME");
        else Console.WriteLine($"registered   {transaction}");
        Console.WriteLine($"Then here: turnpike agent run, and the packet forwarder's server_address localhost, serv_port_up and serv_port_down {asked.Port}.");
    }

    private sealed record Enrolment(string Folder, Uri? Node, string? Owner, string? RegisterAs, string? Key, string? Ca, int Port, bool Json);
}
