using System.Collections.Generic;
using System.Linq;
using Turnpike.Evm.Generators.Solidity;

namespace Turnpike.Evm.Generators.Emit;

/// <summary>The statements that write a value to <c>writer</c> or read one from a reader, in the current frame.</summary>
internal static class ValueEmitter
{
    public static void Write(CodeWriter code, SolidityType type, string value)
    {
        var size = Naming.Number(type.Size);
        switch (type.Kind)
        {
            case SolidityKind.UInt: code.Line($"writer.WriteUInt(({CSharp.WideInteger(type)}){value}, {size});"); break;
            case SolidityKind.Int: code.Line($"writer.WriteInt(({CSharp.WideInteger(type)}){value}, {size});"); break;
            case SolidityKind.Address: code.Line($"writer.WriteAddress({value});"); break;
            case SolidityKind.Bool: code.Line($"writer.WriteBool({value});"); break;
            case SolidityKind.FixedBytes: code.Line(type.Size == SolidityType.WordBytes ? $"writer.WriteBytes32({value});" : $"writer.WriteFixedBytes({value}, {size});"); break;
            case SolidityKind.Bytes: code.Line($"writer.WriteBytes({value});"); break;
            case SolidityKind.String: code.Line($"writer.WriteString({value});"); break;
            case SolidityKind.Struct: WriteFramed(code, type, () => code.Line($"{value}.WriteTo(ref writer);")); break;
            case SolidityKind.FixedArray:
                code.Line($"{CSharp.Abi}AbiWriter.RequireLength({value}.Count, {size});");
                WriteFramed(code, type, () => WriteElements(code, type, value));
                break;
            default:
                var outer = code.Local();
                code.Line($"var {outer} = writer.EnterArray({value}.Count, {Naming.Number(type.Element!.HeadBytes)});");
                WriteElements(code, type, value);
                code.Line($"writer.Leave({outer});");
                break;
        }
    }

    /// <summary>Emits what must come first and returns the local that holds the value.</summary>
    public static string Read(CodeWriter code, SolidityType type, string reader)
    {
        var local = code.Local();
        var size = Naming.Number(type.Size);
        switch (type.Kind)
        {
            case SolidityKind.UInt or SolidityKind.Int: code.Line($"var {local} = ({CSharp.Type(type)}){reader}.{CSharp.ReadInteger(type)}({size});"); break;
            case SolidityKind.Address: code.Line($"var {local} = {reader}.ReadAddress();"); break;
            case SolidityKind.Bool: code.Line($"var {local} = {reader}.ReadBool();"); break;
            case SolidityKind.FixedBytes: code.Line(type.Size == SolidityType.WordBytes ? $"var {local} = {reader}.ReadBytes32();" : $"var {local} = {reader}.ReadFixedBytes({size});"); break;
            case SolidityKind.Bytes: code.Line($"var {local} = {reader}.ReadBytes().ToArray();"); break;
            case SolidityKind.String: code.Line($"var {local} = {reader}.ReadString();"); break;
            case SolidityKind.Struct: ReadFramed(code, type, reader, () => code.Line($"var {local} = {type.Struct!.QualifiedName}.ReadFrom(ref {reader});")); break;
            case SolidityKind.FixedArray: ReadFramed(code, type, reader, () => ReadElements(code, type, reader, local, size)); break;
            default:
                var (outer, count) = (code.Local(), code.Local());
                code.Line($"var {outer} = {reader}.EnterArray({Naming.Number(type.Element!.HeadBytes)}, out var {count});");
                ReadElements(code, type, reader, local, count);
                code.Line($"{reader}.Leave({outer});");
                break;
        }
        return local;
    }

    /// <summary>Reads all members in order; returns the locals as an argument list.</summary>
    public static string ReadAll(CodeWriter code, IEnumerable<Member> members, string reader) => string.Join(", ", members.Select(m => Read(code, m.Type, reader)).ToList());

    private static void WriteElements(CodeWriter code, SolidityType type, string value)
    {
        var element = code.Local();
        using (code.Block($"foreach (var {element} in {value})")) Write(code, type.Element!, element);
    }

    private static void ReadElements(CodeWriter code, SolidityType type, string reader, string local, string count)
    {
        var index = code.Local();
        code.Line($"var {local} = {NewArray(CSharp.Type(type.Element!), count)};");
        using (code.Block($"for (var {index} = 0; {index} < {count}; {index}++)"))
            code.Line($"{local}[{index}] = {Read(code, type.Element!, reader)};");
    }

    // An array of arrays takes its size in the first brackets: new byte[n][].
    private static string NewArray(string element, string count) =>
        element == "byte[]" ? $"new byte[{count}][]" : $"new {element}[{count}]";

    // Static structs and arrays stand in the head itself; dynamic ones behind an offset, in a frame of their own.
    private static void WriteFramed(CodeWriter code, SolidityType type, System.Action content)
    {
        if (!type.IsDynamic)
        {
            content();
            return;
        }
        var outer = code.Local();
        code.Line($"var {outer} = writer.EnterDynamic({Naming.Number(type.FrameBytes)});");
        content();
        code.Line($"writer.Leave({outer});");
    }

    private static void ReadFramed(CodeWriter code, SolidityType type, string reader, System.Action content)
    {
        if (!type.IsDynamic)
        {
            content();
            return;
        }
        var outer = code.Local();
        code.Line($"var {outer} = {reader}.EnterDynamic({Naming.Number(type.FrameBytes)});");
        content();
        code.Line($"{reader}.Leave({outer});");
    }
}
