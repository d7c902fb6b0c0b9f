using Turnpike.Blueprints.Schema;
using Turnpike.Blueprints.Yaml;
using Turnpike.Core;

namespace Turnpike.Blueprints;

/// <summary>A named account.</summary>
/// <param name="Name">Its name within the blueprint.</param>
/// <param name="Address">Its address; null asks for a key made at launch.</param>
public readonly record struct NamedAccount(string Name, Address? Address);

internal static class AccountsKeys
{
    internal const string Admin = "admin";
    internal const string Guardian = "guardian";

    internal static readonly NamesKey Section = new("accounts", $"{Admin}, {Guardian} and up to 98 names of your own, each with an address or {AccountTypes.Generated}",
        $"Accounts that pools, genesis and node lists refer to by name: an address, or `{AccountTypes.Generated}` for a key made at launch. `{Admin}` may change what the contracts allow to change; `{Guardian}` may pause claims and veto a pending epoch.");
}

/// <summary>The accounts section while a blueprint is read: every reference to a name is checked here, whichever section it stands in.</summary>
internal sealed class AccountBook
{
    private const int Maximum = 100;
    private static readonly string[] Mandatory = [AccountsKeys.Admin, AccountsKeys.Guardian];

    private readonly ProblemList _problems;
    private readonly List<NamedAccount> _accounts = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly bool _known;

    internal AccountBook(SectionReader root, ProblemList problems)
    {
        _problems = problems;
        if (root.Mapping(AccountsKeys.Section) is not { } section) return;
        _known = true;
        foreach (var entry in section.Entries) Add(section, entry);
        foreach (var name in Mandatory)
            if (section[name] is null) problems.Add(BlueprintFault.MissingKey, section.Line, section.Column, section.PathOf(name), "the account is missing", $"add it: {AccountTypes.Value.Expected}");
        if (section.Entries.Count > Maximum) problems.Add(BlueprintFault.OutOfRange, section, $"there are {section.Entries.Count} accounts", $"keep at most {Maximum}");
    }

    internal IReadOnlyList<NamedAccount> Accounts => _accounts;

    /// <summary>Reports a reference to a name that the section does not have.</summary>
    internal void Require(Field<AccountReference> reference)
    {
        if (!_known || !reference.Given || reference.Value.IsAddress || _names.Contains(reference.Value.Text)) return;
        var nearest = Spelling.Nearest(reference.Value.Text, _names);
        _problems.Add(BlueprintFault.Inconsistent, reference.Node, $"there is no account '{reference.Value}'", nearest is null ? "add it to the accounts section" : $"perhaps '{nearest}' is meant");
    }

    /// <summary>Whether two references stand for one account, under whatever names.</summary>
    internal bool AreSame(AccountReference left, AccountReference right) =>
        left == right || AddressOf(left) is { } address && address == AddressOf(right);

    private Address? AddressOf(AccountReference reference) =>
        reference.IsAddress ? Address.Parse(reference.Text) : _accounts.Find(account => account.Name == reference.Text).Address;

    private void Add(YamlMapping section, YamlEntry entry)
    {
        var reading = ScalarTypes.Slug.Parse(entry.Key, out var name);
        if (reading != Reading.Right)
            _problems.Add(BlueprintFault.WrongType, entry.Line, entry.Column, section.PathOf(Spelling.Shorten(entry.Key)), $"'{Spelling.Shorten(entry.Key)}' is no account name", $"write {ScalarTypes.Slug.Expected}");
        var address = SectionReader.ReadScalar(entry.Value, AccountTypes.Value, _problems);
        _names.Add(name);
        _accounts.Add(new NamedAccount(name, address.Value));
    }
}
