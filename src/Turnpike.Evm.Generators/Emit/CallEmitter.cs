using System.Linq;
using Turnpike.Evm.Generators.Solidity;

namespace Turnpike.Evm.Generators.Emit;

/// <summary>A function: a record with its arguments that encodes, decodes and reads the result.</summary>
internal static class CallEmitter
{
    public static void Emit(CodeWriter code, Entry entry)
    {
        var result = ResultType(entry);
        var contract = CSharp.Abi + "IContractCall" + (result.Length > 0 ? "<" + result + ">" : "");
        code.Summary($"A call of <c>{entry.Signature}</c>.");
        using (code.Block($"public sealed record {entry.TypeName}({CSharp.Parameters(entry.Inputs)}) : {contract}"))
        {
            Selector(code, entry);
            code.Line("/// <inheritdoc/>");
            using (code.Block("public byte[] Encode()"))
            {
                code.Line($"var writer = new {CSharp.Abi}AbiWriter(Selector, {Naming.Number(entry.HeadBytes)});");
                foreach (var member in entry.Inputs) ValueEmitter.Write(code, member.Type, member.Name);
                code.Line("return writer.ToArray();");
            }
            code.Line();
            Decode(code, entry);
            if (result.Length > 0) DecodeResult(code, entry, result, contract);
        }
        code.Line();
        if (entry.ResultTypeName.Length > 0) ResultRecord(code, entry);
    }

    /// <summary>Signature and selector, which errors have too.</summary>
    public static void Selector(CodeWriter code, Entry entry)
    {
        code.Summary("Name and canonical types.");
        code.Line($"public const string AbiSignature = \"{entry.Signature}\";");
        code.Line();
        code.Summary("The first four bytes of the signature's hash, as a big-endian number.");
        code.Line($"public static uint Selector {{ get; }} = {CSharp.Abi}AbiFunction.SelectorOf(AbiSignature);");
        code.Line();
    }

    /// <summary>The body that reads the arguments behind the selector.</summary>
    public static void ReadAfterSelector(CodeWriter code, Entry entry, string data)
    {
        code.Line($"var reader = {CSharp.Abi}AbiReader.AfterSelector({data}, Selector, {Naming.Number(entry.HeadBytes)});");
        var arguments = ValueEmitter.ReadAll(code, entry.Inputs, "reader");
        code.Line("reader.RequireEnd();");
        code.Line($"return new {entry.TypeName}({arguments});");
    }

    private static void Decode(CodeWriter code, Entry entry)
    {
        code.Summary("Reads calldata strictly.");
        code.Line($"/// <exception cref=\"{CSharp.Abi}AbiException\">Another selector, no strict encoding or bytes left over.</exception>");
        using (code.Block($"public static {entry.TypeName} Decode({CSharp.Bytes} calldata)")) ReadAfterSelector(code, entry, "calldata");
        code.Line();
    }

    private static void DecodeResult(CodeWriter code, Entry entry, string result, string contract)
    {
        code.Summary("Reads what the call returned.");
        code.Line($"/// <exception cref=\"{CSharp.Abi}AbiException\">No strict encoding or bytes left over.</exception>");
        using (code.Block($"public static {result} DecodeResult({CSharp.Bytes} returnData)"))
        {
            code.Line($"var reader = new {CSharp.Abi}AbiReader(returnData, {Naming.Number(entry.Outputs.Sum(m => m.Type.HeadBytes))});");
            var values = ValueEmitter.ReadAll(code, entry.Outputs, "reader");
            code.Line("reader.RequireEnd();");
            code.Line(entry.ResultTypeName.Length > 0 ? $"return new {result}({values});" : $"return {values};");
        }
        code.Line();
        code.Line($"{result} {contract}.ReadResult({CSharp.Bytes} returnData) => DecodeResult(returnData);");
    }

    private static void ResultRecord(CodeWriter code, Entry entry)
    {
        code.Summary($"What <c>{entry.Signature}</c> returns.");
        code.Line($"public sealed record {entry.ResultTypeName}({CSharp.Parameters(entry.Outputs)});");
        code.Line();
    }

    private static string ResultType(Entry entry) => entry.Outputs.Count switch
    {
        0 => "",
        1 => CSharp.Type(entry.Outputs[0].Type),
        _ => entry.ResultTypeName,
    };
}
