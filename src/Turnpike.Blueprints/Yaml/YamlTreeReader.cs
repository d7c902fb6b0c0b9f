using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Turnpike.Blueprints.Yaml;

/// <summary>
/// Text to a tree of located nodes. Bounded in depth and count, without anchors, aliases, tags or merge keys, so that the tree is never
/// larger than its text; every key is met once. Recoverable faults are collected and reading goes on.
/// </summary>
internal sealed class YamlTreeReader
{
    internal const int MaximumDepth = 12;
    internal const int MaximumNodes = 20_000;

    private const string PlainYaml = "write the value out where it is used; blueprints have no anchors, aliases or tags";

    private readonly ProblemList _problems;
    private readonly IParser _events;
    private int _nodes;

    private YamlTreeReader(TextReader text, ProblemList problems)
    {
        _events = new Parser(text);
        _problems = problems;
    }

    /// <summary>The file's one top-level mapping, or null when there is none; the problems say why.</summary>
    internal static YamlMapping? Read(string text, ProblemList problems)
    {
        using var reader = new StringReader(text);
        try
        {
            return new YamlTreeReader(reader, problems).ReadFile();
        }
        catch (LimitReached)
        {
            return null;
        }
        catch (YamlException fault)
        {
            problems.Add(BlueprintFault.Syntax, (int)fault.Start.Line, (int)fault.Start.Column, "", $"this is not YAML: {OneLine(fault.Message)}", "check the indentation, colons and quotes of this line and the one before it");
            return null;
        }
    }

    private YamlMapping? ReadFile()
    {
        Next<StreamStart>();
        if (_events.Current is StreamEnd)
        {
            _problems.Add(BlueprintFault.MissingKey, 1, 1, "", "the file is empty", "write a blueprint: network, token, emission and so on");
            return null;
        }
        Next<DocumentStart>();
        var root = ReadNode("", 0);
        Next<DocumentEnd>();
        if (_events.Current is not StreamEnd)
        {
            _problems.Add(BlueprintFault.NotAllowed, Line, Column, "", "a second document begins here", "keep one blueprint a file");
            return null;
        }
        if (root is YamlMapping mapping) return mapping;
        _problems.Add(BlueprintFault.WrongType, root, $"the file holds {root.Noun}", "a blueprint is a group of keys: network, token, emission and so on");
        return null;
    }

    private YamlNode ReadNode(string path, int depth)
    {
        var (line, column) = (Line, Column);
        if (depth > MaximumDepth) Stop(path, $"keys are nested deeper than {MaximumDepth}", "a blueprint needs four levels");
        if (++_nodes > MaximumNodes) Stop(path, $"there are more than {MaximumNodes} values", "move bulk data out of the blueprint");
        RefuseAnchorOrTag(path);
        switch (_events.Current)
        {
            case Scalar scalar:
                Advance();
                var absent = scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null";
                return new YamlScalar(line, column, path, absent ? null : scalar.Value);
            case SequenceStart:
                return new YamlSequence(line, column, path, ReadItems(path, depth));
            case MappingStart:
                return new YamlMapping(line, column, path, ReadEntries(path, depth));
            default: // An alias.
                Advance();
                return new YamlScalar(line, column, path, null);
        }
    }

    private List<YamlNode> ReadItems(string path, int depth)
    {
        Advance();
        var items = new List<YamlNode>();
        while (_events.Current is not SequenceEnd) items.Add(ReadNode($"{path}[{items.Count}]", depth + 1));
        Advance();
        return items;
    }

    private List<YamlEntry> ReadEntries(string path, int depth)
    {
        Advance();
        var entries = new List<YamlEntry>();
        var keys = new Dictionary<string, int>(StringComparer.Ordinal);
        while (_events.Current is not MappingEnd)
        {
            var (line, column) = (Line, Column);
            var key = (ReadNode(path, depth + 1) as YamlScalar)?.Text;
            var keyPath = path.Length == 0 ? key ?? "?" : $"{path}.{key ?? "?"}";
            var value = ReadNode(Shorten(keyPath), depth + 1);
            if (key is null) _problems.Add(BlueprintFault.WrongType, line, column, path, "a key is a list, a group or empty", "a key is a word");
            else if (!keys.TryAdd(key, line)) _problems.Add(BlueprintFault.DuplicateKey, line, column, Shorten(keyPath), $"the key was already written in line {keys[key]}", "keep one of the two");
            else entries.Add(new YamlEntry(key, line, column, value));
        }
        Advance();
        return entries;
    }

    private void RefuseAnchorOrTag(string path)
    {
        if (_events.Current is AnchorAlias alias)
            _problems.Add(BlueprintFault.NotAllowed, Line, Column, path, $"'*{Shorten(alias.Value.Value)}' is an alias", PlainYaml);
        if (_events.Current is not NodeEvent node) return;
        if (!node.Anchor.IsEmpty) _problems.Add(BlueprintFault.NotAllowed, Line, Column, path, $"'&{Shorten(node.Anchor.Value)}' is an anchor", PlainYaml);
        if (!node.Tag.IsEmpty) _problems.Add(BlueprintFault.NotAllowed, Line, Column, path, $"'{Shorten(node.Tag.IsNonSpecific ? "!" : node.Tag.Value)}' is a tag", PlainYaml);
    }

    private void Stop(string path, string wrong, string right)
    {
        _problems.Add(BlueprintFault.TooLarge, Line, Column, path, wrong, right);
        throw new LimitReached();
    }

    private void Next<T>() where T : ParsingEvent
    {
        if (_events.Current is null) Advance();
        if (_events.Current is not T) throw new YamlException($"{typeof(T).Name} was expected.");
        Advance();
    }

    // The scanner answers some broken texts with exceptions of its own making (InvalidOperationException among them): to the reader they are all "not YAML".
    private void Advance()
    {
        var reached = _events.Current?.End ?? new Mark(0, 1, 1);
        try
        {
            _events.MoveNext();
        }
        catch (Exception fault) when (fault is not YamlException)
        {
            throw new YamlException(reached, reached, "the text after this place cannot be read", fault);
        }
    }

    private int Line => (int)(_events.Current?.Start.Line ?? 1);

    private int Column => (int)(_events.Current?.Start.Column ?? 1);

    private static string OneLine(string message) => Shorten(message.ReplaceLineEndings(" ").TrimEnd('.'), 160);

    private static string Shorten(string text, int length = 80) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 3), "...");

    /// <summary>Unwinds the recursion once the text has shown itself larger than any blueprint; never leaves this class.</summary>
    private sealed class LimitReached : Exception;
}
