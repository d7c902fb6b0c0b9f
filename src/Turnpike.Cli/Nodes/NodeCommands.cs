using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Turnpike.Evm;
using Turnpike.Node;
using Turnpike.Node.Deploy;
using Turnpike.Node.Settings;

namespace Turnpike.Cli.Nodes;

/// <summary>The verbs <c>turnpike node init|run</c>: a node of a deployed network on one's own server.</summary>
internal static class NodeCommands
{
    private static readonly TimeSpan SignalRace = TimeSpan.FromSeconds(1);

    public static Command Create() =>
        new Command("node", "Set up and run a node of a deployed network.") { Init(), Run() }
            .WithExamples("turnpike node init --network /var/lib/turnpike --from ./my-network --url https://oracle-1.example.org/ --set roles.oracle=oracle", "turnpike node run --network /var/lib/turnpike");

    private static Command Init()
    {
        var from = new Option<DirectoryInfo>("--from") { Description = "Folder with the network's network.json and parameters.txt, as 'turnpike deploy' wrote them.", Required = true };
        var url = new Option<string>("--url") { Description = "The node's public URL, as it is registered on chain.", Required = true };
        var set = new Option<string[]>("--set") { Description = "A setting for node.json, such as chain.confirmations=12; repeatable. See: turnpike config print", DefaultValueFactory = _ => [] };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("init", "Make a node's folder: where the network is, and the node's settings. Keys made before in the folder are kept.") { from, url, set, network, json }
            .WithExamples("turnpike node init --network ./node-1 --from ./my-network --url https://oracle-1.example.org/ --set listen.url=http://127.0.0.1:8600 --set roles.oracle=oracle --set chain.rpc=https://rpc.example/key");
        command.SetAction(parsed =>
        {
            var (folder, source) = (parsed.Folder(network), new NetworkFolder(parsed.GetRequiredValue(from).FullName));
            if (folder.HasNetwork) throw new CommandException($"{folder.Root} is a node's folder already; edit its {NodeConfiguration.FileName}, or name another folder.");
            if (!Uri.TryCreate(parsed.GetRequiredValue(url), UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)) throw new CommandException($"--url is '{parsed.GetValue(url)}'; it takes an http or https URL.");
            var settings = Settings(parsed.GetValue(set) ?? []);
            Directory.CreateDirectory(folder.Root);
            folder.WriteParameters(source.ReadParameters());
            File.WriteAllText(Path.Combine(folder.Root, NodeConfiguration.FileName), settings.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
            folder.Write(source.Read() with { Node = address });
            if (parsed.GetValue(json)) NetworkSession.WriteJson(new { folder = folder.Root, url = address, settings });
            else Console.WriteLine($"{folder.Root} is ready; check it with 'turnpike config check --network {folder.Root}'.");
            return 0;
        });
        return command;
    }

    private static Command Run()
    {
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("run", "Run a node until it is told to stop (SIGTERM, Ctrl-C).") { network, json }.WithExamples("turnpike node run --network /var/lib/turnpike");
        command.SetAction((parsed, cancellation) => RunAsync(parsed.Folder(network), parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(NetworkFolder folder, bool json, CancellationToken cancellation)
    {
        var options = NodeConfiguration.Require(folder.Root);
        using var running = TakeFolder(folder);
        using var http = CommonOptions.Http();
        var node = NodeContext.Open(folder, http, TimeProvider.System, rpc: null, options);
        var chainId = await node.Chain.ChainIdAsync(cancellation);
        if (chainId != node.Deployment.ChainId) throw new CommandException($"{node.Chain.Rpc.Name} is chain {chainId}; the network is on chain {node.Deployment.ChainId}. Correct chain.rpc in {NodeConfiguration.FileName}.");
        var keys = KeyRing.On(chainId, folder.Keys, options.Roles.PasswordFile);
        var roles = new NodeRoles
        {
            Gateway = options.Roles.Gateway is { } gateway ? new LocalDigestSigner(keys.Open(gateway)) : null,
            Oracle = options.Roles.Oracle is { } oracle ? new LocalDigestSigner(keys.Open(oracle)) : null,
            LogLevel = options.Telemetry.LogLevel,
            PollInterval = options.Chain.PollIntervalOn(chainId),
        };
        await using var host = await StartAsync(node, roles, cancellation);
        if (json) NetworkSession.WriteJson(new { node.Deployment.Name, url = node.Network.Node, listen = options.Listen.Url ?? node.Network.Node, oracle = roles.Oracle?.Address.ToString(), gateway = roles.Gateway?.Address.ToString() });
        else Console.WriteLine($"Node of '{node.Deployment.Name}' at {options.Listen.Url ?? node.Network.Node} ({(roles.Oracle, roles.Gateway) switch { ({ }, { }) => "oracle and gateway", ({ }, null) => "oracle", (null, { }) => "gateway", _ => "follower" }}). Stop it with SIGTERM or Ctrl-C.");
        await host.WaitForShutdownAsync(cancellation);
        // Host and program both hear the signal; which of them first is chance.
        await Task.Delay(SignalRace, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cancellation.IsCancellationRequested) return 0;
        throw new CommandException("The node stopped by itself: the log says why. Start it again.");
    }

    private static async Task<NodeHost> StartAsync(NodeContext node, NodeRoles roles, CancellationToken cancellation)
    {
        try
        {
            return await NodeHost.StartAsync(node, roles, cancellation);
        }
        catch (IOException fault)
        {
            throw new CommandException($"The node cannot start: {fault.Message}");
        }
    }

    private static FileStream TakeFolder(NetworkFolder folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder.Root, "running.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new CommandException($"Another process runs the node in {folder.Root}: two with one key would sign against each other. Stop it first.");
        }
    }

    private static JsonObject Settings(string[] assignments)
    {
        var (settings, probe, problems) = (new JsonObject(), new NodeOptions(), new List<string>());
        foreach (var assignment in assignments)
        {
            var (name, value) = assignment.Split('=', 2) is [var left, var right] ? (left, right) : throw new CommandException($"--set takes NAME=VALUE, not '{assignment}'.");
            if (Setting.All.FirstOrDefault(setting => setting.Name == name) is not { } setting) problems.Add($"There is no setting {name}: see 'turnpike config print'.");
            else if (!setting.TryWrite(probe, value, out var problem)) problems.Add(problem);
            else Section(settings, name.Split('.')[0])[name.Split('.')[1]] = value;
        }
        return problems.Count == 0 ? settings : throw new NodeConfigurationException(problems);
    }

    private static JsonObject Section(JsonObject settings, string name)
    {
        if (settings[name] is JsonObject section) return section;
        settings[name] = section = [];
        return section;
    }
}
