using System.CommandLine;
using Turnpike.Core.Rules;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Node;
using Turnpike.Node.Deploy;
using Turnpike.Node.Settings;

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
            else foreach (var setting in settings) Console.WriteLine($"{setting.Name,-26} {setting.Value}   ({setting.Source})");
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
        yield return ("key password file", Environment.GetEnvironmentVariable(KeyRing.PasswordFileVariable) is { Length: > 0 } file ? file : "not set", From(KeyRing.PasswordFileVariable));
        yield return ("anvil", Environment.GetEnvironmentVariable("TURNPIKE_ANVIL") is { Length: > 0 } anvil ? anvil : "from contracts/node_modules", From("TURNPIKE_ANVIL"));
        foreach (var value in NodeConfiguration.Read(folder.Root).Values) yield return (value.Name, value.Value ?? "not set", value.Source);
        if (!folder.HasNetwork) yield break;
        var network = folder.Read();
        yield return ("network", network.Deployment.Name, "network.json");
        yield return ("chain id", $"{network.Deployment.ChainId}", "network.json");
        yield return ("chain endpoint", network.Rpc.ToString(), "network.json");
        yield return ("node", network.Node.ToString(), "network.json");
        yield return ("registry", ChecksumAddress.Format(network.Deployment.Registry), "network.json");
        yield return ("settlement", ChecksumAddress.Format(network.Deployment.Settlement), "network.json");
    }

    private static async Task<List<string>> ProblemsAsync(NetworkFolder folder, CancellationToken cancellation)
    {
        var problems = new List<string>(NodeConfiguration.Read(folder.Root).Problems);
        if (problems.Count > 0) return problems;
        try
        {
            using var session = new NetworkSession(folder);
            var chainId = await session.Node.Chain.ChainIdAsync(cancellation);
            if (chainId != session.Node.Deployment.ChainId) problems.Add($"network.json, rpc: {session.Node.Network.Rpc} is chain {chainId}; the network is on chain {session.Node.Deployment.ChainId}. Name an endpoint of that chain.");
            else if ((await session.Node.Chain.CodeAsync(session.Node.Deployment.Settlement, BlockReference.Latest, cancellation)).Length == 0) problems.Add($"network.json, settlement: no contract is at {session.Node.Deployment.Settlement}. Is this the chain it was deployed on?");
            else await CheckRulesAsync(session, problems, cancellation);
            foreach (var name in session.Keys.Names) using (session.Keys.Open(name)) { }
            await CheckEndpointsAsync(session, problems, cancellation);
            await CheckRolesAsync(session, problems, cancellation);
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

    // The first endpoint was asked above.
    private static async Task CheckEndpointsAsync(NetworkSession session, List<string> problems, CancellationToken cancellation)
    {
        using var http = CommonOptions.Http();
        foreach (var endpoint in session.Node.Options.Chain.Rpc.Skip(1))
        {
            var chainId = await new EthereumClient(new JsonRpcClient(http, endpoint)).ChainIdAsync(cancellation);
            if (chainId != session.Node.Deployment.ChainId) problems.Add($"chain.rpc: {endpoint.Authority} is chain {chainId}; the network is on chain {session.Node.Deployment.ChainId}.");
        }
    }

    private static async Task CheckRolesAsync(NetworkSession session, List<string> problems, CancellationToken cancellation)
    {
        var (ledger, roles) = (await session.LedgerAsync(cancellation), session.Node.Options.Roles);
        var now = (await session.ClockAsync(cancellation)).GetUtcNow().ToUnixTimeMilliseconds();
        var oracles = ledger.Read(state => state.OraclesAt(state.Clock.TryAt(now, out var epoch) ? epoch : Core.EpochNumber.First).Oracles);
        if (roles.Oracle is { } oracle && AddressOf("roles.oracle", oracle) is { } signer && !oracles.Contains(signer)) problems.Add($"roles.oracle: {signer} is none of the network's oracles now. See: turnpike oracles set");
        if (roles.Gateway is { } gateway && AddressOf("roles.gateway", gateway) is { } door && !ledger.Read(state => state.Gateways.ContainsKey(door))) problems.Add($"roles.gateway: {door} is no registered gateway. See: turnpike gateway add");

        Core.Address? AddressOf(string setting, string name)
        {
            if (session.Keys.TryAddressOf(name, out var address)) return address;
            problems.Add($"{setting} is '{name}'; there is no such key in {session.Folder.Keys}. Make it: turnpike account new {name}");
            return null;
        }
    }
}
