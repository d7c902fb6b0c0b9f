using System.Buffers;
using System.Text.Json;

namespace Turnpike.Evm;

/// <summary>Members of a JSON object that may be absent or of another kind; no reader here throws for any document.</summary>
internal static class KeystoreJson
{
    public static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && Tolerate(() => element.TryGetProperty(name, out var value) ? value : default, out var member) ? member : default;

    public static int? Number(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    public static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value && Tolerate(value.GetString, out var text) ? text : null;

    public static byte[]? Hex(JsonElement element, string name)
    {
        if (Text(element, name) is not { } text || text.Length % 2 != 0) return null;
        var bytes = new byte[text.Length / 2];
        return Convert.FromHexString(text, bytes, out _, out _) == OperationStatus.Done ? bytes : null;
    }

    /// <summary>
    /// False when a text or a name escapes half of a surrogate pair, which JSON's grammar allows and no string can hold: the reader throws only once
    /// it meets it.
    /// </summary>
    private static bool Tolerate<T>(Func<T> read, out T? result)
    {
        try
        {
            result = read();
            return true;
        }
        catch (InvalidOperationException)
        {
            result = default;
            return false;
        }
    }
}
