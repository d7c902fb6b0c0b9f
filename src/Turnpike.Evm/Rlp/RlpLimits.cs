namespace Turnpike.Evm;

/// <summary>Bounds on what a tree decode may cost.</summary>
public sealed record RlpLimits
{
    /// <summary>16 MiB, 64 levels, 262,144 items.</summary>
    public static RlpLimits Default { get; } = new();

    /// <summary>Longest input, bytes. Default 16 MiB.</summary>
    public int MaxBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Deepest nesting of lists; recursion is bounded by it. Default 64.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Most items, lists included; about 60 bytes of memory each. Default 262,144.</summary>
    public int MaxItems { get; init; } = 262_144;
}
