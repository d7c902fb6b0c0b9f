using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Turnpike.Evm.Generators.Solidity;

/// <summary>
/// JSON to Dictionary, List, string, bool, null and numbers as their text. Compilers load analyzers without their packages, so System.Text.Json is not to be had here.
/// </summary>
internal sealed class JsonReader
{
    private const int MaxDepth = 64;
    private readonly string _text;
    private int _at;

    private JsonReader(string text) => _text = text;

    public static object? Parse(string text)
    {
        var reader = new JsonReader(text);
        var value = reader.Value(0);
        if (reader.Peek() != '\0') throw reader.Error("the end");
        return value;
    }

    private object? Value(int depth)
    {
        if (depth > MaxDepth) throw new FormatException("The JSON is nested too deep.");
        switch (Peek())
        {
            case '{': return Object(depth);
            case '[': return Array(depth);
            case '"': return String();
            case 't': Literal("true"); return true;
            case 'f': Literal("false"); return false;
            case 'n': Literal("null"); return null;
            default: return Number();
        }
    }

    private Dictionary<string, object?> Object(int depth)
    {
        var result = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (Expect('{'); Peek() != '}';)
        {
            if (result.Count > 0) Expect(',');
            var name = String();
            Expect(':');
            result[name] = Value(depth + 1);
        }
        _at++;
        return result;
    }

    private List<object?> Array(int depth)
    {
        var result = new List<object?>();
        for (Expect('['); Peek() != ']';)
        {
            if (result.Count > 0) Expect(',');
            result.Add(Value(depth + 1));
        }
        _at++;
        return result;
    }

    private string String()
    {
        Expect('"');
        var result = new StringBuilder();
        while (true)
        {
            if (_at >= _text.Length) throw Error("a closing quote");
            var character = _text[_at++];
            if (character == '"') return result.ToString();
            result.Append(character == '\\' ? Escape() : character);
        }
    }

    private char Escape()
    {
        var character = _at < _text.Length ? _text[_at++] : '\0';
        switch (character)
        {
            case 'n': return '\n';
            case 't': return '\t';
            case 'r': return '\r';
            case 'b': return '\b';
            case 'f': return '\f';
            case '"': case '\\': case '/': return character;
        }
        if (character != 'u' || _at + 4 > _text.Length
            || !ushort.TryParse(_text.Substring(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)) throw Error("an escape");
        _at += 4;
        return (char)code;
    }

    private string Number()
    {
        var start = _at;
        while (_at < _text.Length && "+-.0123456789eE".IndexOf(_text[_at]) >= 0) _at++;
        return _at > start ? _text.Substring(start, _at - start) : throw Error("a value");
    }

    private void Literal(string word)
    {
        if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0) throw Error(word);
        _at += word.Length;
    }

    private char Peek()
    {
        while (_at < _text.Length && (_text[_at] == ' ' || _text[_at] == '\n' || _text[_at] == '\r' || _text[_at] == '\t' || _text[_at] == '\uFEFF')) _at++;
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private void Expect(char wanted)
    {
        if (Peek() != wanted) throw Error("'" + wanted + "'");
        _at++;
    }

    private FormatException Error(string wanted) => new("Not JSON: expected " + wanted + " at character " + _at.ToString(CultureInfo.InvariantCulture) + ".");
}
