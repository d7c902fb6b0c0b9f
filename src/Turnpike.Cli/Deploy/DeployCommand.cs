using System.CommandLine;
using System.Numerics;
using Turnpike.Blueprints;
using Turnpike.Cli.Governance;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Node;
using Turnpike.Node.Deploy;
using Turnpike.Node.Settings;

namespace Turnpike.Cli.Deploy;

/// <summary>The verb <c>turnpike deploy</c>: a blueprint's contracts on any EVM chain.</summary>
internal static class DeployCommand
{
    public static Command Create()
    {
        var blueprint = new Argument<string>("blueprint") { Description = "Blueprint by name or file." };
        var rpc = new Option<string>("--rpc") { Description = "The chain's JSON-RPC endpoint.", Required = true };
        var node = new Option<string>("--node") { Description = "Public URL of the first node, registered on chain for oracles and gateways that the blueprint does not list.", DefaultValueFactory = _ => "http://127.0.0.1:8600/" };
        var oracles = new Option<string[]>("--oracle") { Description = "An oracle as ACCOUNT=URL, once for each; instead of the blueprint's members.", DefaultValueFactory = _ => [] };
        var gateways = new Option<string[]>("--gateway") { Description = "A gateway as ACCOUNT=URL, once for each; instead of the blueprint's members.", DefaultValueFactory = _ => [] };
        var launch = new Option<string>("--launch-in") { Description = "Time until the first epoch begins, where the blueprint says 'launch': enough to start the nodes.", DefaultValueFactory = _ => "0s" };
        var local = new Option<bool>("--local") { Description = "Deploy the blueprint's local profile." };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("deploy", $"Deploy a blueprint's contracts. Run it again to go on after any interruption. Keys are made in the network's folder under {KeyRing.PasswordVariable}; the account 'deployer' pays.") { blueprint, rpc, node, oracles, gateways, launch, local, network, json }
            .WithExamples("turnpike deploy helium-iot --rpc https://sepolia.example/rpc --network ./my-network", "turnpike deploy ./my-network.yaml --rpc http://127.0.0.1:8545 --local --json");
        command.SetAction(async (parsed, cancellation) =>
        {
            var reading = BlueprintFiles.Read(parsed.GetRequiredValue(blueprint));
            var chosen = parsed.GetValue(local) ? reading.Local! : reading.Blueprint!;
            if (!Duration.TryParse(parsed.GetRequiredValue(launch), out var delay)) throw new CommandException($"--launch-in is '{parsed.GetValue(launch)}'; it takes a duration such as 10m.");
            var given = (Oracles: parsed.GetValue(oracles) ?? [], Gateways: parsed.GetValue(gateways) ?? []);
            return await RunAsync(chosen, UrlOf("--rpc", parsed.GetRequiredValue(rpc)), UrlOf("--node", parsed.GetRequiredValue(node)), given, delay, parsed.Folder(network), parsed.GetValue(json), cancellation);
        });
        return command;
    }

    private static Uri UrlOf(string option, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) ? url : throw new CommandException($"{option} is '{text}'; it takes an http or https URL, such as http://127.0.0.1:8545.");

    private static async Task<int> RunAsync(Blueprint chosen, Uri rpc, Uri nodeUrl, (string[] Oracles, string[] Gateways) given, TimeSpan delay, NetworkFolder folder, bool json, CancellationToken cancellation)
    {
        using var http = CommonOptions.Http();
        var client = new EthereumClient(new JsonRpcClient(http, rpc));
        var keys = await client.ChainIdAsync(cancellation) == Node.Local.LocalChainOptions.ChainId ? KeyRing.Local(folder.Keys) : KeyRing.Guarded(folder.Keys);
        var blueprint = chosen.WithAccounts(chosen.GeneratedAccounts.ToDictionary(name => name, name => keys.OpenOrCreate(name).Address));
        if (folder.ReadPlan() is null) await RequireFutureStartAsync(client, chosen, cancellation);
        var members = Members(blueprint, keys, nodeUrl, given);
        using var deployer = keys.OpenOrCreate("deployer");
        await RequireFundsAsync(client, deployer.Address, cancellation);
        var journal = folder.JournalOf(deployer.Address.ToString());
        Directory.CreateDirectory(Path.GetDirectoryName(journal)!);
        await using var sender = await TransactionSender.StartAsync(client, new LocalDigestSigner(deployer), FileTransactionJournal.Open(journal), new FeeEstimator(client), new TransactionSenderOptions { Confirmations = 1 }, null, cancellation);
        var pack = NodeContext.CreatePack(blueprint.CanonicalParameters());
        var deployment = await new NetworkDeployer(client, sender, folder).DeployAsync(blueprint, members, pack, archive: false, (DateTimeOffset.UtcNow + delay).ToUnixTimeSeconds(), name => Say(json, $"{name} is there"), cancellation);
        folder.Write(new NetworkFile(deployment, rpc, given.Gateways.Length > 0 ? members.Gateways[0].Url : nodeUrl, blueprint.Network.Name));
        if (json) NetworkSession.WriteJson(new { deployment.Name, deployment.ChainId, networkId = deployment.NetworkId.ToString(), deployment.FirstBlock, token = Format(deployment.Token), emissions = Format(deployment.Emissions), credits = Format(deployment.Credits), priceFeed = Format(deployment.PriceFeed), registry = Format(deployment.Registry), settlement = Format(deployment.Settlement), distributor = Format(deployment.Distributor) });
        else Console.WriteLine($"Network {deployment.NetworkId} is deployed; addresses are in {Path.Combine(folder.Root, "network.json")}.");
        return 0;
    }

    // Listed members as the blueprint has them; for the rest, keys made here behind the node's URL.
    private static NetworkMembers Members(Blueprint blueprint, KeyRing keys, Uri nodeUrl, (string[] Oracles, string[] Gateways) given)
    {
        Address Find(string account) => ChecksumAddress.TryParse(account, out var address) || keys.TryAddressOf(account, out address) ? address : throw new CommandException($"'{account}' is neither an address nor an account in the network's folder.");
        if (given.Oracles.Length > 0 && given.Oracles.Length != blueprint.Oracles.Count) throw new CommandException($"The blueprint has {blueprint.Oracles.Count} oracles; --oracle names {given.Oracles.Length}.");
        List<(Address, Uri)> Of(IReadOnlyList<NodeMember> listed, uint count, string name) => listed.Count > 0
            ? listed.Select(member => (blueprint.AddressOf(member.Account), member.Url)).ToList()
            : Enumerable.Range(0, (int)count).Select(i => (keys.OpenOrCreate($"{name}-{i}").Address, nodeUrl)).ToList();
        return new NetworkMembers(
            given.Oracles.Length > 0 ? given.Oracles.Select(text => Member.Parse("--oracle", text, Find)).ToList() : Of(blueprint.Oracles.Members, blueprint.Oracles.Count, "oracle"),
            given.Gateways.Length > 0 ? given.Gateways.Select(text => Member.Parse("--gateway", text, Find)).ToList() : Of(blueprint.Gateways.Members, blueprint.Gateways.Count, "gateway"));
    }

    // Epochs settle in order: with a start in the past the network would begin with a backlog that nobody has evidence for.
    private static async Task RequireFutureStartAsync(EthereumClient client, Blueprint chosen, CancellationToken cancellation)
    {
        var head = await client.BlockAsync(BlockReference.Latest, cancellation);
        if (chosen.Epoch.Start is not { } start || head is null || start.ToUnixTimeSeconds() > (long)head.Timestamp) return;
        var overdue = ((long)head.Timestamp - start.ToUnixTimeSeconds()) / (long)chosen.Epoch.Length.TotalSeconds;
        throw new CommandException($"The blueprint's epoch.start, {start.UtcDateTime:u}, lies in the past: {overdue} epochs would be due before anybody could take part. Write 'start: launch', or a time to come.");
    }

    private static async Task RequireFundsAsync(EthereumClient client, Address deployer, CancellationToken cancellation)
    {
        if (await client.BalanceAsync(deployer, BlockReference.Latest, cancellation) == BigInteger.Zero)
            throw new CommandException($"The account 'deployer' ({Format(deployer)}) has no money for gas on this chain: send it some (about 25 million gas are needed) and run the command again.");
    }

    private static string Format(Address address) => ChecksumAddress.Format(address);

    private static void Say(bool json, string line)
    {
        if (!json) Console.WriteLine(line);
    }
}
