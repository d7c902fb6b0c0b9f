using System.Linq;
using Turnpike.Evm.Generators.Solidity;

namespace Turnpike.Evm.Generators.Emit;

/// <summary>A custom error: a record that revert data decodes to.</summary>
internal static class ErrorEmitter
{
    public static void Emit(CodeWriter code, Entry entry)
    {
        code.Summary($"The error <c>{entry.Signature}</c>.");
        using (code.Block($"public sealed record {entry.TypeName}({CSharp.Parameters(entry.Inputs)}) : {CSharp.Abi}IContractError<{entry.TypeName}>"))
        {
            CallEmitter.Selector(code, entry);
            var name = entry.Signature.Substring(0, entry.Signature.IndexOf('('));
            var named = name + "(" + string.Join(", ", entry.Inputs.Select(m => m.Type.Text + " " + m.Name)) + ")";
            code.Line("/// <inheritdoc/>");
            code.Line($"public static {CSharp.Abi}AbiError Description {{ get; }} = {CSharp.Abi}AbiError.Parse(\"{named}\");");
            code.Line();
            code.Summary("False when the revert data is another error or no strict encoding of this one.");
            using (code.Block($"public static bool TryDecode({CSharp.Bytes} revertData, [global::System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out {entry.TypeName}? value)"))
            {
                code.Line("value = null;");
                using (code.Block("try"))
                {
                    code.Line("value = Read(revertData);");
                    code.Line("return true;");
                }
                using (code.Block($"catch ({CSharp.Abi}AbiException)")) code.Line("return false;");
            }
            code.Line();
            using (code.Block($"private static {entry.TypeName} Read({CSharp.Bytes} revertData)")) CallEmitter.ReadAfterSelector(code, entry, "revertData");
        }
        code.Line();
    }
}
