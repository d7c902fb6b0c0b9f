using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Turnpike.Core.Tests.Architecture;

/// <summary>The instructions of a method body, each with the metadata token it names, if any.</summary>
internal static class Instructions
{
    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    public static IEnumerable<(OpCode Code, EntityHandle Token)> Of(byte[] body)
    {
        var at = 0;
        while (at < body.Length)
        {
            var value = body[at] == 0xfe ? unchecked((short)(0xfe00 | body[at + 1])) : body[at];
            var code = OpCodesByValue[value];
            at += code.Size;
            var token = code.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType
                ? MetadataTokens.EntityHandle(BitConverter.ToInt32(body, at))
                : default;
            yield return (code, token);
            at += OperandBytes(code, body, at);
        }
    }

    private static int OperandBytes(OpCode code, byte[] body, int at) => code.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(body, at),
        _ => 4,
    };
}
