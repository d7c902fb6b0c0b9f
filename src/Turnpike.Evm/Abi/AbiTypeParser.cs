using System.Globalization;

namespace Turnpike.Evm.Abi;

/// <summary>
/// Recursive descent over the texts of types and descriptions:
/// type := elementary | '(' parameters ')' followed by any number of '[]' and '[k]'; parameter := type ['indexed'] [name].
/// </summary>
internal ref struct AbiTypeParser
{
    private const int MaxTextLength = 1 << 15;
    private const int MaxNesting = 24;
    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private AbiTypeParser(string text)
    {
        if (text.Length > MaxTextLength) throw new AbiException($"An ABI description of {text.Length} characters; the limit is {MaxTextLength}.");
        _text = text;
    }

    public static AbiType ParseType(string text)
    {
        var parser = new AbiTypeParser(text);
        var type = parser.Type(0);
        parser.End();
        return type;
    }

    /// <summary>Reads <c>name(parameters)</c>; <paramref name="keyword"/> (function, event, error) may stand in front.</summary>
    public static (string Name, IReadOnlyList<AbiParameter> Parameters) ParseSignature(string text, string keyword)
    {
        var parser = new AbiTypeParser(text);
        var name = parser.Word();
        if (name == keyword && parser.Peek() != '(') name = parser.Word();
        if (name.Length == 0) throw parser.Error("a name");
        var parameters = parser.Parameters(0, named: true);
        parser.End();
        return (name, parameters);
    }

    private AbiType Type(int depth)
    {
        if (depth > MaxNesting) throw new AbiException($"The type is nested deeper than {MaxNesting} levels.");
        var type = Peek() == '(' ? AbiType.Tuple([.. Parameters(depth, named: false).Select(p => p.Type)]) : Elementary();
        for (var dimensions = depth; Peek() == '['; dimensions++)
        {
            if (dimensions > MaxNesting) throw new AbiException($"The type is nested deeper than {MaxNesting} levels.");
            _at++;
            var length = Number();
            Expect(']');
            type = length is null ? AbiType.Array(type) : AbiType.FixedArray(type, length.Value);
        }
        return type;
    }

    private List<AbiParameter> Parameters(int depth, bool named)
    {
        Expect('(');
        var parameters = new List<AbiParameter>();
        while (Peek() != ')')
        {
            if (parameters.Count > 0) Expect(',');
            parameters.Add(Parameter(depth, named));
        }
        _at++;
        return parameters;
    }

    private AbiParameter Parameter(int depth, bool named)
    {
        var type = Type(depth + 1);
        if (!named) return new AbiParameter(type, "");
        var word = Word();
        var indexed = word == "indexed";
        return new AbiParameter(type, indexed ? Word() : word) { Indexed = indexed };
    }

    private AbiType Elementary()
    {
        var word = Word();
        return word switch
        {
            "address" => AbiType.Address,
            "bool" => AbiType.Bool,
            "bytes" => AbiType.Bytes,
            "string" => AbiType.String,
            "uint" => AbiType.UInt(256),
            "int" => AbiType.Int(256),
            _ when Sized(word, "uint") is { } bits => AbiType.UInt(bits),
            _ when Sized(word, "int") is { } bits => AbiType.Int(bits),
            _ when Sized(word, "bytes") is { } length => AbiType.FixedBytes(length),
            _ => throw Error("a type"),
        };
    }

    private static int? Sized(string word, string prefix) =>
        word.StartsWith(prefix, StringComparison.Ordinal) ? SmallNumber(word.AsSpan(prefix.Length)) : null;

    private int? Number()
    {
        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        if (_at == start) return null;
        return SmallNumber(_text[start.._at]) ?? throw Error("an array length without leading zeros and below 2^31");
    }

    // Leading zeros would give two texts, and so two selectors, for one type.
    private static int? SmallNumber(ReadOnlySpan<char> digits) =>
        digits.Length > 0 && digits[0] != '0' && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private string Word()
    {
        while (_at < _text.Length && _text[_at] == ' ') _at++;
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '$')) _at++;
        var word = _text[start.._at].ToString();
        while (_at < _text.Length && _text[_at] == ' ') _at++;
        return word;
    }

    private char Peek()
    {
        while (_at < _text.Length && _text[_at] == ' ') _at++;
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private void Expect(char wanted)
    {
        if (Peek() != wanted) throw Error($"'{wanted}'");
        _at++;
    }

    private void End()
    {
        if (Peek() != '\0' || _at < _text.Length) throw Error("the end");
    }

    private readonly AbiException Error(string wanted)
    {
        var shown = _text.Length <= 120 ? _text.ToString() : string.Concat(_text[..117], "...");
        return new AbiException($"'{shown}': expected {wanted} at character {_at}.");
    }
}
