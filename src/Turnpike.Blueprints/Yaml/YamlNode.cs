namespace Turnpike.Blueprints.Yaml;

/// <summary>A node of a parsed file with its place in it, so that every later check can point at it.</summary>
internal abstract record YamlNode(int Line, int Column, string Path)
{
    /// <summary>What a founder would call it.</summary>
    internal abstract string Noun { get; }
}

/// <summary>A value. Its text is kept as written, so amounts never pass through floating point; null is an empty value.</summary>
internal sealed record YamlScalar(int Line, int Column, string Path, string? Text) : YamlNode(Line, Column, Path)
{
    internal override string Noun => Text is null ? "nothing" : "a single value";
}

internal sealed record YamlSequence(int Line, int Column, string Path, IReadOnlyList<YamlNode> Items) : YamlNode(Line, Column, Path)
{
    internal override string Noun => "a list";
}

/// <summary>A key of a mapping with its place, and the value behind it.</summary>
internal sealed record YamlEntry(string Key, int Line, int Column, YamlNode Value);

internal sealed record YamlMapping(int Line, int Column, string Path, IReadOnlyList<YamlEntry> Entries) : YamlNode(Line, Column, Path)
{
    internal override string Noun => "a group of keys";

    internal YamlNode? this[string key] => Entries.FirstOrDefault(entry => entry.Key == key)?.Value;

    internal string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    /// <summary>This mapping with another laid over it: groups merge key by key, everything else is replaced.</summary>
    internal YamlMapping OverlaidBy(YamlMapping over)
    {
        var entries = new List<YamlEntry>(Entries);
        foreach (var entry in over.Entries)
        {
            var index = entries.FindIndex(mine => mine.Key == entry.Key);
            if (index < 0) entries.Add(entry);
            else if (entries[index].Value is YamlMapping mine && entry.Value is YamlMapping theirs) entries[index] = entries[index] with { Value = mine.OverlaidBy(theirs) };
            else entries[index] = entry;
        }
        return this with { Entries = entries };
    }
}
