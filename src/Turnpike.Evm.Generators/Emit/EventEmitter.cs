using System.Collections.Generic;
using System.Linq;
using Turnpike.Evm.Generators.Solidity;

namespace Turnpike.Evm.Generators.Emit;

/// <summary>An event: a record that a log decodes to.</summary>
internal static class EventEmitter
{
    public static void Emit(CodeWriter code, Entry entry)
    {
        var indexed = entry.Inputs.Where(m => m.IsIndexed).ToList();
        code.Summary($"The event <c>{entry.Signature}</c>.");
        using (code.Block($"public sealed record {entry.TypeName}({CSharp.Parameters(entry.Inputs)}){(entry.IsAnonymous ? "" : $" : {CSharp.Abi}IContractEvent<{entry.TypeName}>")}"))
        {
            code.Summary("Name and canonical types.");
            code.Line($"public const string AbiSignature = \"{entry.Signature}\";");
            code.Line();
            if (!entry.IsAnonymous)
            {
                code.Line("/// <inheritdoc/>");
                code.Line($"public static {CSharp.Core}Bytes32 Topic0 {{ get; }} = {CSharp.Abi}AbiEvent.TopicOf(AbiSignature);");
                code.Line();
            }
            TryDecode(code, entry, indexed.Count);
            Read(code, entry, indexed);
        }
        code.Line();
    }

    private static void TryDecode(CodeWriter code, Entry entry, int indexedCount)
    {
        code.Summary("False when the log is of another event or no strict encoding of this one.");
        using (code.Block($"public static bool TryDecode({CSharp.Abi}LogEntry log, [global::System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out {entry.TypeName}? value)"))
        {
            code.Line("value = null;");
            code.Line($"global::System.Span<byte> topics = stackalloc byte[{Naming.Number(indexedCount * SolidityType.WordBytes)}];");
            code.Line($"if (!{CSharp.Abi}AbiEvent.TryCopyTopics(log, {(entry.IsAnonymous ? "null" : "Topic0")}, topics)) return false;");
            using (code.Block("try"))
            {
                code.Line("value = Read(topics, log.Data.Span);");
                code.Line("return true;");
            }
            using (code.Block($"catch ({CSharp.Abi}AbiException)")) code.Line("return false;");
        }
        code.Line();
    }

    private static void Read(CodeWriter code, Entry entry, List<Member> indexed)
    {
        using (code.Block($"private static {entry.TypeName} Read({CSharp.Bytes} topics, {CSharp.Bytes} data)"))
        {
            code.Line($"var topicReader = new {CSharp.Abi}AbiReader(topics, {Naming.Number(indexed.Count * SolidityType.WordBytes)});");
            code.Line($"var reader = new {CSharp.Abi}AbiReader(data, {Naming.Number(entry.Inputs.Where(m => !m.IsIndexed).Sum(m => m.Type.HeadBytes))});");
            var values = entry.Inputs.Select(m => m.IsIndexed ? ValueEmitter.Read(code, InTopic(m.Type), "topicReader") : ValueEmitter.Read(code, m.Type, "reader")).ToList();
            code.Line("reader.RequireEnd();");
            code.Line($"return new {entry.TypeName}({string.Join(", ", values)});");
        }
    }

    private static SolidityType InTopic(SolidityType type) => type.IsHashedInTopic ? new SolidityType(SolidityKind.FixedBytes, "bytes32", SolidityType.WordBytes) : type;
}
