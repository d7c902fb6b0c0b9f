using System.Buffers;
using System.Globalization;
using System.Text;

namespace Turnpike.Core.Canonical;

/// <summary>
/// Writes canonical JSON Lines, split into shards at line ends. Properties appear in the order of the calls, so the calls are the format:
/// <code>
/// writer.BeginLine().Field("type", "device").Field("device", id).Field("units", units).BeginArray("verdicts");
/// foreach (var count in counts) writer.BeginObject().Field("code", count.Code.Number).Field("reports", count.Reports).EndObject();
/// writer.EndArray().EndLine();
/// </code>
/// Equal calls give equal bytes on every machine. Misuse (a name twice, an unclosed object) throws at once. Not safe for several threads.
/// </summary>
public sealed class CanonicalWriter
{
    private readonly string _stem;
    private readonly int _shardBytes;
    private readonly Scope[] _scopes = new Scope[CanonicalText.MaxDepth];
    private int _depth;
    private byte[] _line = new byte[512];
    private int _length;
    private readonly List<Shard> _shards = [];
    private readonly ArrayBufferWriter<byte> _shard = new();
    private bool _completed;

    /// <summary>A writer of shards named <paramref name="stem"/>-000000.jsonl, -000001.jsonl and so on, each of at most <paramref name="shardBytes"/> bytes.</summary>
    /// <exception cref="ArgumentException">The stem is not lowercase letters, digits, hyphens.</exception>
    public CanonicalWriter(string stem, int shardBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shardBytes);
        _stem = stem;
        _shardBytes = shardBytes;
        Shard.RequireName(NameOf(0));
    }

    /// <summary>Begins a line.</summary>
    public CanonicalWriter BeginLine()
    {
        if (_completed || _depth > 0) throw new InvalidOperationException("A line begins where none is open, before the writer is completed.");
        Open('{', isArray: false);
        return this;
    }

    /// <summary>Ends the line and puts it into the current shard, or into the next if it would not fit.</summary>
    /// <exception cref="InvalidOperationException">Something is still open, or the line alone is longer than a shard.</exception>
    public void EndLine()
    {
        if (_depth != 1) throw new InvalidOperationException("A line ends when everything in it is closed.");
        Close('}', isArray: false);
        Append((byte)'\n');
        if (_length > _shardBytes) throw new InvalidOperationException($"A line of {_length} bytes does not fit a shard of {_shardBytes}.");
        if (_shard.WrittenCount + _length > _shardBytes) SealShard();
        _shard.Write(_line.AsSpan(0, _length));
        _length = 0;
    }

    /// <summary>All shards; the writer takes no more lines. No lines give no shards.</summary>
    public ShardSet Complete()
    {
        if (_depth > 0) throw new InvalidOperationException("A line is still open.");
        if (_shard.WrittenCount > 0) SealShard();
        _completed = true;
        return new ShardSet(_shards);
    }

    /// <summary>Opens an object as a property.</summary>
    public CanonicalWriter BeginObject(string name) => Property(name).Open('{', isArray: false);

    /// <summary>Opens an object as an array's item.</summary>
    public CanonicalWriter BeginObject() => NextItem().Open('{', isArray: false);

    /// <summary>Closes the object.</summary>
    public CanonicalWriter EndObject()
    {
        if (_depth < 2) throw new InvalidOperationException("No object is open within the line.");
        return Close('}', isArray: false);
    }

    /// <summary>Opens an array as a property.</summary>
    public CanonicalWriter BeginArray(string name) => Property(name).Open('[', isArray: true);

    /// <summary>Opens an array as an array's item.</summary>
    public CanonicalWriter BeginArray() => NextItem().Open('[', isArray: true);

    /// <summary>Closes the array.</summary>
    public CanonicalWriter EndArray() => Close(']', isArray: true);

    /// <summary>Writes a text.</summary>
    /// <exception cref="ArgumentException">Half a surrogate pair.</exception>
    public CanonicalWriter Field(string name, string text) => Property(name).Quoted(text);

    /// <summary>Writes decimal digits.</summary>
    public CanonicalWriter Field(string name, UInt128 value) => Property(name).Digits(value);

    /// <summary>Writes decimal digits.</summary>
    public CanonicalWriter Field(string name, ulong value) => Property(name).Digits(value);

    /// <summary>Writes decimal digits, with a minus sign when below zero.</summary>
    public CanonicalWriter Field(string name, long value) => Property(name).Digits(value);

    /// <summary>Writes base units in decimal digits.</summary>
    public CanonicalWriter Field(string name, Amount amount) => Property(name).Digits(amount.BaseUnits);

    /// <summary>Writes 0x and 64 lowercase digits.</summary>
    public CanonicalWriter Field(string name, Bytes32 value)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        value.CopyTo(bytes);
        return Field(name, bytes);
    }

    /// <summary>Writes 0x and 64 lowercase digits.</summary>
    public CanonicalWriter Field(string name, DeviceId device) => Field(name, device.Value);

    /// <summary>Writes 0x and 40 lowercase digits.</summary>
    public CanonicalWriter Field(string name, Address address)
    {
        Span<byte> bytes = stackalloc byte[Address.Length];
        address.CopyTo(bytes);
        return Field(name, bytes);
    }

    /// <summary>Writes 0x and lowercase hexadecimal digits.</summary>
    public CanonicalWriter Field(string name, ReadOnlySpan<byte> bytes)
    {
        Property(name);
        var span = Reserve(4 + 2 * bytes.Length);
        "\"0x"u8.CopyTo(span);
        Convert.TryToHexStringLower(bytes, span[3..], out var written);
        span[3 + written] = (byte)'"';
        _length += 4 + written;
        return this;
    }

    /// <summary>Writes a text as an array's item.</summary>
    /// <exception cref="ArgumentException">Half a surrogate pair.</exception>
    public CanonicalWriter Item(string text) => NextItem().Quoted(text);

    private CanonicalWriter Property(string name)
    {
        if (!CanonicalText.IsName(name)) throw new ArgumentException($"'{name}' is no property name: letters, digits, '_', '-', '.'.", nameof(name));
        if (_depth == 0 || _scopes[_depth - 1] is not { IsArray: false } scope) throw new InvalidOperationException("A property belongs into an object.");
        if (!scope.TryName(name)) throw new InvalidOperationException($"'{name}' is in this object already.");
        Separate(scope);
        var span = Reserve(name.Length + 3);
        span[0] = (byte)'"';
        Encoding.ASCII.GetBytes(name, span[1..]);
        span[name.Length + 1] = (byte)'"';
        span[name.Length + 2] = (byte)':';
        _length += name.Length + 3;
        return this;
    }

    private CanonicalWriter NextItem()
    {
        if (_depth == 0 || _scopes[_depth - 1] is not { IsArray: true } scope) throw new InvalidOperationException("An item belongs into an array.");
        Separate(scope);
        return this;
    }

    private void Separate(Scope scope)
    {
        if (!scope.IsEmpty) Append((byte)',');
        scope.IsEmpty = false;
    }

    private CanonicalWriter Open(char bracket, bool isArray)
    {
        if (_depth == CanonicalText.MaxDepth) throw new InvalidOperationException($"Deeper than {CanonicalText.MaxDepth}.");
        (_scopes[_depth++] ??= new Scope()).Begin(isArray);
        Append((byte)bracket);
        return this;
    }

    private CanonicalWriter Close(char bracket, bool isArray)
    {
        if (_depth == 0 || _scopes[_depth - 1].IsArray != isArray) throw new InvalidOperationException($"Nothing is open that '{bracket}' would close.");
        _depth--;
        Append((byte)bracket);
        return this;
    }

    private CanonicalWriter Digits<T>(T value)
        where T : IUtf8SpanFormattable
    {
        var span = Reserve(DecimalText.MaxDigits + 3);
        span[0] = (byte)'"';
        value.TryFormat(span[1..], out var written, "D", CultureInfo.InvariantCulture);
        span[written + 1] = (byte)'"';
        _length += written + 2;
        return this;
    }

    private CanonicalWriter Quoted(string text)
    {
        if (!CanonicalText.IsPlain(text)) return QuotedWithEscapes(text);
        var span = Reserve(text.Length + 2);
        span[0] = (byte)'"';
        Encoding.ASCII.GetBytes(text, span[1..]);
        span[text.Length + 1] = (byte)'"';
        _length += text.Length + 2;
        return this;
    }

    private CanonicalWriter QuotedWithEscapes(string text)
    {
        if (!CanonicalText.IsWellFormed(text)) throw new ArgumentException("The text holds half a surrogate pair.", nameof(text));
        Append((byte)'"');
        foreach (var c in text)
        {
            if (!CanonicalText.IsPrintable(c))
            {
                AppendEscape(c);
                continue;
            }
            if (c is '"' or '\\') Append((byte)'\\');
            Append((byte)c);
        }
        Append((byte)'"');
        return this;
    }

    private void AppendEscape(char c)
    {
        var span = Reserve(6);
        "\\u"u8.CopyTo(span);
        ((ushort)c).TryFormat(span[2..], out _, "x4", CultureInfo.InvariantCulture);
        _length += 6;
    }

    private void Append(byte b)
    {
        Reserve(1)[0] = b;
        _length++;
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_line.Length - _length < bytes) Array.Resize(ref _line, Math.Max(2 * _line.Length, _length + bytes));
        return _line.AsSpan(_length);
    }

    private void SealShard()
    {
        // A copy of exactly its length, and the buffer again: a hundred shards stay in memory together.
        _shards.Add(new Shard(NameOf(_shards.Count), _shard.WrittenSpan.ToArray()));
        _shard.ResetWrittenCount();
    }

    // Six digits keep a million shards in ordinal order.
    private string NameOf(int number) => string.Concat(_stem, "-", number.ToString("D6", CultureInfo.InvariantCulture), ".jsonl");

    /// <summary>An open object or array; used again for the next at its depth.</summary>
    private sealed class Scope
    {
        // More names than this are looked up by hash.
        private const int FewNames = 16;

        private readonly string[] _few = new string[FewNames];
        private HashSet<string>? _many;
        private int _count;

        public bool IsArray { get; private set; }

        public bool IsEmpty { get; set; }

        public void Begin(bool isArray)
        {
            IsArray = isArray;
            IsEmpty = true;
            _count = 0;
            _many = null;
        }

        /// <summary>False if the object has the name already.</summary>
        public bool TryName(string name)
        {
            if (_many is not null) return _many.Add(name);
            foreach (var other in _few.AsSpan(0, _count))
            {
                if (other == name) return false;
            }
            if (_count < FewNames)
            {
                _few[_count++] = name;
                return true;
            }
            _many = new HashSet<string>(_few, StringComparer.Ordinal) { name };
            return true;
        }
    }
}
