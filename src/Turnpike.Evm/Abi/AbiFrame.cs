namespace Turnpike.Evm.Abi;

/// <summary>Where a writer or reader stands in one tuple or array; opaque, kept between Enter and Leave.</summary>
public readonly record struct AbiFrame
{
    internal AbiFrame(int start, int next, int end) => (Start, Next, End) = (start, next, end);

    internal int Start { get; init; }

    internal int Next { get; init; }

    internal int End { get; init; }
}
