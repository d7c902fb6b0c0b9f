using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Turnpike.Core;
using Turnpike.Evm.Abi;

namespace Turnpike.Evm.TypedData;

/// <summary>encodeData over JSON values. Each value is visited once, so the cost is linear in the document.</summary>
internal sealed class TypedDataEncoder(TypedDataSchema schema)
{
    // The longest integer: 78 decimal digits and a sign, or 0x and 64 hexadecimal digits.
    private const int MaxIntegerLength = 79;

    public TypedDataSchema Schema { get; } = schema;

    /// <summary>The type hash and one word for each member.</summary>
    public byte[] Encode(string structName, JsonElement value)
    {
        var members = Schema.Members(structName);
        if (value.ValueKind != JsonValueKind.Object) throw new TypedDataException($"The value of a {structName} is no object.");
        if (value.GetPropertyCount() != members.Count) throw new TypedDataException($"A {structName} has {members.Count} members; the value has {value.GetPropertyCount()}.");
        var words = new byte[(members.Count + 1) * Bytes32.Length];
        Schema.TypeHash(structName).CopyTo(words);
        for (var i = 0; i < members.Count; i++) Write(members[i].Type, Property(value, members[i].Name), words.AsSpan((i + 1) * Bytes32.Length));
        return words;
    }

    public static JsonElement Property(JsonElement value, string name) =>
        value.TryGetProperty(name, out var property) ? property : throw new TypedDataException($"The member '{name}' is missing.");

    public static string Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new TypedDataException($"Expected a text, got {value.ValueKind}.");

    /// <summary>A JSON integer, or a text with decimal digits or 0x and hexadecimal digits.</summary>
    public static BigInteger Integer(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Text(value);
        var isHex = value.ValueKind == JsonValueKind.String && text.StartsWith("0x", StringComparison.Ordinal) && text.Length > 2;
        var style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.AllowLeadingSign;
        // The added 0 keeps a leading hexadecimal digit above 7 from meaning a negative number.
        if (text.Length <= MaxIntegerLength && !text.StartsWith('+') && BigInteger.TryParse(isHex ? "0" + text[2..] : text, style, CultureInfo.InvariantCulture, out var number)) return number;
        throw new TypedDataException("Expected an integer: a JSON integer, or a text of decimal digits or of 0x and hexadecimal digits.");
    }

    private void Write(FieldType type, JsonElement value, Span<byte> word)
    {
        if (type.Struct is not null) Keccak256.Hash(Encode(type.Struct, value), word);
        else if (type.Element is not null) WriteArray(type, type.Element, value, word);
        else WriteAtomic(type.Atomic!, value, word);
    }

    private void WriteArray(FieldType type, FieldType element, JsonElement value, Span<byte> word)
    {
        if (value.ValueKind != JsonValueKind.Array) throw new TypedDataException($"The value of {type.Text} is no array.");
        var count = value.GetArrayLength();
        if (type.Length is { } length && length != count) throw new TypedDataException($"The value of {type.Text} has {count} elements.");
        var words = new byte[count * Bytes32.Length];
        var next = 0;
        foreach (var item in value.EnumerateArray()) Write(element, item, words.AsSpan(next++ * Bytes32.Length));
        Keccak256.Hash(words, word);
    }

    private static void WriteAtomic(AbiType type, JsonElement value, Span<byte> word)
    {
        try
        {
            AtomicWord.Write(type, Read(type, value), word);
        }
        catch (ArgumentException e)
        {
            // The codec's guard for values out of range is this document's fault here.
            throw new TypedDataException(e.Message);
        }
    }

    private static object Read(AbiType type, JsonElement value) => type.Kind switch
    {
        AbiKind.UInt or AbiKind.Int => Integer(value),
        AbiKind.Bool when value.ValueKind is JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        AbiKind.String => Text(value),
        AbiKind.Address when Address.TryParse(Text(value), out var address) => address,
        AbiKind.Bytes or AbiKind.FixedBytes when Hex.TryParse(Text(value), out var bytes) => bytes,
        _ => throw new TypedDataException($"The value is no {type}."),
    };
}
