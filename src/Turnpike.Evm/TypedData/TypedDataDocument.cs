using System.Text.Json;
using Turnpike.Core;

namespace Turnpike.Evm.TypedData;

/// <summary>
/// A document in the form of eth_signTypedData_v4: {types, primaryType, domain, message}. Strict: every declared member must be there and nothing else,
/// so that nobody is shown what he does not sign. Struct members cannot be null. Without an EIP712Domain among the types, the domain's own members define it.
/// </summary>
public sealed record TypedDataDocument
{
    private const int MaxTextBytes = 1 << 20;
    private const string DomainType = "EIP712Domain";

    private static readonly TypedDataField[] DomainFields =
    [
        new("string", "name"), new("string", "version"), new("uint256", "chainId"), new("address", "verifyingContract"), new("bytes32", "salt"),
    ];

    private TypedDataDocument()
    {
    }

    /// <summary>The struct that is signed.</summary>
    public required string PrimaryType { get; init; }

    /// <summary>The primary type's text, with the structs it needs.</summary>
    public required string EncodedType { get; init; }

    /// <summary>What the signature is bound to.</summary>
    public required Eip712Domain Domain { get; init; }

    /// <summary>The hash of the domain as the document declares it.</summary>
    public required Bytes32 DomainSeparator { get; init; }

    /// <summary>The type hash and one word for each member of the message; empty when the domain itself is the primary type.</summary>
    public required ReadOnlyMemory<byte> EncodedMessage { get; init; }

    /// <summary>What is signed.</summary>
    public required Bytes32 Digest { get; init; }

    /// <summary>Reads and hashes a document of at most 1 MiB.</summary>
    /// <exception cref="TypedDataException">No strict typed data.</exception>
    public static TypedDataDocument Parse(ReadOnlyMemory<byte> utf8Json)
    {
        if (utf8Json.Length > MaxTextBytes) throw new TypedDataException($"The document has {utf8Json.Length} bytes; the limit is {MaxTextBytes}.");
        try
        {
            using var document = JsonDocument.Parse(utf8Json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // JsonElement reports an unexpected kind of value and a lone surrogate with the second.
            throw new TypedDataException("Not typed data in JSON: " + e.Message);
        }
    }

    private static TypedDataDocument Read(JsonElement root)
    {
        var domain = TypedDataEncoder.Property(root, "domain");
        var encoder = new TypedDataEncoder(new TypedDataSchema(Types(TypedDataEncoder.Property(root, "types"), domain)));
        var primaryType = TypedDataEncoder.Text(TypedDataEncoder.Property(root, "primaryType"));
        var separator = Keccak256.Hash(encoder.Encode(DomainType, domain));
        var encoded = primaryType == DomainType ? [] : encoder.Encode(primaryType, TypedDataEncoder.Property(root, "message"));
        return new TypedDataDocument
        {
            PrimaryType = primaryType,
            EncodedType = encoder.Schema.EncodeType(primaryType),
            Domain = ReadDomain(domain),
            DomainSeparator = separator,
            EncodedMessage = encoded,
            Digest = encoded.Length == 0 ? Keccak256.Hash([0x19, 0x01, .. separator.ToArray()]) : Eip712Domain.Digest(separator, Keccak256.Hash(encoded)),
        };
    }

    private static Dictionary<string, IReadOnlyList<TypedDataField>> Types(JsonElement types, JsonElement domain)
    {
        var result = new Dictionary<string, IReadOnlyList<TypedDataField>>(StringComparer.Ordinal);
        foreach (var type in types.EnumerateObject())
        {
            TypedDataField[] fields = [.. type.Value.EnumerateArray().Select(f => new TypedDataField(Text(f, "type"), Text(f, "name")))];
            result.Add(type.Name, fields);
        }
        if (!result.TryGetValue(DomainType, out var declared)) result.Add(DomainType, [.. DomainFields.Where(f => domain.TryGetProperty(f.Name, out _))]);
        else if (declared.FirstOrDefault(f => !DomainFields.Contains(f)) is { } unknown) throw new TypedDataException($"{DomainType} has no member '{unknown.Type} {unknown.Name}'.");
        return result;
    }

    private static string Text(JsonElement field, string name) => TypedDataEncoder.Text(TypedDataEncoder.Property(field, name));

    // The encoder has checked each member already; here they only get their C# types.
    private static Eip712Domain ReadDomain(JsonElement domain) => new()
    {
        Name = domain.TryGetProperty("name", out var name) ? name.GetString() : null,
        Version = domain.TryGetProperty("version", out var version) ? version.GetString() : null,
        ChainId = domain.TryGetProperty("chainId", out var chainId) ? TypedDataEncoder.Integer(chainId) : null,
        VerifyingContract = domain.TryGetProperty("verifyingContract", out var contract) ? Address.Parse(contract.GetString()) : null,
        Salt = domain.TryGetProperty("salt", out var salt) ? Bytes32.Parse(salt.GetString()) : null,
    };
}
