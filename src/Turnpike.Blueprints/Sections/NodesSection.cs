using System.Globalization;
using Turnpike.Blueprints.Schema;

namespace Turnpike.Blueprints;

/// <summary>An oracle or gateway that is known before the launch.</summary>
/// <param name="Account">The account it signs with.</param>
/// <param name="Url">Where it serves.</param>
public sealed record NodeMember(AccountReference Account, Uri Url);

/// <summary>The oracles: who recomputes epochs and signs.</summary>
public sealed record OraclesSection
{
    /// <summary>n, at most 32.</summary>
    public required uint Count { get; init; }

    /// <summary>f: how many may lie; n >= 3 f + 1, and f + 1 signatures settle.</summary>
    public required uint Faulty { get; init; }

    /// <summary>Exactly <see cref="Count"/> members, or none: the launcher makes them.</summary>
    public required IReadOnlyList<NodeMember> Members { get; init; }
}

/// <summary>The gateways: who accepts evidence.</summary>
public sealed record GatewaysSection
{
    /// <summary>How many.</summary>
    public required uint Count { get; init; }

    /// <summary>Exactly <see cref="Count"/> members, or none: the launcher makes them.</summary>
    public required IReadOnlyList<NodeMember> Members { get; init; }
}

internal static class NodeKeys
{
    internal static readonly ScalarKey<AccountReference> Account = new("account", AccountTypes.Reference, "The account it signs with.");
    internal static readonly ScalarKey<Uri> Url = new("url", ScalarTypes.Url, "Where it serves.");
    internal static readonly ListKey Members = new(new("members", "Who they are, as many as `count`; absent, the launcher makes them.", [Account, Url]), 1, 32) { Required = false };

    internal static readonly ScalarKey<ulong> OracleCount = new("count", ScalarTypes.Integer(1, 32), "n: how many there are.");
    internal static readonly ScalarKey<ulong> Faulty = new("faulty", ScalarTypes.Integer(0, 10), "f: how many may lie; count >= 3 x faulty + 1, and faulty + 1 signatures settle an epoch.");
    internal static readonly GroupKey Oracles = new(new("oracles", "Who recomputes epochs and signs.", [OracleCount, Faulty, Members]));

    internal static readonly ScalarKey<ulong> GatewayCount = new("count", ScalarTypes.Integer(1, 32), "How many there are.");
    internal static readonly GroupKey Gateways = new(new("gateways", "Who accepts evidence.", [GatewayCount, Members]));

    internal static OraclesSection? ReadOracles(SectionReader? section, AccountBook accounts)
    {
        if (section is null) return null;
        var (count, faulty) = (section.Read(OracleCount), section.Read(Faulty));
        if (count.Given && faulty.Given && count.Value < 3 * faulty.Value + 1)
            section.Problems.Add(BlueprintFault.Inconsistent, count.Node, $"{count.Value} oracles cannot bear {faulty.Value} that lie", string.Create(CultureInfo.InvariantCulture, $"write at least {3 * faulty.Value + 1}, or a smaller faulty"));
        return new OraclesSection { Count = (uint)count.Value, Faulty = (uint)faulty.Value, Members = ReadMembers(section, count, accounts) };
    }

    internal static GatewaysSection? ReadGateways(SectionReader? section, AccountBook accounts)
    {
        if (section is null) return null;
        var count = section.Read(GatewayCount);
        return new GatewaysSection { Count = (uint)count.Value, Members = ReadMembers(section, count, accounts) };
    }

    private static List<NodeMember> ReadMembers(SectionReader section, Field<ulong> count, AccountBook accounts)
    {
        var members = new List<NodeMember>();
        if (section.List(Members) is not { } items) return members;
        foreach (var item in items)
        {
            var account = item.Read(Account);
            accounts.Require(account);
            if (account.Given && members.Any(member => accounts.AreSame(member.Account, account.Value)))
                item.Problems.Add(BlueprintFault.Inconsistent, account.Node, $"'{account.Value}' is a member already", "name each account once");
            members.Add(new NodeMember(account.Value, item.Read(Url).Value));
        }
        if (count.Given && (ulong)members.Count != count.Value)
            section.Problems.Add(BlueprintFault.Inconsistent, count.Node, $"the count is {count.Value} and {members.Count} members are named", "name as many members as the count says, or none");
        return members;
    }
}
