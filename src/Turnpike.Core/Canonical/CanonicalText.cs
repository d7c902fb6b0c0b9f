using System.Buffers;

namespace Turnpike.Core.Canonical;

/// <summary>
/// The rules that the canonical writer and reader share. A line is one JSON object; every scalar is a string (integers too, as decimal digits; bytes as
/// 0x and lowercase hexadecimal); no blanks, numbers, booleans or nulls; printable ASCII only, everything else as \u and four lowercase digits; a quote and a
/// backslash are escaped by a backslash; property names are unique words. So one content has one form, byte for byte.
/// </summary>
internal static class CanonicalText
{
    /// <summary>Objects and arrays inside one another, the line's own object included.</summary>
    public const int MaxDepth = 8;

    public const int MaxNameLength = 64;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> PlainCharacters = SearchValues.Create([.. Enumerable.Range(0x20, 0x7f - 0x20).Select(c => (char)c).Where(c => c is not ('"' or '\\'))]);

    public static bool IsPrintable(int c) => c is >= 0x20 and <= 0x7e;

    /// <summary>Whether every character stands for itself.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(PlainCharacters);

    public static bool IsName(ReadOnlySpan<char> name) => name.Length is > 0 and <= MaxNameLength && !name.ContainsAnyExcept(NameCharacters);

    /// <summary>Whether every surrogate is half of a pair: otherwise the text has no UTF-8 form.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return false;
            i++;
        }
        return true;
    }
}
