using System.CommandLine;
using System.Numerics;
using Turnpike.Blueprints;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Node;
using Turnpike.Node.Deploy;

namespace Turnpike.Cli.Deploy;

/// <summary>The verb <c>turnpike deploy</c>: a blueprint's contracts on any EVM chain.</summary>
internal static class DeployCommand
{
    public static Command Create()
    {
        var blueprint = new Argument<string>("blueprint") { Description = "Blueprint by name or file." };
        var rpc = new Option<string>("--rpc") { Description = "The chain's JSON-RPC endpoint.", Required = true };
        var node = new Option<string>("--node") { Description = "Public URL of the first node, registered on chain for oracles and gateways that the blueprint does not list.", DefaultValueFactory = _ => "http://127.0.0.1:8600/" };
        var local = new Option<bool>("--local") { Description = "Deploy the blueprint's local profile." };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("deploy", $"Deploy a blueprint's contracts. Run it again to go on after any interruption. Keys are made in the network's folder under {KeyRing.PasswordVariable}; the account 'deployer' pays.") { blueprint, rpc, node, local, network, json }
            .WithExamples("turnpike deploy helium-iot --rpc https://sepolia.example/rpc --network ./my-network", "turnpike deploy ./my-network.yaml --rpc http://127.0.0.1:8545 --local --json");
        command.SetAction(async (parsed, cancellation) =>
        {
            var reading = BlueprintFiles.Read(parsed.GetRequiredValue(blueprint));
            var chosen = parsed.GetValue(local) ? reading.Local! : reading.Blueprint!;
            return await RunAsync(chosen, UrlOf("--rpc", parsed.GetRequiredValue(rpc)), UrlOf("--node", parsed.GetRequiredValue(node)), parsed.Folder(network), parsed.GetValue(json), cancellation);
        });
        return command;
    }

    private static Uri UrlOf(string option, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) ? url : throw new CommandException($"{option} is '{text}'; it takes an http or https URL, such as http://127.0.0.1:8545.");

    private static async Task<int> RunAsync(Blueprint chosen, Uri rpc, Uri nodeUrl, NetworkFolder folder, bool json, CancellationToken cancellation)
    {
        using var http = CommonOptions.Http();
        var client = new EthereumClient(new JsonRpcClient(http, rpc));
        var keys = await client.ChainIdAsync(cancellation) == Node.Local.LocalChainOptions.ChainId ? KeyRing.Local(folder.Keys) : KeyRing.Guarded(folder.Keys);
        var blueprint = chosen.WithAccounts(chosen.GeneratedAccounts.ToDictionary(name => name, name => keys.OpenOrCreate(name).Address));
        using var deployer = keys.OpenOrCreate("deployer");
        await RequireFundsAsync(client, deployer.Address, cancellation);
        var journal = folder.JournalOf(deployer.Address.ToString());
        Directory.CreateDirectory(Path.GetDirectoryName(journal)!);
        await using var sender = await TransactionSender.StartAsync(client, new LocalDigestSigner(deployer), FileTransactionJournal.Open(journal), new FeeEstimator(client), new TransactionSenderOptions { Confirmations = 1 }, null, cancellation);
        var pack = NodeContext.CreatePack(blueprint.CanonicalParameters());
        var deployment = await new NetworkDeployer(client, sender, folder).DeployAsync(blueprint, Members(blueprint, keys, nodeUrl), pack, archive: false, DateTimeOffset.UtcNow.ToUnixTimeSeconds(), name => Say(json, $"{name} is there"), cancellation);
        folder.Write(new NetworkFile(deployment, rpc, nodeUrl, blueprint.Network.Name));
        if (json) NetworkSession.WriteJson(new { deployment.Name, deployment.ChainId, networkId = deployment.NetworkId.ToString(), deployment.FirstBlock, token = Format(deployment.Token), emissions = Format(deployment.Emissions), credits = Format(deployment.Credits), priceFeed = Format(deployment.PriceFeed), registry = Format(deployment.Registry), settlement = Format(deployment.Settlement), distributor = Format(deployment.Distributor) });
        else Console.WriteLine($"Network {deployment.NetworkId} is deployed; addresses are in {Path.Combine(folder.Root, "network.json")}.");
        return 0;
    }

    // Listed members as the blueprint has them; for the rest, keys made here behind the node's URL.
    private static NetworkMembers Members(Blueprint blueprint, KeyRing keys, Uri nodeUrl)
    {
        List<(Address, Uri)> Of(IReadOnlyList<NodeMember> listed, uint count, string name) => listed.Count > 0
            ? listed.Select(member => (blueprint.AddressOf(member.Account), member.Url)).ToList()
            : Enumerable.Range(0, (int)count).Select(i => (keys.OpenOrCreate($"{name}-{i}").Address, nodeUrl)).ToList();
        return new NetworkMembers(Of(blueprint.Oracles.Members, blueprint.Oracles.Count, "oracle"), Of(blueprint.Gateways.Members, blueprint.Gateways.Count, "gateway"));
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
