using System.Buffers;
using System.Text;
using Turnpike.Core;

namespace Turnpike.Evm.Abi;

/// <summary>Solidity's abi.encodePacked: no offsets, no lengths, natural widths; array elements take whole words. Ambiguous when two dynamic values stand side by side.</summary>
public static class AbiPacked
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Encodes each value after the one before.</summary>
    /// <exception cref="ArgumentException">A value that does not fit its type, or a type without packed form: tuples and arrays of dynamic elements.</exception>
    public static byte[] Encode(IReadOnlyList<AbiType> types, IReadOnlyList<object> values)
    {
        AbiWriter.RequireLength(values.Count, types.Count);
        var output = new ArrayBufferWriter<byte>();
        for (var i = 0; i < types.Count; i++) Write(output, types[i], values[i]);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> output, AbiType type, object value)
    {
        switch (type.Kind)
        {
            case AbiKind.Bytes: output.Write(AbiValue.Bytes(value)); break;
            case AbiKind.String: output.Write(StrictUtf8.GetBytes(AbiValue.As<string>(value))); break;
            case AbiKind.Array or AbiKind.FixedArray: WriteElements(output, type, AbiValue.List(value)); break;
            case AbiKind.Tuple: throw new ArgumentException("A tuple has no packed form.");
            case AbiKind.FixedBytes: output.Write(Word(type, value)[..type.Size]); break;
            case AbiKind.UInt or AbiKind.Int: output.Write(Word(type, value)[^(type.Size / 8)..]); break;
            case AbiKind.Address: output.Write(Word(type, value)[^Address.Length..]); break;
            default: output.Write(Word(type, value)[^1..]); break;
        }
    }

    private static void WriteElements(ArrayBufferWriter<byte> output, AbiType type, IReadOnlyList<object> values)
    {
        if (type.Kind == AbiKind.FixedArray) AbiWriter.RequireLength(values.Count, type.Size);
        var element = type.Element!;
        foreach (var value in values)
        {
            if (element.Kind is AbiKind.Array or AbiKind.FixedArray) WriteElements(output, element, AbiValue.List(value));
            else if (element.IsDynamic || element.Kind == AbiKind.Tuple) throw new ArgumentException($"{type} has no packed form.");
            else output.Write(Word(element, value));
        }
    }

    private static ReadOnlySpan<byte> Word(AbiType type, object value)
    {
        var writer = new AbiWriter([], AbiWriter.WordBytes);
        AbiCodec.Write(ref writer, type, value);
        return writer.ToArray();
    }
}
