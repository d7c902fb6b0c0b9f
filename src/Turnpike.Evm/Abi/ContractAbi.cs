using System.Text.Json;

namespace Turnpike.Evm.Abi;

/// <summary>A contract's interface known at run time: the JSON array that compilers write.</summary>
public sealed class ContractAbi
{
    private const int MaxTupleDepth = 24;

    private ContractAbi(List<AbiFunction> functions, List<AbiEvent> events, List<AbiError> errors, AbiType constructor) =>
        (Functions, Events, Errors, Constructor) = (functions, events, errors, constructor);

    /// <summary>The functions, overloads included.</summary>
    public IReadOnlyList<AbiFunction> Functions { get; }

    /// <summary>The events, overloads included.</summary>
    public IReadOnlyList<AbiEvent> Events { get; }

    /// <summary>The custom errors.</summary>
    public IReadOnlyList<AbiError> Errors { get; }

    /// <summary>The constructor's parameters; empty when it has none.</summary>
    public AbiType Constructor { get; }

    /// <summary>Reads the compiler's JSON array; kinds of entry without a signature (receive, fallback) are passed over.</summary>
    /// <exception cref="AbiException">No such array.</exception>
    public static ContractAbi Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            // JsonElement reports an unexpected shape with the second and third, JsonDocument a lone surrogate with the last.
            throw new AbiException("Not an ABI in JSON: " + e.Message);
        }
    }

    /// <summary>The function of a name or canonical signature; null when there is none or the name is overloaded.</summary>
    public AbiFunction? Function(string nameOrSignature)
    {
        var found = Functions.Where(f => f.Name == nameOrSignature || f.Signature == nameOrSignature).Take(2).ToArray();
        return found.Length == 1 ? found[0] : null;
    }

    /// <summary>The event of a name or canonical signature; null when there is none or the name is overloaded.</summary>
    public AbiEvent? Event(string nameOrSignature)
    {
        var found = Events.Where(e => e.Name == nameOrSignature || e.Signature == nameOrSignature).Take(2).ToArray();
        return found.Length == 1 ? found[0] : null;
    }

    private static ContractAbi Read(JsonElement entries)
    {
        List<AbiFunction> functions = [];
        List<AbiEvent> events = [];
        List<AbiError> errors = [];
        var constructor = AbiType.Tuple();
        foreach (var entry in entries.EnumerateArray())
        {
            switch (entry.TryGetProperty("type", out var kind) ? Text(kind) : "function")
            {
                case "function": functions.Add(new AbiFunction(Name(entry), Parameters(entry, "inputs"), Parameters(entry, "outputs"))); break;
                case "event": events.Add(new AbiEvent(Name(entry), Parameters(entry, "inputs"), Flag(entry, "anonymous"))); break;
                case "error": errors.Add(new AbiError(Name(entry), Parameters(entry, "inputs"))); break;
                case "constructor": constructor = AbiType.Tuple([.. Parameters(entry, "inputs").Select(p => p.Type)]); break;
            }
        }
        return new ContractAbi(functions, events, errors, constructor);
    }

    private static List<AbiParameter> Parameters(JsonElement entry, string property) =>
        entry.TryGetProperty(property, out var list) ? [.. list.EnumerateArray().Select(p => new AbiParameter(AbiType.Parse(TypeText(p, 0)), Name(p)) { Indexed = Flag(p, "indexed") })] : [];

    // JSON writes tuple[2][] with its components beside it; the canonical text has them in place of the word.
    private static string TypeText(JsonElement parameter, int depth)
    {
        if (depth > MaxTupleDepth) throw new AbiException($"Tuples are nested deeper than {MaxTupleDepth} levels.");
        var text = Text(parameter.GetProperty("type"));
        if (!text.StartsWith("tuple", StringComparison.Ordinal)) return text;
        var components = parameter.GetProperty("components").EnumerateArray().Select(c => TypeText(c, depth + 1));
        return "(" + string.Join(',', components) + ")" + text["tuple".Length..];
    }

    private static string Name(JsonElement entry) => entry.TryGetProperty("name", out var name) ? Text(name) : "";

    private static string Text(JsonElement value) => value.GetString() ?? throw new AbiException("Not an ABI in JSON: a text is null.");

    private static bool Flag(JsonElement entry, string property) => entry.TryGetProperty(property, out var value) && value.GetBoolean();
}
