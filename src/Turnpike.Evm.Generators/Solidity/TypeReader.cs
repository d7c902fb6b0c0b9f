using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Json = System.Collections.Generic.Dictionary<string, object?>;

namespace Turnpike.Evm.Generators.Solidity;

/// <summary>Types of one contract: elementary ones by their text, structs collected once each.</summary>
internal sealed class TypeReader
{
    private readonly string _scope;
    private readonly List<SolidityStruct> _structs;
    private readonly HashSet<string> _taken;
    private readonly Dictionary<string, SolidityStruct> _known = new(StringComparer.Ordinal);

    public TypeReader(string scope, List<SolidityStruct> structs, HashSet<string> taken) => (_scope, _structs, _taken) = (scope, structs, taken);

    /// <summary>Name and canonical types.</summary>
    public static string Signature(Json entry) => Naming.Identifier(ArtifactReader.Text(entry, "name")) + Tuple(entry, "inputs");

    public List<Member> Members(List<Json> parameters, string recordName, string fallback)
    {
        var names = Naming.Properties(parameters.Select(p => PropertyText(p)), recordName, fallback);
        return parameters.Select((p, i) => new Member(names[i], Read(p, recordName + names[i]), IsIndexed(p))).ToList();
    }

    private static bool IsIndexed(Json parameter) => parameter.TryGetValue("indexed", out var indexed) && indexed is true;

    // The log holds only the hash of such a parameter: the name says so.
    private static string PropertyText(Json parameter)
    {
        var name = ArtifactReader.Text(parameter, "name");
        var type = ArtifactReader.Text(parameter, "type");
        var isHash = IsIndexed(parameter) && (type == "bytes" || type == "string" || type.StartsWith("tuple", StringComparison.Ordinal) || type.EndsWith("]", StringComparison.Ordinal));
        return isHash && name.Length > 0 ? name + "Hash" : name;
    }

    private SolidityType Read(Json parameter, string fallbackName)
    {
        var (stem, brackets) = Split(parameter);
        var type = stem == "tuple" ? Struct(parameter, fallbackName) : Elementary(stem);
        return brackets.Length == 0 ? type : Arrays(type, brackets);
    }

    private static SolidityType Arrays(SolidityType type, string brackets)
    {
        if (!brackets.EndsWith("]", StringComparison.Ordinal)) throw new FormatException("'" + brackets + "' are no array dimensions.");
        foreach (var length in brackets.Substring(1, brackets.Length - 2).Split(new[] { "][" }, StringSplitOptions.None))
        {
            type = length.Length == 0
                ? new SolidityType(SolidityKind.Array, type.Text + "[]", 0, type)
                : new SolidityType(SolidityKind.FixedArray, type.Text + "[" + Naming.Number(Size(length, int.MaxValue)) + "]", Size(length, int.MaxValue), type);
            // The run-time library refuses larger frames too: no transaction has room for one.
            if (type.FrameBytes > 1 << 26) throw new FormatException(type.Text + " is too large.");
        }
        return type;
    }

    private SolidityType Struct(Json parameter, string fallbackName)
    {
        var text = Tuple(parameter, "components");
        var name = StructName(ArtifactReader.Text(parameter, "internalType"), fallbackName);
        if (!_known.TryGetValue(name + text, out var record))
        {
            var typeName = Naming.Unique(_taken, name, "Struct");
            record = new SolidityStruct(_scope, typeName, Members(ArtifactReader.List(parameter, "components"), typeName, "Field"));
            if (record.Members.Count == 0) throw new FormatException("A struct without fields: " + typeName);
            _known.Add(name + text, record);
            _structs.Add(record);
        }
        return new SolidityType(SolidityKind.Struct, text, 0, null, record);
    }

    // "struct EpochSettlement.EpochReport[2][]" is EpochReport; artifacts without internalType name it after its place.
    private static string StructName(string internalType, string fallbackName)
    {
        if (!internalType.StartsWith("struct ", StringComparison.Ordinal)) return fallbackName;
        var name = internalType.Substring("struct ".Length).Split('[')[0].Split('.').Last();
        return Naming.Pascal(name);
    }

    private static string Tuple(Json parent, string property) => "(" + string.Join(",", ArtifactReader.List(parent, property).Select(Canonical)) + ")";

    private static string Canonical(Json parameter)
    {
        var (stem, brackets) = Split(parameter);
        return (stem == "tuple" ? Tuple(parameter, "components") : Elementary(stem).Text) + brackets;
    }

    private static (string Stem, string Brackets) Split(Json parameter)
    {
        var text = ArtifactReader.Text(parameter, "type");
        var bracket = text.IndexOf('[');
        return bracket < 0 ? (text, "") : (text.Substring(0, bracket), text.Substring(bracket));
    }

    private static SolidityType Elementary(string text) => text switch
    {
        "address" => new SolidityType(SolidityKind.Address, text),
        "bool" => new SolidityType(SolidityKind.Bool, text),
        "bytes" => new SolidityType(SolidityKind.Bytes, text),
        "string" => new SolidityType(SolidityKind.String, text),
        _ when text.StartsWith("uint", StringComparison.Ordinal) => new SolidityType(SolidityKind.UInt, text, Bits(text.Substring(4))),
        _ when text.StartsWith("int", StringComparison.Ordinal) => new SolidityType(SolidityKind.Int, text, Bits(text.Substring(3))),
        _ when text.StartsWith("bytes", StringComparison.Ordinal) => new SolidityType(SolidityKind.FixedBytes, text, Size(text.Substring(5), 32)),
        _ => throw new FormatException("The type '" + text + "' has no C# form."),
    };

    private static int Bits(string digits) => Size(digits, 256) % 8 == 0 ? Size(digits, 256) : throw new FormatException("Integers have a multiple of 8 bits, not " + digits + ".");

    private static int Size(string digits, int limit) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 && value <= limit && digits[0] != '0'
            ? value
            : throw new FormatException("'" + digits + "' is no size from 1 to " + Naming.Number(limit) + ".");
}
