using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>Reads string properties of one JSON object; a missing or malformed one clears <see cref="Ok"/>.</summary>
internal ref struct JsonFields(JsonElement element)
{
    public bool Ok { get; private set; } = element.ValueKind == JsonValueKind.Object;

    public static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    public static bool TryDocument(ReadOnlyMemory<byte> bytes, int maximumDepth, [NotNullWhen(true)] out JsonDocument? document)
    {
        document = null;
        try
        {
            document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = maximumDepth });
            if (document.RootElement.ValueKind == JsonValueKind.Object) return true;
            document.Dispose();
            return false;
        }
        catch (JsonException)
        {
            // The framework has no parser that answers instead of throwing; malformed input is an expected refusal here.
            return false;
        }
    }

    public string Text(string name)
    {
        if (!Ok || !element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) return Fail("");
        try
        {
            return value.GetString() ?? Fail("");
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate in an escape: valid JSON that is no text.
            return Fail("");
        }
    }

    public Bytes32 Bytes32(string name) => Core.Bytes32.TryParse(Text(name), out var value) ? value : Fail(value);

    public Address Address(string name) => Core.Address.TryParse(Text(name), out var value) ? value : Fail(value);

    public ulong Number(string name, ulong maximum) =>
        ulong.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= maximum ? value : Fail(0UL);

    private T Fail<T>(T value)
    {
        Ok = false;
        return value;
    }
}
