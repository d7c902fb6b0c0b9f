using System.Globalization;

namespace Turnpike.Evm.Abi;

/// <summary>The families of Solidity ABI types.</summary>
public enum AbiKind
{
    /// <summary>uint8 to uint256; <see cref="AbiType.Size"/> is the number of bits.</summary>
    UInt,

    /// <summary>int8 to int256, two's complement; <see cref="AbiType.Size"/> is the number of bits.</summary>
    Int,

    /// <summary>A 20-byte account.</summary>
    Address,

    /// <summary>0 or 1.</summary>
    Bool,

    /// <summary>bytes1 to bytes32; <see cref="AbiType.Size"/> is the number of bytes.</summary>
    FixedBytes,

    /// <summary>Bytes of any length.</summary>
    Bytes,

    /// <summary>UTF-8 text.</summary>
    String,

    /// <summary>T[]: the length is part of the encoding.</summary>
    Array,

    /// <summary>T[k]: <see cref="AbiType.Size"/> is k.</summary>
    FixedArray,

    /// <summary>A struct or a parameter list.</summary>
    Tuple,
}

/// <summary>One Solidity ABI type, immutable. <see cref="ToString"/> gives the canonical text that selectors and topics hash.</summary>
public sealed class AbiType
{
    // A frame larger than this cannot be in one transaction or response; it also keeps all size arithmetic inside int.
    private const long MaxFrameBytes = 1 << 26;

    private readonly string _text;

    private AbiType(AbiKind kind, int size, string text, AbiType? element = null, IReadOnlyList<AbiType>? components = null)
    {
        (Kind, Size, _text, Element, Components) = (kind, size, text, element, components ?? []);
        IsDynamic = kind switch
        {
            AbiKind.Bytes or AbiKind.String or AbiKind.Array => true,
            AbiKind.FixedArray => element!.IsDynamic,
            AbiKind.Tuple => Components.Any(c => c.IsDynamic),
            _ => false,
        };
        FrameBytes = BoundedFrame(kind switch
        {
            AbiKind.FixedArray => (long)size * element!.HeadBytes,
            AbiKind.Tuple => Components.Sum(c => (long)c.HeadBytes),
            _ => AbiWriter.WordBytes,
        });
    }

    /// <summary>The address type.</summary>
    public static AbiType Address { get; } = new(AbiKind.Address, 20, "address");

    /// <summary>The bool type.</summary>
    public static AbiType Bool { get; } = new(AbiKind.Bool, 1, "bool");

    /// <summary>The dynamic bytes type.</summary>
    public static AbiType Bytes { get; } = new(AbiKind.Bytes, 0, "bytes");

    /// <summary>The string type.</summary>
    public static AbiType String { get; } = new(AbiKind.String, 0, "string");

    /// <summary>The family.</summary>
    public AbiKind Kind { get; }

    /// <summary>Bits of an integer, bytes of bytesN, length of T[k], number of a tuple's components; otherwise without meaning.</summary>
    public int Size { get; }

    /// <summary>The element type of an array, else null.</summary>
    public AbiType? Element { get; }

    /// <summary>The components of a tuple, else empty.</summary>
    public IReadOnlyList<AbiType> Components { get; }

    /// <summary>Whether the encoding's length depends on the value, so that the head holds an offset.</summary>
    public bool IsDynamic { get; }

    /// <summary>Bytes the type takes in the head of what contains it: 32 for dynamic types, else its whole encoding.</summary>
    public int HeadBytes => IsDynamic ? AbiWriter.WordBytes : FrameBytes;

    /// <summary>Bytes of the head that a tuple's components or a fixed array's elements take; 32 for every other type.</summary>
    public int FrameBytes { get; }

    /// <summary>An unsigned integer of 8 to 256 bits in steps of 8.</summary>
    public static AbiType UInt(int bits) => new(AbiKind.UInt, Bits(bits), string.Create(CultureInfo.InvariantCulture, $"uint{bits}"));

    /// <summary>A signed integer of 8 to 256 bits in steps of 8.</summary>
    public static AbiType Int(int bits) => new(AbiKind.Int, Bits(bits), string.Create(CultureInfo.InvariantCulture, $"int{bits}"));

    /// <summary>bytes1 to bytes32.</summary>
    public static AbiType FixedBytes(int length)
    {
        if (length is < 1 or > 32) throw new AbiException($"bytes{length} does not exist: 1 to 32.");
        return new(AbiKind.FixedBytes, length, string.Create(CultureInfo.InvariantCulture, $"bytes{length}"));
    }

    /// <summary>element[].</summary>
    public static AbiType Array(AbiType element) => new(AbiKind.Array, 0, NotEmpty(element) + "[]", element);

    /// <summary>element[length]; zero lengths do not exist in Solidity and are refused.</summary>
    public static AbiType FixedArray(AbiType element, int length)
    {
        if (length < 1) throw new AbiException("An array of fixed length has at least one element.");
        return new(AbiKind.FixedArray, length, string.Create(CultureInfo.InvariantCulture, $"{NotEmpty(element)}[{length}]"), element);
    }

    /// <summary>A struct or parameter list; the empty tuple is a parameter list only.</summary>
    public static AbiType Tuple(params IReadOnlyList<AbiType> components)
    {
        foreach (var component in components) NotEmpty(component);
        return new(AbiKind.Tuple, components.Count, "(" + string.Join(',', components) + ")", null, [.. components]);
    }

    /// <summary>Reads a type such as <c>uint256</c>, <c>bytes32[3][]</c> or <c>(address,(uint96,bytes)[])</c>; <c>uint</c> and <c>int</c> mean 256 bits.</summary>
    /// <exception cref="AbiException">Anything else, or nesting or sizes beyond reason.</exception>
    public static AbiType Parse(string text) => AbiTypeParser.ParseType(text);

    /// <summary>The canonical text.</summary>
    public override string ToString() => _text;

    private static int Bits(int bits) =>
        bits is >= 8 and <= 256 && bits % 8 == 0 ? bits : throw new AbiException($"Integers have 8 to 256 bits in steps of 8, not {bits}.");

    // An element without bytes would let a short message claim any number of elements.
    private static AbiType NotEmpty(AbiType type) =>
        type.FrameBytes > 0 ? type : throw new AbiException("An empty tuple is a parameter list only, not a component or an element.");

    private static int BoundedFrame(long bytes) =>
        bytes <= MaxFrameBytes ? (int)bytes : throw new AbiException($"The type takes {bytes} bytes before any value; the limit is {MaxFrameBytes}.");
}
