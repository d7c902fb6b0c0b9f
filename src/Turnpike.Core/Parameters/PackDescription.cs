namespace Turnpike.Core.Parameters;

/// <summary>What a rule pack tells the reader of a blueprint about itself: which pool shapes it can pay and which parameters it takes.</summary>
public sealed record PackDescription
{
    /// <summary>Name with its year, such as "usage-2026".</summary>
    public required string Id { get; init; }

    /// <summary>The network category it belongs to, such as "wireless".</summary>
    public required string Module { get; init; }

    /// <summary>Pool shapes that pay contributors; every pack also knows "account", which pays a named account.</summary>
    public required IReadOnlyList<string> Shapes { get; init; }

    /// <summary>Its parameters.</summary>
    public required IReadOnlyList<ParameterDeclaration> Parameters { get; init; }
}
