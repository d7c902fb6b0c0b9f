namespace Turnpike.Blueprints.Schema;

/// <summary>Every section in the order of the documentation.</summary>
internal static class BlueprintSchema
{
    /// <summary>Sections that a local profile may change: never who the network is and how it divides its emission.</summary>
    internal static readonly Key[] Local =
    [
        TokenKeys.Section, EmissionKeys.Section, CreditsKeys.Section, PriceKeys.Section, EpochKeys.Section, NodeKeys.Oracles,
        NodeKeys.Gateways, SafetyKeys.Distributor, SafetyKeys.Guardian, ParametersKeys.Section, AccountsKeys.Section,
    ];

    internal static readonly NamesKey LocalSection = new("local", $"a group of sections to change: {string.Join(", ", Local.Select(key => key.Name))}",
        $"What a network on one machine does differently. It may hold {string.Join(", ", Local.Select(key => $"`{key.Name}`"))}; groups merge key by key, lists are replaced.") { Required = false };

    internal static readonly Schema Root = new("", "A network.",
    [
        NetworkKeys.Section, TokenKeys.Section, EmissionKeys.Section, CreditsKeys.Section, PriceKeys.Section, EpochKeys.Section, NodeKeys.Oracles,
        NodeKeys.Gateways, SafetyKeys.Distributor, SafetyKeys.Guardian, PoolKeys.Section, ParametersKeys.Section, AccountsKeys.Section, LocalSection,
    ]);

    /// <summary>Every key with its path, parents before children.</summary>
    internal static IEnumerable<(string Path, Key Key)> AllKeys() => Below("", Root);

    private static IEnumerable<(string Path, Key Key)> Below(string prefix, Schema schema)
    {
        foreach (var key in schema.Keys)
        {
            var path = prefix + key.Name;
            yield return (path, key);
            if (key.Inner is not { } inner) continue;
            foreach (var below in Below(path + (key is ListKey ? "[]." : "."), inner)) yield return below;
        }
    }
}
