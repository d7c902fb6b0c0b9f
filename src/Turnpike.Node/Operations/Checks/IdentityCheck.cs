using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Node.Backup;

namespace Turnpike.Node.Operations;

/// <summary>The network knows this node: its keys, its URL, its rules.</summary>
internal sealed class IdentityCheck(NodeContext node, Address? oracle, Address? gateway) : INodeCheck
{
    public string Name => "identity";

    public Task<CheckResult> RunAsync(CancellationToken cancellation) => Task.FromResult(node.History.Read(state =>
    {
        var now = state.Clock.TryAt(node.Now, out var running) ? running : EpochNumber.First;
        var (findings, roles) = (new List<Finding>(), new List<string>());
        if (oracle is { } account)
        {
            var set = state.OraclesAt(now);
            var index = set.Oracles.ToList().IndexOf(account);
            roles.Add(index < 0 ? "no oracle" : $"oracle {index} of {set.Oracles.Count}");
            if (index < 0) findings.Add(new Finding(AlertCode.NotConfigured, account.ToString(), $"{account} is none of the oracles of epoch {now}."));
            else AddUrl(findings, account, set.Endpoints[index]);
            if (SigningFloor.Read(node.Folder) is { } floor && floor > now) findings.Add(new Finding(AlertCode.AbstainsAfterRestore, account.ToString(), $"After a restore this oracle signs reports from epoch {floor} on."));
        }
        if (gateway is { } door)
        {
            roles.Add(state.Gateways.ContainsKey(door) ? "gateway" : "no gateway");
            if (state.Gateways.TryGetValue(door, out var url)) AddUrl(findings, door, url);
            else findings.Add(new Finding(AlertCode.NotConfigured, door.ToString(), $"{door} is no registered gateway."));
        }
        var (ours, theirs) = (RulesHash.Of(node.Pack, node.Parameters), state.RulesAt(now));
        if (ours != theirs) findings.Add(new Finding(AlertCode.RulesUnknown, "", $"This program's rules are {ours}; those of epoch {now} are {theirs}."));
        return new CheckResult(roles.Count == 0 ? "follows the network" : string.Join(", ", roles), findings);
    }));

    private void AddUrl(List<Finding> findings, Address account, string registered)
    {
        if (!Uri.TryCreate(registered, UriKind.Absolute, out var url) || url != node.Network.Node)
            findings.Add(new Finding(AlertCode.UrlDiffers, account.ToString(), $"The chain names {registered} for {account}; network.json names {node.Network.Node}."));
    }
}
