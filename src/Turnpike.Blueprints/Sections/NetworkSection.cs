using Turnpike.Blueprints.Schema;

namespace Turnpike.Blueprints;

/// <summary>What the network is called and which rules it runs.</summary>
public sealed record NetworkSection
{
    /// <summary>Short name for URLs, folders and metrics.</summary>
    public required string Name { get; init; }

    /// <summary>Name for people.</summary>
    public required string Title { get; init; }

    /// <summary>What the network does, in a sentence or two.</summary>
    public required string Description { get; init; }

    /// <summary>The network category, such as "wireless".</summary>
    public required string Module { get; init; }

    /// <summary>The rule pack, such as "usage-2026".</summary>
    public required string Pack { get; init; }
}

internal static class NetworkKeys
{
    internal static readonly ScalarKey<string> Name = new("name", ScalarTypes.Slug, "Short name for URLs, folders and metrics.");
    internal static readonly ScalarKey<string> Title = new("title", ScalarTypes.Text(80), "Name for people.");
    internal static readonly ScalarKey<string> Description = new("description", ScalarTypes.Text(500), "What the network does, in a sentence or two.");
    internal static readonly ScalarKey<string> Module = new("module", ScalarTypes.Slug, "Network category whose protocols and evidence it uses.");
    internal static readonly ScalarKey<string> Pack = new("pack", ScalarTypes.Slug, "Rule pack: versioned code that turns evidence into payments.");

    internal static readonly GroupKey Section = new(new("network", "What the network is called and which rules it runs.", [Name, Title, Description, Module, Pack]));

    internal static NetworkSection? Read(SectionReader? section) => section is null ? null : new()
    {
        Name = section.Read(Name).Value,
        Title = section.Read(Title).Value,
        Description = section.Read(Description).Value,
        Module = section.Read(Module).Value,
        Pack = section.Read(Pack).Value,
    };
}
