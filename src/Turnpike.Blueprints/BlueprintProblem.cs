namespace Turnpike.Blueprints;

/// <summary>What kind of fault a blueprint has; the names are stable and appear in JSON output.</summary>
public enum BlueprintFault
{
    /// <summary>The file cannot be opened or is not UTF-8.</summary>
    Unreadable,

    /// <summary>The text is not YAML.</summary>
    Syntax,

    /// <summary>Larger, deeper or with more entries than any blueprint needs.</summary>
    TooLarge,

    /// <summary>A YAML feature that blueprints do without: anchors, aliases, tags, several documents.</summary>
    NotAllowed,

    /// <summary>A key that no section has.</summary>
    UnknownKey,

    /// <summary>A key written twice.</summary>
    DuplicateKey,

    /// <summary>A key that must be there.</summary>
    MissingKey,

    /// <summary>A value of another type than the key takes.</summary>
    WrongType,

    /// <summary>A value of the right type beyond its range.</summary>
    OutOfRange,

    /// <summary>Values that are right one by one and contradict each other.</summary>
    Inconsistent,
}

/// <summary>One fault of a blueprint: where it is, what is wrong, what would be right.</summary>
/// <param name="Fault">Its kind.</param>
/// <param name="File">The file as it was named to the reader.</param>
/// <param name="Line">Line of the value or key, from 1; 0 when the file as a whole is meant.</param>
/// <param name="Column">Column, from 1; 0 when the file as a whole is meant.</param>
/// <param name="Path">The key, such as "pools[2].share"; empty for the file as a whole.</param>
/// <param name="Wrong">What is wrong, without a full stop.</param>
/// <param name="Right">What would be right, without a full stop.</param>
public sealed record BlueprintProblem(BlueprintFault Fault, string File, int Line, int Column, string Path, string Wrong, string Right)
{
    /// <summary>The line a compiler would print: file:line:column: path: wrong; right.</summary>
    public override string ToString() =>
        (Line > 0 ? $"{File}:{Line}:{Column}: " : $"{File}: ") + (Path.Length > 0 ? $"{Path}: " : "") + $"{Wrong}; {Right}.";
}
