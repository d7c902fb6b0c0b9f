using System.Text;

namespace Turnpike.Core.Canonical;

/// <summary>
/// Reads what <see cref="CanonicalWriter"/> writes and nothing else: whatever it accepts, the writer would write with the same bytes. Time and memory are
/// linear in the input. Every refusal is a <see cref="FormatException"/> that names the byte.
/// </summary>
public static class CanonicalReader
{
    /// <summary>Reads one line, without its line feed.</summary>
    /// <exception cref="FormatException">Not canonical.</exception>
    public static CanonicalValue ReadLine(ReadOnlySpan<byte> line)
    {
        var cursor = new Cursor(line);
        if (cursor.Peek() != '{') throw cursor.Refuse("a line is an object");
        var value = cursor.Value(depth: 1);
        return cursor.AtEnd ? value : throw cursor.Refuse("nothing follows the object");
    }

    /// <summary>Reads a shard's lines one by one; each, the last included, ends with a line feed.</summary>
    /// <exception cref="FormatException">Not canonical; thrown when the line is reached.</exception>
    public static IEnumerable<CanonicalValue> ReadLines(ReadOnlyMemory<byte> shard)
    {
        while (!shard.IsEmpty)
        {
            var length = shard.Span.IndexOf((byte)'\n');
            if (length < 0) throw new FormatException("The last line has no line feed.");
            yield return ReadLine(shard.Span[..length]);
            shard = shard[(length + 1)..];
        }
    }

    private ref struct Cursor(ReadOnlySpan<byte> line)
    {
        private readonly ReadOnlySpan<byte> _line = line;
        private int _at;

        public readonly bool AtEnd => _at == _line.Length;

        public readonly int Peek() => AtEnd ? -1 : _line[_at];

        public readonly FormatException Refuse(string rule) => new($"Not canonical at byte {_at}: {rule}.");

        public CanonicalValue Value(int depth)
        {
            if (Peek() == '"') return new CanonicalValue(Text());
            if (depth > CanonicalText.MaxDepth) throw Refuse($"at most {CanonicalText.MaxDepth} levels");
            return Peek() switch
            {
                '{' => Object(depth),
                '[' => Array(depth),
                _ => throw Refuse("a value is a string, an object or an array"),
            };
        }

        private CanonicalValue Object(int depth)
        {
            var members = new List<KeyValuePair<string, CanonicalValue>>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            _at++;
            while (!TryClose('}', isFirst: members.Count == 0))
            {
                if (Peek() != '"') throw Refuse("a property begins with its name");
                var name = Text();
                if (!CanonicalText.IsName(name)) throw Refuse("a property name is made of letters, digits, '_', '-', '.'");
                if (!names.Add(name)) throw Refuse("a property occurs once");
                Expect(':');
                members.Add(new(name, Value(depth + 1)));
            }
            return new CanonicalValue(members);
        }

        private CanonicalValue Array(int depth)
        {
            var items = new List<CanonicalValue>();
            _at++;
            while (!TryClose(']', isFirst: items.Count == 0)) items.Add(Value(depth + 1));
            return new CanonicalValue(items);
        }

        private bool TryClose(char bracket, bool isFirst)
        {
            if (Peek() == bracket)
            {
                _at++;
                return true;
            }
            if (!isFirst) Expect(',');
            return false;
        }

        private void Expect(char c)
        {
            if (Peek() != c) throw Refuse($"'{c}' was expected");
            _at++;
        }

        private string Text()
        {
            Expect('"');
            var start = _at;
            while (Peek() is var b && b != '"' && b != '\\' && CanonicalText.IsPrintable(b)) _at++;
            var text = Encoding.ASCII.GetString(_line[start.._at]);
            if (Peek() == '"')
            {
                _at++;
                return text;
            }
            return EscapedText(new StringBuilder(text));
        }

        private string EscapedText(StringBuilder text)
        {
            while (Peek() != '"')
            {
                var b = Peek();
                if (!CanonicalText.IsPrintable(b)) throw Refuse("a string is printable ASCII and ends with a quote");
                _at++;
                text.Append(b == '\\' ? Escape() : (char)b);
            }
            _at++;
            var result = text.ToString();
            return CanonicalText.IsWellFormed(result) ? result : throw Refuse("a surrogate is half of a pair");
        }

        private char Escape()
        {
            var kind = Peek();
            _at++;
            if (kind is '"' or '\\') return (char)kind;
            if (kind != 'u' || _line.Length - _at < 4) throw Refuse("an escape is \\\", \\\\ or \\u and four digits");
            var c = 0;
            for (var i = 0; i < 4; i++)
            {
                var digit = Peek() switch
                {
                    >= '0' and <= '9' and var d => d - '0',
                    >= 'a' and <= 'f' and var d => d - 'a' + 10,
                    _ => throw Refuse("an escape has lowercase hexadecimal digits"),
                };
                c = c * 16 + digit;
                _at++;
            }
            return CanonicalText.IsPrintable(c) ? throw Refuse("printable characters are not escaped") : (char)c;
        }
    }
}
