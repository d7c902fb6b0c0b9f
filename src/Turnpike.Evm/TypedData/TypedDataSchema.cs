using System.Text;
using Turnpike.Core;

namespace Turnpike.Evm.TypedData;

/// <summary>
/// The struct types of one document (EIP-712, "Definition of encodeType"): a type's text is its own members and then, sorted by name, those of every struct it needs,
/// directly or not. Types may need each other in circles.
/// </summary>
internal sealed class TypedDataSchema
{
    private const int MaxStructs = 256;
    private const int MaxTextLength = 1 << 16;
    private readonly Dictionary<string, Member[]> _structs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Bytes32> _typeHashes = new(StringComparer.Ordinal);

    public TypedDataSchema(IReadOnlyDictionary<string, IReadOnlyList<TypedDataField>> structs)
    {
        var length = structs.Sum(s => s.Key.Length + s.Value.Sum(f => (long)f.Type.Length + f.Name.Length + 2));
        if (structs.Count > MaxStructs || length > MaxTextLength) throw new TypedDataException($"More than {MaxStructs} struct types or {MaxTextLength} characters of them.");
        foreach (var (name, fields) in structs)
        {
            if (!IsIdentifier(name) || FieldType.AtomicOf(name) is not null) throw new TypedDataException($"'{name}' cannot name a struct.");
            if (fields.Select(f => f.Name).Distinct(StringComparer.Ordinal).Count() != fields.Count) throw new TypedDataException($"{name} has two members of one name.");
            if (fields.FirstOrDefault(f => !IsIdentifier(f.Name)) is { } bad) throw new TypedDataException($"'{bad.Name}' cannot name a member of {name}.");
            _structs.Add(name, [.. fields.Select(f => new Member(f.Name, FieldType.Resolve(f.Type, structs.ContainsKey)))]);
        }
    }

    public bool Contains(string structName) => _structs.ContainsKey(structName);

    public IReadOnlyList<Member> Members(string structName) =>
        _structs.TryGetValue(structName, out var members) ? members : throw new TypedDataException($"The struct '{structName}' is not among the types.");

    public string EncodeType(string structName)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal);
        Collect(structName, needed);
        needed.Remove(structName);
        var text = new StringBuilder();
        foreach (var name in needed.Order(StringComparer.Ordinal).Prepend(structName))
            text.Append(name).Append('(').AppendJoin(',', Members(name).Select(m => m.Type.Text + " " + m.Name)).Append(')');
        return text.ToString();
    }

    public Bytes32 TypeHash(string structName)
    {
        lock (_typeHashes)
        {
            if (!_typeHashes.TryGetValue(structName, out var hash))
                _typeHashes.Add(structName, hash = Keccak256.Hash(Encoding.ASCII.GetBytes(EncodeType(structName))));
            return hash;
        }
    }

    // A breadth-first walk: a chain of structs must not become a chain of stack frames.
    private void Collect(string structName, HashSet<string> needed)
    {
        var open = new Queue<string>([structName]);
        needed.Add(structName);
        while (open.TryDequeue(out var name))
        {
            foreach (var member in Members(name))
            {
                var type = member.Type;
                while (type.Element is not null) type = type.Element;
                if (type.Struct is not null && needed.Add(type.Struct)) open.Enqueue(type.Struct);
            }
        }
    }

    // Anything else in a name could spell another type's text and so another meaning under the same hash.
    private static bool IsIdentifier(string text) =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$');

    internal sealed record Member(string Name, FieldType Type);
}
