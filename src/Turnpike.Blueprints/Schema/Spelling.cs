namespace Turnpike.Blueprints.Schema;

/// <summary>Finds the word that a misspelt one was meant to be.</summary>
internal static class Spelling
{
    // Longer words are no misspelt key, and would cost time.
    private const int LongestWord = 40;

    /// <summary>The known word within a third of its letters (two at least for words of four or more), or null.</summary>
    internal static string? Nearest(string word, IEnumerable<string> known)
    {
        if (word.Length > LongestWord) return null;
        var lowered = word.ToLowerInvariant().Replace('-', '_');
        return known
            .Select(candidate => (candidate, distance: Distance(lowered, candidate.Replace('-', '_'))))
            .Where(pair => pair.distance <= Math.Max(pair.candidate.Length >= 4 ? 2 : 1, pair.candidate.Length / 3))
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Select(pair => pair.candidate).FirstOrDefault();
    }

    internal static string Shorten(string text)
    {
        var clean = string.Create(text.Length, text, (span, source) =>
        {
            for (var index = 0; index < span.Length; index++) span[index] = char.IsControl(source[index]) ? ' ' : source[index];
        });
        return clean.Length <= 60 ? clean : string.Concat(clean.AsSpan(0, 57), "...");
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
    internal static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= right.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        return rows[left.Length, right.Length];
    }
}
