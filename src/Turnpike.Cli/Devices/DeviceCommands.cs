using System.CommandLine;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Networks.Wireless;
using Turnpike.Networks.Wireless.Evidence;
using Turnpike.Node.Local;
using Turnpike.Node.Wallets;

namespace Turnpike.Cli.Devices;

/// <summary>The verbs <c>turnpike device new|register|list|show|report</c>.</summary>
internal static class DeviceCommands
{
    public static Command Create() =>
        new Command("device", "Make, register and look at devices.") { New(), Register(), List(), Show(), Report() }
            .WithExamples("turnpike device new box1", "turnpike device register box1 --owner me", "turnpike device list");

    private static Command New()
    {
        var (name, network, json) = (Name(), CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("new", "Make a device key on this machine.") { name, network, json }.WithExamples("turnpike device new box1");
        command.SetAction(parsed =>
        {
            using var key = new DeviceFolder(parsed.Folder(network)).Create(parsed.GetRequiredValue(name));
            if (parsed.GetValue(json)) NetworkSession.WriteJson(new { name = parsed.GetValue(name), device = key.Public.Id.ToString() });
            else Console.WriteLine($"{key.Public.Id}");
            return 0;
        });
        return command;
    }

    private static Command Register()
    {
        var names = new Argument<string[]>("devices") { Description = "Names of devices made here.", Arity = ArgumentArity.ZeroOrMore };
        var owner = new Option<string>("--owner") { Description = "Account that owns them and pays the onboarding fee.", DefaultValueFactory = _ => "me" };
        var permit = new Option<FileInfo[]>("--permit") { Description = "Permit file of a device that is elsewhere, from 'turnpike agent enroll'." };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("register", "Register devices on chain: each signs a permit for its owner, who pays the fee in credits.") { names, permit, owner, network, json }
            .WithExamples("turnpike device register box1", "turnpike device register box1 box2 --owner alice", "turnpike device register --permit permit.json --owner me");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var session = new NetworkSession(parsed.Folder(network));
            var folder = new DeviceFolder(session.Folder);
            var keys = (parsed.GetValue(names) ?? []).Select(folder.Open).ToList();
            var permits = (parsed.GetValue(permit) ?? []).Select(file => DevicePermit.Read(file.FullName)).ToList();
            if (keys.Count + permits.Count == 0) throw new CommandException("Name a device made here, or a permit file with --permit.");
            var devices = keys.Select(key => key.Public.Id).Concat(permits.Select(given => given.Device)).ToList();
            var ledger = await session.LedgerAsync(cancellation);
            var fee = new Credits(ledger.Read(state => state.OnboardingFee) * (UInt128)devices.Count(id => ledger.Read(state => !state.Devices.ContainsKey(id))));
            await using var wallet = await session.WalletAsync(parsed.GetRequiredValue(owner), cancellation);
            foreach (var given in permits) given.Check(session.Node.Deployment, wallet.Address);
            if (fee > Credits.Zero) await wallet.BuyFeesAsync(fee, cancellation);
            var outcome = keys.Count > 0 ? await wallet.RegisterAsync(keys, WirelessDevices.Hotspot, maker: null, cancellation) : null;
            if (permits.Count > 0) outcome = await wallet.RegisterAsync(permits, WirelessDevices.Hotspot, maker: null, cancellation);
            if (parsed.GetValue(json)) NetworkSession.WriteJson(new { devices = devices.Select(id => id.ToString()), owner = ChecksumAddress.Format(wallet.Address), feeCredits = fee.ToString(), transaction = outcome!.TransactionHash.ToString() });
            else Console.WriteLine($"registered {devices.Count} device(s) for {ChecksumAddress.Format(wallet.Address)}; fee {fee} credits (${fee.ToUsdString()}); transaction {outcome!.TransactionHash}");
            return 0;
        });
        return command;
    }

    private static Command List()
    {
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("list", "List registered devices and those made here.") { network, json }.WithExamples("turnpike device list", "turnpike device list --json");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var session = new NetworkSession(parsed.Folder(network));
            var folder = new DeviceFolder(session.Folder);
            var names = folder.Names.ToDictionary(folder.IdOf);
            var registered = (await session.LedgerAsync(cancellation)).Read(state => state.Devices.OrderBy(device => device.Key).ToList());
            var rows = registered.Select(device => (Id: device.Key, Name: names.GetValueOrDefault(device.Key, ""), Owner: ChecksumAddress.Format(device.Value.Owner), Trust: $"{device.Value.Trust}", Status: device.Value.Status == 0 ? "active" : "suspended"))
                .Concat(names.Where(name => registered.All(device => device.Key != name.Key)).Select(name => (Id: name.Key, Name: name.Value, Owner: "", Trust: "", Status: "not registered"))).ToList();
            if (parsed.GetValue(json)) NetworkSession.WriteJson(rows.Select(row => new { device = row.Id.ToString(), name = row.Name, owner = row.Owner, trust = row.Trust, status = row.Status }));
            else foreach (var row in rows) Console.WriteLine($"{row.Id}  {row.Name,-16} {row.Status,-14} {(row.Trust.Length > 0 ? "trust " + row.Trust : ""),-8} {row.Owner}");
            return 0;
        });
        return command;
    }

    private static Command Show()
    {
        var (name, network, json) = (Name(), CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("show", "Show a device: key, owner, trust, place.") { name, network, json }.WithExamples("turnpike device show box1", "turnpike device show 0x... --json");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var session = new NetworkSession(parsed.Folder(network));
            var id = new DeviceFolder(session.Folder).IdOf(parsed.GetRequiredValue(name));
            var device = (await session.LedgerAsync(cancellation)).Read(state => state.Devices.GetValueOrDefault(id)) ?? throw new CommandException($"Device {id} is not registered.");
            var view = new { device = id.ToString(), owner = ChecksumAddress.Format(device.Owner), beneficiary = ChecksumAddress.Format(device.Beneficiary), kind = device.Kind, trust = device.Trust, status = device.Status == 0 ? "active" : "suspended", maker = device.Maker.IsZero ? null : ChecksumAddress.Format(device.Maker), key = Hex.Format(device.Key.Span) };
            if (parsed.GetValue(json)) NetworkSession.WriteJson(view);
            else Console.WriteLine($"device       {view.device}\nowner        {view.owner}\nbeneficiary  {view.beneficiary}\nkind         {view.kind}\ntrust        {view.trust}\nstatus       {view.status}\nmaker        {view.maker ?? "none"}\nkey          {view.key}");
            return 0;
        });
        return command;
    }

    private static Command Report()
    {
        var name = Name();
        var customer = new Option<string>("--customer") { Description = "The organisation that the packet was delivered to: a name here, or an address.", Required = true };
        var size = new Option<int>("--bytes") { Description = "Payload size of the packet, 0 to 255.", DefaultValueFactory = _ => 20 };
        var count = new Option<int>("--count") { Description = "Packets to report, 1 to 256, under one signature.", DefaultValueFactory = _ => 1 };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("report", "Sign and send a report of invented packets, to try a network out.") { name, customer, size, count, network, json }
            .WithExamples("turnpike device report box1 --customer shop", "turnpike device report box1 --customer shop --count 50 --bytes 48");
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(size) is not (>= 0 and <= 255 and var bytes)) throw new CommandException($"--bytes is {parsed.GetValue(size)}; it goes from 0 to 255.");
            if (parsed.GetValue(count) is not (>= 1 and <= PacketReport.MaxBatch and var packets)) throw new CommandException($"--count is {parsed.GetValue(count)}; it goes from 1 to {PacketReport.MaxBatch}.");
            using var session = new NetworkSession(parsed.Folder(network));
            using var key = new DeviceFolder(session.Folder).Open(parsed.GetRequiredValue(name));
            var organisation = session.AddressOf(parsed.GetRequiredValue(customer));
            // A fresh boot for each call: the sequence begins at 1 again, and no two calls share a boot.
            var device = new VirtualDevice(key, session.Node.Deployment.NetworkId, session.Node.Network.Node, session.Node.Http, await session.ClockAsync(cancellation), (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            var reports = Enumerable.Range(0, packets).Select(_ => new PacketReport(new Bytes32(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)), (byte)bytes, organisation, "SF7BW125", -900, 70, "EU868")).ToList();
            var answer = await device.ReportAsync(reports, cancellation);
            Console.WriteLine(answer.Body);
            return answer.IsKept ? 0 : 1;
        });
        return command;
    }

    private static Argument<string> Name() => new("device") { Description = "A name given here, or a device id." };
}
