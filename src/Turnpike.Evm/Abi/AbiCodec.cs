using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm.Abi;

/// <summary>
/// Encodes and decodes values of types known only at run time. A value is a <see cref="BigInteger"/> (any integer type),
/// <see cref="Address"/>, <see cref="bool"/>, <see cref="string"/>, byte[] (bytes and bytesN) or an object list (arrays and tuples);
/// the encoder also takes the other integer types and <see cref="Bytes32"/>. Known types use the generated bindings, which box nothing.
/// </summary>
public static class AbiCodec
{
    /// <summary>Encodes a parameter list.</summary>
    /// <exception cref="ArgumentException">A value of the wrong type, size or number.</exception>
    public static byte[] Encode(AbiType parameters, IReadOnlyList<object> values) => Write(new AbiWriter([], parameters.FrameBytes), parameters, values);

    /// <summary>Decodes a parameter list; no byte may be left over.</summary>
    /// <exception cref="AbiException">Not a strict encoding of <paramref name="parameters"/>.</exception>
    public static object[] Decode(AbiType parameters, ReadOnlySpan<byte> data) => Read(new AbiReader(data, parameters.FrameBytes), parameters);

    internal static object[] Read(AbiReader reader, AbiType parameters)
    {
        RequireTuple(parameters);
        var values = ReadAll(ref reader, parameters);
        reader.RequireEnd();
        return values;
    }

    internal static byte[] Write(AbiWriter writer, AbiType parameters, IReadOnlyList<object> values)
    {
        RequireTuple(parameters);
        WriteAll(ref writer, parameters, values);
        return writer.ToArray();
    }

    internal static object Read(ref AbiReader reader, AbiType type)
    {
        switch (type.Kind)
        {
            case AbiKind.UInt: return reader.ReadUInt256(type.Size);
            case AbiKind.Int: return reader.ReadInt256(type.Size);
            case AbiKind.Address: return reader.ReadAddress();
            case AbiKind.Bool: return reader.ReadBool();
            case AbiKind.FixedBytes: return reader.ReadFixedBytes(type.Size);
            case AbiKind.Bytes: return reader.ReadBytes().ToArray();
            case AbiKind.String: return reader.ReadString();
            case AbiKind.Array: return ReadArray(ref reader, type.Element!);
            default:
                if (!type.IsDynamic) return ReadAll(ref reader, type);
                var outer = reader.EnterDynamic(type.FrameBytes);
                var values = ReadAll(ref reader, type);
                reader.Leave(outer);
                return values;
        }
    }

    internal static void Write(ref AbiWriter writer, AbiType type, object value)
    {
        switch (type.Kind)
        {
            case AbiKind.UInt: writer.WriteUInt(AbiValue.Integer(value), type.Size); break;
            case AbiKind.Int: writer.WriteInt(AbiValue.Integer(value), type.Size); break;
            case AbiKind.Address: writer.WriteAddress(AbiValue.As<Address>(value)); break;
            case AbiKind.Bool: writer.WriteBool(AbiValue.As<bool>(value)); break;
            case AbiKind.FixedBytes: writer.WriteFixedBytes(AbiValue.Bytes(value), type.Size); break;
            case AbiKind.Bytes: writer.WriteBytes(AbiValue.Bytes(value)); break;
            case AbiKind.String: writer.WriteString(AbiValue.As<string>(value)); break;
            case AbiKind.Array: WriteArray(ref writer, type.Element!, AbiValue.List(value)); break;
            default:
                if (!type.IsDynamic)
                {
                    WriteAll(ref writer, type, AbiValue.List(value));
                    break;
                }
                var outer = writer.EnterDynamic(type.FrameBytes);
                WriteAll(ref writer, type, AbiValue.List(value));
                writer.Leave(outer);
                break;
        }
    }

    private static object[] ReadArray(ref AbiReader reader, AbiType element)
    {
        var outer = reader.EnterArray(element.HeadBytes, out var count);
        var values = new object[count];
        for (var i = 0; i < count; i++) values[i] = Read(ref reader, element);
        reader.Leave(outer);
        return values;
    }

    private static object[] ReadAll(ref AbiReader reader, AbiType type)
    {
        var values = new object[type.Size];
        for (var i = 0; i < values.Length; i++) values[i] = Read(ref reader, type.Element ?? type.Components[i]);
        return values;
    }

    private static void WriteArray(ref AbiWriter writer, AbiType element, IReadOnlyList<object> values)
    {
        var outer = writer.EnterArray(values.Count, element.HeadBytes);
        for (var i = 0; i < values.Count; i++) Write(ref writer, element, values[i]);
        writer.Leave(outer);
    }

    private static void WriteAll(ref AbiWriter writer, AbiType type, IReadOnlyList<object> values)
    {
        AbiWriter.RequireLength(values.Count, type.Size);
        for (var i = 0; i < values.Count; i++) Write(ref writer, type.Element ?? type.Components[i], values[i]);
    }

    private static void RequireTuple(AbiType parameters)
    {
        if (parameters.Kind != AbiKind.Tuple) throw new ArgumentException("A parameter list is a tuple type, as in (uint256,bytes).", nameof(parameters));
    }
}
