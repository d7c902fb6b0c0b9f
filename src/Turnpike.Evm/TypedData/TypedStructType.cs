using Turnpike.Core;

namespace Turnpike.Evm.TypedData;

/// <summary>A struct type of EIP-712, parsed once from the text that contracts hash. Immutable; safe for any number of threads.</summary>
public sealed class TypedStructType
{
    private TypedStructType(string name, TypedDataSchema schema)
    {
        (Name, Schema) = (name, schema);
        EncodedType = schema.EncodeType(name);
        TypeHash = schema.TypeHash(name);
        Fields = [.. schema.Members(name).Select(m => new TypedDataField(m.Type.Text, m.Name))];
    }

    /// <summary>The struct's name.</summary>
    public string Name { get; }

    /// <summary>The struct's members, in order.</summary>
    public IReadOnlyList<TypedDataField> Fields { get; }

    /// <summary>The text that is hashed: this struct, then the structs it needs, sorted by name.</summary>
    public string EncodedType { get; }

    /// <summary>The hash of <see cref="EncodedType"/>.</summary>
    public Bytes32 TypeHash { get; }

    internal TypedDataSchema Schema { get; }

    /// <summary>Reads <c>Mail(Person from,Person to,string contents)Person(string name,address wallet)</c>; the order must be the canonical one.</summary>
    /// <exception cref="TypedDataException">Anything else.</exception>
    public static TypedStructType Parse(string encodedType)
    {
        var structs = new Dictionary<string, IReadOnlyList<TypedDataField>>(StringComparer.Ordinal);
        var first = "";
        for (var rest = encodedType; rest.Length > 0 || first.Length == 0;)
        {
            int open = rest.IndexOf('('), close = rest.IndexOf(')');
            if (open < 0 || close < open) throw new TypedDataException($"'{rest}' is not Name(type name,...).");
            var name = rest[..open];
            if (first.Length == 0) first = name;
            if (!structs.TryAdd(name, Members(rest[(open + 1)..close]))) throw new TypedDataException($"The struct {name} stands there twice.");
            rest = rest[(close + 1)..];
        }
        var type = new TypedStructType(first, new TypedDataSchema(structs));
        return type.EncodedType == encodedType ? type : throw new TypedDataException($"Not in canonical order; expected '{type.EncodedType}'.");
    }

    /// <summary>Starts a value of this type: call one method for each member, in order, then <see cref="TypedStructBuilder.Hash"/>.</summary>
    public TypedStructBuilder Build() => new(this);

    private static TypedDataField[] Members(string text) => text.Length == 0 ? [] : [.. text.Split(',').Select(Member)];

    private static TypedDataField Member(string text)
    {
        var words = text.Split(' ');
        return words.Length == 2 ? new TypedDataField(words[0], words[1]) : throw new TypedDataException($"'{text}' is not 'type name'.");
    }
}
