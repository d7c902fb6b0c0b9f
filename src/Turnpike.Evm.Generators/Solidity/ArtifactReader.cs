using System;
using System.Collections.Generic;
using System.Linq;
using Json = System.Collections.Generic.Dictionary<string, object?>;

namespace Turnpike.Evm.Generators.Solidity;

/// <summary>Reads {"contractName", "abi", "bytecode"} into a <see cref="Contract"/> and gives every entry its C# name.</summary>
internal sealed class ArtifactReader
{
    private readonly Contract _contract;
    private readonly TypeReader _types;
    private readonly HashSet<string> _taken;

    private ArtifactReader(Contract contract)
    {
        _contract = contract;
        _taken = new HashSet<string>(StringComparer.Ordinal) { contract.Name, "Bytecode", "Deployment", "Errors", "Equals", "GetHashCode", "GetType", "ToString" };
        _types = new TypeReader(contract.Namespace + "." + contract.Name, contract.Structs, _taken);
    }

    /// <summary>Null when the file is some other JSON; <see cref="FormatException"/> when it is an artifact that cannot be bound.</summary>
    public static Contract? Read(string text, string targetNamespace)
    {
        if (text.IndexOf("\"contractName\"", StringComparison.Ordinal) < 0 || text.IndexOf("\"abi\"", StringComparison.Ordinal) < 0) return null;
        if (JsonReader.Parse(text) is not Json root || !root.ContainsKey("contractName") || !root.ContainsKey("abi")) return null;
        var contract = new Contract(targetNamespace, Naming.Pascal(Text(root, "contractName")), Bytecode(Text(root, "bytecode")));
        new ArtifactReader(contract).ReadEntries(root["abi"] as List<object?> ?? throw new FormatException("\"abi\" is not an array."));
        return contract;
    }

    private void ReadEntries(List<object?> abi)
    {
        var entries = abi.Select(e => e as Json ?? throw new FormatException("An entry of \"abi\" is not an object.")).ToList();
        foreach (var entry in entries.Where(e => Text(e, "type") == "constructor")) _contract.Constructors.Add(new Entry("Deployment", "constructor", Members(entry, "inputs", "Deployment", "Arg")));
        foreach (var entry in Ordered(entries, "function")) _contract.Functions.Add(Function(entry));
        foreach (var entry in Ordered(entries, "event")) _contract.Events.Add(Event(entry));
        foreach (var entry in Ordered(entries, "error")) _contract.Errors.Add(Simple(entry, "Error"));
    }

    // Overloads: fewest parameters first keeps its name whatever order the compiler writes, the next are 2, 3...
    private static IEnumerable<Json> Ordered(List<Json> entries, string kind) =>
        entries.Where(e => Text(e, "type") == kind).OrderBy(e => Text(e, "name"), StringComparer.Ordinal).ThenBy(e => List(e, "inputs").Count).ThenBy(TypeReader.Signature, StringComparer.Ordinal);

    private Entry Function(Json json)
    {
        var entry = Simple(json, "Call");
        var results = List(json, "outputs");
        if (results.Count > 1) entry.ResultTypeName = Naming.Unique(_taken, entry.TypeName.Substring(0, entry.TypeName.Length - "Call".Length) + "Result", "Record");
        entry.Outputs = Members(json, "outputs", entry.ResultTypeName.Length > 0 ? entry.ResultTypeName : entry.TypeName + "Result", "Result");
        return entry;
    }

    private Entry Event(Json json)
    {
        var entry = Simple(json, "Event");
        entry.IsAnonymous = json.TryGetValue("anonymous", out var anonymous) && anonymous is true;
        var topics = entry.Inputs.Count(m => m.IsIndexed) + (entry.IsAnonymous ? 0 : 1);
        return topics <= 4 ? entry : throw new FormatException(entry.Signature + " needs more than four topics.");
    }

    private Entry Simple(Json json, string suffix)
    {
        var typeName = OverloadName(Naming.Pascal(Text(json, "name")), suffix);
        return new Entry(typeName, TypeReader.Signature(json), Members(json, "inputs", typeName, "Arg"));
    }

    private string OverloadName(string name, string suffix)
    {
        var wanted = name + suffix;
        for (var number = 2; !_taken.Add(wanted); number++) wanted = name + Naming.Number(number) + suffix;
        return wanted;
    }

    private List<Member> Members(Json entry, string property, string recordName, string fallback) => _types.Members(List(entry, property), recordName, fallback);

    // Placeholders for libraries that are not linked yet (__$...$__) are no bytes; such a contract cannot be deployed from here.
    private static string Bytecode(string text)
    {
        var digits = text.StartsWith("0x", StringComparison.Ordinal) ? text.Substring(2) : text;
        var valid = digits.Length % 2 == 0 && digits.All(Uri.IsHexDigit);
        return valid ? digits : throw new FormatException("\"bytecode\" is not hexadecimal; are all libraries linked?");
    }

    internal static string Text(Json json, string property) => json.TryGetValue(property, out var value) && value is string text ? text : "";

    internal static List<Json> List(Json json, string property) =>
        json.TryGetValue(property, out var value) && value is List<object?> list
            ? list.Select(e => e as Json ?? throw new FormatException("An element of \"" + property + "\" is not an object.")).ToList()
            : new List<Json>();
}
