namespace Turnpike.Evm;

/// <summary>A node of an RLP tree: bytes, or a list of nodes. Immutable as long as the memory it was made from is.</summary>
public sealed class RlpItem
{
    /// <summary>Deepest tree that may be built.</summary>
    public const int MaxDepth = 1024;

    private readonly int _depth;

    private RlpItem(ReadOnlyMemory<byte> bytes, IReadOnlyList<RlpItem>? items)
    {
        Bytes = bytes;
        Items = items ?? [];
        IsList = items is not null;
        foreach (var item in Items) _depth = Math.Max(_depth, item._depth + 1);
        if (_depth > MaxDepth) throw new ArgumentException($"Lists are nested deeper than {MaxDepth}.", nameof(items));
    }

    /// <summary>Whether this is a list; else it is bytes.</summary>
    public bool IsList { get; }

    /// <summary>The bytes; empty for a list. After decoding, a slice of the input.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The members; empty for bytes.</summary>
    public IReadOnlyList<RlpItem> Items { get; }

    /// <summary>A node of bytes.</summary>
    public static RlpItem Of(ReadOnlyMemory<byte> bytes) => new(bytes, null);

    /// <summary>A list.</summary>
    public static RlpItem List(params IReadOnlyList<RlpItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new RlpItem(default, items);
    }
}
