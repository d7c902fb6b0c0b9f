using System.Globalization;
using Turnpike.Evm.Abi;

namespace Turnpike.Evm.TypedData;

/// <summary>A member's type, resolved: exactly one of <see cref="Atomic"/>, <see cref="Struct"/> and <see cref="Element"/> is set.</summary>
internal sealed record FieldType
{
    private const int MaxDimensions = 8;

    public AbiType? Atomic { get; private init; }

    public string? Struct { get; private init; }

    public FieldType? Element { get; private init; }

    /// <summary>Of a fixed array; null for T[].</summary>
    public int? Length { get; private init; }

    public required string Text { get; init; }

    public static FieldType Resolve(string text, Func<string, bool> isStruct, int dimensions = 0)
    {
        if (text.EndsWith(']'))
        {
            var open = text.LastIndexOf('[');
            if (open <= 0 || dimensions == MaxDimensions) throw new TypedDataException($"'{text}' is no array type of at most {MaxDimensions} dimensions.");
            return new FieldType { Text = text, Element = Resolve(text[..open], isStruct, dimensions + 1), Length = ArrayLength(text, text[(open + 1)..^1]) };
        }
        return isStruct(text) ? new FieldType { Text = text, Struct = text } : new FieldType { Text = text, Atomic = AtomicOf(text) ?? throw new TypedDataException($"'{text}' is neither a struct of this document nor a type of EIP-712.") };
    }

    /// <summary>The type of a member that is no struct and no array. EIP-712 has no aliases (uint, int): the text itself is hashed.</summary>
    public static AbiType? AtomicOf(string text)
    {
        try
        {
            var type = AbiType.Parse(text);
            return type.Kind is AbiKind.Array or AbiKind.FixedArray or AbiKind.Tuple || type.ToString() != text ? null : type;
        }
        catch (AbiException)
        {
            return null;
        }
    }

    private static int? ArrayLength(string text, string digits)
    {
        if (digits.Length == 0) return null;
        var valid = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && digits[0] != '0';
        return valid ? length : throw new TypedDataException($"'{text}' has no positive length without leading zeros.");
    }
}
