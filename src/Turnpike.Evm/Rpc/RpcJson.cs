using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Turnpike.Core;

namespace Turnpike.Evm.Rpc;

/// <summary>Strict readers of the JSON forms of Ethereum's execution API. They throw <see cref="FormatException"/>, which <see cref="EthereumClient"/> turns into a malformed answer.</summary>
internal static class RpcJson
{
    // JsonElement reports a lone surrogate or invalid UTF-8 as InvalidOperationException, only when the text is taken.
    public static bool TryText(JsonElement value, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (value.ValueKind != JsonValueKind.String) return false;
        try
        {
            text = value.GetString();
            return text is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    public static string Text(JsonElement value, string what) => TryText(value, out var text) ? text : throw new FormatException($"{what} is no text");

    public static JsonElement Property(JsonElement from, string name)
    {
        if (from.ValueKind != JsonValueKind.Object) throw new FormatException($"an object with {name} was expected, not {from.ValueKind}");
        return from.TryGetProperty(name, out var value) ? value : throw new FormatException($"{name} is missing");
    }

    public static JsonElement? Optional(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A quantity: 0x, no leading zero, at most 64 bits.</summary>
    public static ulong Number(JsonElement value, string what)
    {
        var digits = Digits(value, what);
        if (digits.Length > 16) throw new FormatException($"{what} exceeds 64 bits");
        return ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    public static ulong Number(JsonElement from, string name, string what) => Number(Property(from, name), what + "." + name);

    /// <summary>A quantity of at most 256 bits.</summary>
    public static BigInteger BigNumber(JsonElement value, string what)
    {
        var digits = Digits(value, what);
        if (digits.Length > 64) throw new FormatException($"{what} exceeds 256 bits");
        return BigInteger.Parse("0" + digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture); // the 0 keeps it positive
    }

    public static Bytes32 Hash(JsonElement value, string what) => Bytes32.TryParse(Text(value, what), out var hash) ? hash : throw new FormatException($"{what} is not 32 bytes");

    public static Address Account(JsonElement value, string what) => Address.TryParse(Text(value, what), out var account) ? account : throw new FormatException($"{what} is not an address");

    public static byte[] Bytes(JsonElement value, string what) => Hex.TryParse(Text(value, what), out var bytes) ? bytes : throw new FormatException($"{what} is not 0x and an even number of digits");

    public static T[] Array<T>(JsonElement value, string what, Func<JsonElement, T> read)
    {
        if (value.ValueKind != JsonValueKind.Array) throw new FormatException($"{what} is no array");
        var items = new T[value.GetArrayLength()];
        var next = 0;
        foreach (var item in value.EnumerateArray()) items[next++] = read(item);
        return items;
    }

    public static string Quantity(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    public static string Quantity(BigInteger value)
    {
        if (value.Sign < 0 || value.GetBitLength() > 256) throw new ArgumentOutOfRangeException(nameof(value), "A quantity has 0 to 256 bits.");
        var digits = value.ToString("x", CultureInfo.InvariantCulture).TrimStart('0');
        return "0x" + (digits.Length == 0 ? "0" : digits);
    }

    private static string Digits(JsonElement value, string what)
    {
        var text = Text(value, what);
        var valid = text.Length is > 2 and <= 66 && text.StartsWith("0x", StringComparison.Ordinal) && (text[2] != '0' || text.Length == 3);
        for (var i = 2; valid && i < text.Length; i++) valid = char.IsAsciiHexDigit(text[i]);
        return valid ? text[2..] : throw new FormatException($"{what} is no quantity");
    }
}
