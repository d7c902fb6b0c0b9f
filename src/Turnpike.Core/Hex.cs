using System.Runtime.CompilerServices;

namespace Turnpike.Core;

/// <summary>Lowercase hexadecimal with a 0x prefix, as every file, URL and log of Turnpike writes bytes.</summary>
public static class Hex
{
    /// <summary>Writes bytes as 0x and two lowercase digits a byte.</summary>
    public static string Format(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>Reads 0x and an even number of digits of either case.</summary>
    /// <exception cref="FormatException">No 0x prefix, an odd number of digits or a character that is no digit.</exception>
    public static byte[] Parse(ReadOnlySpan<char> text)
    {
        if (!TryParse(text, out var bytes)) throw new FormatException($"'{Shorten(text)}' is not 0x followed by an even number of hexadecimal digits.");
        return bytes;
    }

    /// <summary>Reads 0x and an even number of digits of either case; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (!text.StartsWith("0x", StringComparison.Ordinal) || (text.Length & 1) != 0) return false;
        var result = new byte[(text.Length - 2) / 2];
        if (Convert.FromHexString(text[2..], result, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        bytes = result;
        return true;
    }

    internal static bool TryParseExact(ReadOnlySpan<char> text, Span<byte> destination) =>
        text.Length == 2 + destination.Length * 2
        && text.StartsWith("0x", StringComparison.Ordinal)
        && Convert.FromHexString(text[2..], destination, out _, out _) == System.Buffers.OperationStatus.Done;

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static string Shorten(ReadOnlySpan<char> text) => text.Length <= 80 ? text.ToString() : string.Concat(text[..77], "...");
}
