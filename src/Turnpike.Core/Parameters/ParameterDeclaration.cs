namespace Turnpike.Core.Parameters;

/// <summary>How a parameter of a rule pack is written and read.</summary>
public enum ParameterKind
{
    /// <summary>A whole number from 0.</summary>
    Integer,

    /// <summary>A length of time, held in milliseconds.</summary>
    Duration,

    /// <summary>A word of printable ASCII without spaces, out of <see cref="ParameterDeclaration.Choices"/> where there are any.</summary>
    Text,
}

/// <summary>One number or word by which a network tunes a rule pack: its name, type, range, default and meaning.</summary>
public sealed record ParameterDeclaration
{
    /// <summary>Longest text parameter, in characters.</summary>
    public const int MaximumTextLength = 64;

    /// <summary>Lowercase words joined by underscores; unique within the pack.</summary>
    public required string Name { get; init; }

    /// <summary>How it is written.</summary>
    public required ParameterKind Kind { get; init; }

    /// <summary>One sentence for the founder who sets it.</summary>
    public required string Meaning { get; init; }

    /// <summary>Smallest allowed integer, or milliseconds.</summary>
    public ulong Minimum { get; init; }

    /// <summary>Largest allowed integer, or milliseconds.</summary>
    public ulong Maximum { get; init; } = ulong.MaxValue;

    /// <summary>The allowed words of a text parameter; empty allows any.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The value when the blueprint is silent, in the form <see cref="ParameterSet"/> holds; null makes the parameter mandatory.</summary>
    public string? Default { get; init; }

    /// <summary>Whether a value in the form <see cref="ParameterSet"/> holds is within the declared range.</summary>
    public bool Allows(string value) => Kind == ParameterKind.Text ? AllowsText(value) : AllowsNumber(value);

    private bool AllowsText(string value) =>
        Choices.Count > 0
            ? Choices.Contains(value, StringComparer.Ordinal)
            : value.Length is > 0 and <= MaximumTextLength && !value.AsSpan().ContainsAnyExceptInRange('!', '~');

    private bool AllowsNumber(string value) => ParameterSet.TryParseNumber(value, out var number) && number >= Minimum && number <= Maximum;
}
