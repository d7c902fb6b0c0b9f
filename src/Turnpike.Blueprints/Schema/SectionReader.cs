using System.Globalization;
using Turnpike.Blueprints.Yaml;

namespace Turnpike.Blueprints.Schema;

/// <summary>A value with its place. <see cref="Value"/> means something only when <see cref="Given"/>; a fault has been reported, or the optional key is absent, otherwise.</summary>
internal readonly record struct Field<T>(T Value, bool Given, YamlNode Node)
{
    /// <summary>The value as it stands in the file.</summary>
    internal string Written => (Node as YamlScalar)?.Text ?? "";
}

/// <summary>Reads one group by its schema. Unknown keys are reported at once, the others as they are asked for.</summary>
internal sealed class SectionReader
{
    private readonly YamlMapping _node;

    internal SectionReader(YamlMapping node, Schema schema, ProblemList problems)
    {
        _node = node;
        Problems = problems;
        var names = schema.Keys.Select(key => key.Name).ToArray();
        foreach (var entry in node.Entries)
            if (!names.Contains(entry.Key, StringComparer.Ordinal)) ReportUnknown(entry, names, problems);
    }

    internal ProblemList Problems { get; }

    internal YamlMapping Node => _node;

    internal static void ReportUnknown(YamlEntry entry, IReadOnlyCollection<string> known, ProblemList problems)
    {
        var nearest = Spelling.Nearest(entry.Key, known);
        var right = nearest is not null ? $"perhaps '{nearest}' is meant" : known.Count > 0 ? $"the keys here are {string.Join(", ", known)}" : "there are no keys here";
        problems.Add(BlueprintFault.UnknownKey, entry.Line, entry.Column, entry.Value.Path, $"there is no key '{Spelling.Shorten(entry.Key)}'", right);
    }

    internal bool Has(Key key) => _node[key.Name] is not null;

    internal Field<T> Read<T>(ScalarKey<T> key)
    {
        var node = _node[key.Name];
        if (node is not null) return ReadScalar(node, key.Type, Problems);
        var absent = new YamlScalar(_node.Line, _node.Column, _node.PathOf(key.Name), null);
        if (key.Default is not null)
        {
            if (key.Type.Parse(key.Default, out var value) != Reading.Right) throw new InvalidOperationException($"The default of {key.Name} is not a right value.");
            return new Field<T>(value, true, absent);
        }
        if (key.Required) ReportMissing(key);
        return new Field<T>(default!, false, absent);
    }

    internal static Field<T> ReadScalar<T>(YamlNode node, ScalarType<T> type, ProblemList problems)
    {
        if (node is not YamlScalar { Text: { } text })
        {
            problems.Add(BlueprintFault.WrongType, node, $"this is {node.Noun}", $"write {type.Expected}");
            return new Field<T>(default!, false, node);
        }
        var reading = type.Parse(text, out var value);
        if (reading == Reading.WrongType) problems.Add(BlueprintFault.WrongType, node, $"'{Spelling.Shorten(text)}' cannot be read", $"write {type.Expected}");
        if (reading == Reading.OutOfRange) problems.Add(BlueprintFault.OutOfRange, node, $"'{Spelling.Shorten(text)}' is not allowed", $"write {type.Expected}");
        return new Field<T>(value, reading == Reading.Right, node);
    }

    /// <summary>The group behind a key, or null when it is absent or no group.</summary>
    internal SectionReader? Group(GroupKey key)
    {
        var mapping = Mapping(key);
        return mapping is null ? null : new SectionReader(mapping, key.Schema, Problems);
    }

    /// <summary>The mapping behind a key, or null when it is absent or something else.</summary>
    internal YamlMapping? Mapping(Key key)
    {
        var node = _node[key.Name];
        if (node is null && key.Required) ReportMissing(key);
        if (node is not null and not YamlMapping) Problems.Add(BlueprintFault.WrongType, node, $"this is {node.Noun}", $"write {key.Expected}");
        return node as YamlMapping;
    }

    /// <summary>The groups of a list, or null when it is absent, no list or of a forbidden length.</summary>
    internal IReadOnlyList<SectionReader>? List(ListKey key)
    {
        var node = _node[key.Name];
        if (node is null)
        {
            if (key.Required) ReportMissing(key);
            return null;
        }
        if (node is not YamlSequence list)
        {
            Problems.Add(BlueprintFault.WrongType, node, $"this is {node.Noun}", $"write {key.Expected}");
            return null;
        }
        if (list.Items.Count < key.Minimum || list.Items.Count > key.Maximum)
            Problems.Add(BlueprintFault.OutOfRange, node, string.Create(CultureInfo.InvariantCulture, $"the list has {list.Items.Count} entries"), $"write {key.Expected}");
        foreach (var item in list.Items)
            if (item is not YamlMapping) Problems.Add(BlueprintFault.WrongType, item, $"this is {item.Noun}", $"write a group with {string.Join(", ", key.Item.Keys.Select(inner => inner.Name))}");
        return [.. list.Items.OfType<YamlMapping>().Select(item => new SectionReader(item, key.Item, Problems))];
    }

    internal void ReportMissing(Key key) =>
        Problems.Add(BlueprintFault.MissingKey, _node.Line, _node.Column, _node.PathOf(key.Name), "the key is missing", $"add it: {key.Expected}");
}
