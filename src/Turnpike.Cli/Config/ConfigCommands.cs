using System.CommandLine;
using Turnpike.Core.Rules;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Node;
using Turnpike.Node.Deploy;

namespace Turnpike.Cli.Config;

/// <summary>The verbs <c>turnpike config print|check</c>: what this machine would use, and whether it can.</summary>
internal static class ConfigCommands
{
    public static Command Create() =>
        new Command("config", "Print and check the configuration of this machine.") { Print(), Check() }.WithExamples("turnpike config print", "turnpike config check --network ./my-network");

    private static Command Print()
    {
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("print", "Print every setting with its value and where it comes from.") { network, json }.WithExamples("turnpike config print --json");
        command.SetAction(parsed =>
        {
            var settings = Settings(parsed.Folder(network)).ToList();
            if (parsed.GetValue(json)) NetworkSession.WriteJson(settings.Select(setting => new { setting.Name, setting.Value, setting.Source }));
            else foreach (var setting in settings) Console.WriteLine($"{setting.Name,-24} {setting.Value}   ({setting.Source})");
            return 0;
        });
        return command;
    }

    private static Command Check()
    {
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("check", "Check that the settings work together: folder, keys, chain, rules. Exit code 1 on any problem.") { network, json }.WithExamples("turnpike config check");
        command.SetAction(async (parsed, cancellation) =>
        {
            var problems = await ProblemsAsync(parsed.Folder(network), cancellation);
            if (parsed.GetValue(json)) NetworkSession.WriteJson(new { ok = problems.Count == 0, problems });
            else if (problems.Count == 0) Console.WriteLine("The configuration is right.");
            else foreach (var problem in problems) Console.WriteLine(problem);
            return problems.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static IEnumerable<(string Name, string Value, string Source)> Settings(NetworkFolder folder)
    {
        string From(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } ? variable : "default";
        yield return ("network folder", folder.Root, From(CommonOptions.NetworkVariable));
        yield return ("key password", Environment.GetEnvironmentVariable(KeyRing.PasswordVariable) is { Length: > 0 } ? "set" : "not set", From(KeyRing.PasswordVariable));
        yield return ("anvil", Environment.GetEnvironmentVariable("TURNPIKE_ANVIL") is { Length: > 0 } anvil ? anvil : "from contracts/node_modules", From("TURNPIKE_ANVIL"));
        if (!folder.HasNetwork) yield break;
        var file = folder.Read();
        yield return ("network", file.Deployment.Name, "network.json");
        yield return ("chain id", $"{file.Deployment.ChainId}", "network.json");
        yield return ("chain endpoint", file.Rpc.ToString(), "network.json");
        yield return ("node", file.Node.ToString(), "network.json");
        yield return ("registry", ChecksumAddress.Format(file.Deployment.Registry), "network.json");
        yield return ("settlement", ChecksumAddress.Format(file.Deployment.Settlement), "network.json");
    }

    private static async Task<List<string>> ProblemsAsync(NetworkFolder folder, CancellationToken cancellation)
    {
        var problems = new List<string>();
        try
        {
            using var session = new NetworkSession(folder);
            var chainId = await session.Node.Chain.ChainIdAsync(cancellation);
            if (chainId != session.Node.Deployment.ChainId) problems.Add($"network.json, rpc: {session.Node.Network.Rpc} is chain {chainId}; the network is on chain {session.Node.Deployment.ChainId}. Name an endpoint of that chain.");
            else if ((await session.Node.Chain.CodeAsync(session.Node.Deployment.Settlement, BlockReference.Latest, cancellation)).Length == 0) problems.Add($"network.json, settlement: no contract is at {session.Node.Deployment.Settlement}. Is this the chain it was deployed on?");
            else await CheckRulesAsync(session, problems, cancellation);
            foreach (var name in session.Keys.Names) using (session.Keys.Open(name)) { }
        }
        catch (Exception fault) when (fault is NetworkFolderException or KeyRingException or UnknownRulesException or RpcException or FormatException)
        {
            problems.Add(fault.Message);
        }
        return problems;
    }

    private static async Task CheckRulesAsync(NetworkSession session, List<string> problems, CancellationToken cancellation)
    {
        var ledger = await session.LedgerAsync(cancellation);
        var time = (await session.ClockAsync(cancellation)).GetUtcNow().ToUnixTimeMilliseconds();
        var (ours, chain) = (RulesHash.Of(session.Node.Pack, session.Node.Parameters), ledger.Read(state => state.RulesAt(state.Clock.TryAt(time, out var epoch) ? epoch : Core.EpochNumber.First)));
        if (ours != chain) problems.Add($"parameters.txt: this program's rules are {ours}, the chain's are {chain}. Restore the file, or install the version that governance names.");
    }
}
