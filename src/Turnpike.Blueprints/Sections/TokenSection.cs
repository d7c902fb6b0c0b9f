using Turnpike.Blueprints.Schema;
using Turnpike.Blueprints.Yaml;

namespace Turnpike.Blueprints;

/// <summary>Tokens that exist before the first epoch.</summary>
/// <param name="Account">Who gets them.</param>
/// <param name="Amount">Base units (10^-18 token).</param>
public readonly record struct GenesisAllocation(AccountReference Account, UInt128 Amount);

/// <summary>The token and who holds it at the start.</summary>
public sealed record TokenSection
{
    /// <summary>Name of the token contract.</summary>
    public required string Name { get; init; }

    /// <summary>Ticker.</summary>
    public required string Symbol { get; init; }

    /// <summary>Allocations at deployment, in file order, one an account. They let the first customer buy the first credit.</summary>
    public required IReadOnlyList<GenesisAllocation> Genesis { get; init; }
}

internal static class TokenKeys
{
    internal static readonly ScalarKey<string> Name = new("name", ScalarTypes.ShortText, "Name of the token contract.");
    internal static readonly ScalarKey<string> Symbol = new("symbol", ScalarTypes.Symbol, "Ticker of the token.");
    internal static readonly ScalarKey<AccountReference> Account = new("account", AccountTypes.Reference, "Who gets the tokens.");
    internal static readonly ScalarKey<UInt128> Amount = new("amount", AmountTypes.PositiveTokens, "How many tokens.");
    internal static readonly ListKey Genesis = new(new("genesis", "Tokens that exist before the first epoch, so that the first customer can buy the first credit.", [Account, Amount]), 1, 100);

    internal static readonly GroupKey Section = new(new("token", "The token and who holds it at the start.", [Name, Symbol, Genesis]));

    internal static TokenSection? Read(SectionReader? section, AccountBook accounts) => section is null ? null : new()
    {
        Name = section.Read(Name).Value,
        Symbol = section.Read(Symbol).Value,
        Genesis = ReadGenesis(section, accounts),
    };

    private static List<GenesisAllocation> ReadGenesis(SectionReader section, AccountBook accounts)
    {
        var allocations = new List<GenesisAllocation>();
        var first = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var item in section.List(Genesis) ?? [])
        {
            var account = item.Read(Account);
            var amount = item.Read(Amount);
            accounts.Require(account);
            if (account.Given && !first.TryAdd(account.Value.Text, account.Node))
                item.Problems.Add(BlueprintFault.Inconsistent, account.Node, $"'{account.Value}' already has an allocation in line {first[account.Value.Text].Line}", "add the two amounts up");
            allocations.Add(new GenesisAllocation(account.Value, amount.Value));
        }
        return allocations;
    }
}
