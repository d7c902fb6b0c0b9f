using System.Buffers;
using System.Globalization;

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
    private readonly ArrayBufferWriter<byte> _line = new(512);
    private readonly Stack<Scope> _scopes = new();
    private readonly List<Shard> _shards = [];
    private ArrayBufferWriter<byte> _shard = new();
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
        if (_completed || _scopes.Count > 0) throw new InvalidOperationException("A line begins where none is open, before the writer is completed.");
        Open('{', isArray: false);
        return this;
    }

    /// <summary>Ends the line and puts it into the current shard, or into the next if it would not fit.</summary>
    /// <exception cref="InvalidOperationException">Something is still open, or the line alone is longer than a shard.</exception>
    public void EndLine()
    {
        if (_scopes.Count != 1) throw new InvalidOperationException("A line ends when everything in it is closed.");
        Close('}', isArray: false);
        Append((byte)'\n');
        if (_line.WrittenCount > _shardBytes) throw new InvalidOperationException($"A line of {_line.WrittenCount} bytes does not fit a shard of {_shardBytes}.");
        if (_shard.WrittenCount + _line.WrittenCount > _shardBytes) SealShard();
        _shard.Write(_line.WrittenSpan);
        _line.ResetWrittenCount();
    }

    /// <summary>All shards; the writer takes no more lines. No lines give no shards.</summary>
    public ShardSet Complete()
    {
        if (_scopes.Count > 0) throw new InvalidOperationException("A line is still open.");
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
        if (_scopes.Count < 2) throw new InvalidOperationException("No object is open within the line.");
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
    public CanonicalWriter Field(string name, Bytes32 bytes) => Field(name, bytes.ToString());

    /// <summary>Writes 0x and 64 lowercase digits.</summary>
    public CanonicalWriter Field(string name, DeviceId device) => Field(name, device.ToString());

    /// <summary>Writes 0x and 40 lowercase digits.</summary>
    public CanonicalWriter Field(string name, Address address) => Field(name, address.ToString());

    /// <summary>Writes 0x and lowercase hexadecimal digits.</summary>
    public CanonicalWriter Field(string name, ReadOnlySpan<byte> bytes) => Field(name, Hex.Format(bytes));

    /// <summary>Writes a text as an array's item.</summary>
    /// <exception cref="ArgumentException">Half a surrogate pair.</exception>
    public CanonicalWriter Item(string text) => NextItem().Quoted(text);

    private CanonicalWriter Property(string name)
    {
        if (!CanonicalText.IsName(name)) throw new ArgumentException($"'{name}' is no property name: letters, digits, '_', '-', '.'.", nameof(name));
        if (!_scopes.TryPeek(out var scope) || scope.IsArray) throw new InvalidOperationException("A property belongs into an object.");
        if (!scope.Names.Add(name)) throw new InvalidOperationException($"'{name}' is in this object already.");
        Separate(scope);
        Quoted(name);
        Append((byte)':');
        return this;
    }

    private CanonicalWriter NextItem()
    {
        if (!_scopes.TryPeek(out var scope) || !scope.IsArray) throw new InvalidOperationException("An item belongs into an array.");
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
        if (_scopes.Count == CanonicalText.MaxDepth) throw new InvalidOperationException($"Deeper than {CanonicalText.MaxDepth}.");
        _scopes.Push(new Scope(isArray));
        Append((byte)bracket);
        return this;
    }

    private CanonicalWriter Close(char bracket, bool isArray)
    {
        if (!_scopes.TryPeek(out var scope) || scope.IsArray != isArray) throw new InvalidOperationException($"Nothing is open that '{bracket}' would close.");
        _scopes.Pop();
        Append((byte)bracket);
        return this;
    }

    private CanonicalWriter Digits<T>(T value)
        where T : IUtf8SpanFormattable
    {
        Append((byte)'"');
        var span = _line.GetSpan(DecimalText.MaxDigits + 1);
        value.TryFormat(span, out var written, "D", CultureInfo.InvariantCulture);
        _line.Advance(written);
        Append((byte)'"');
        return this;
    }

    private CanonicalWriter Quoted(string text)
    {
        if (!CanonicalText.IsWellFormed(text)) throw new ArgumentException("The text holds half a surrogate pair.", nameof(text));
        Append((byte)'"');
        foreach (var c in text)
        {
            if (!CanonicalText.IsPrintable(c)) AppendEscape(c);
            else if (c is '"' or '\\') _line.Write([(byte)'\\', (byte)c]);
            else Append((byte)c);
        }
        Append((byte)'"');
        return this;
    }

    private void AppendEscape(char c)
    {
        var span = _line.GetSpan(6);
        "\\u"u8.CopyTo(span);
        ((ushort)c).TryFormat(span[2..], out _, "x4", CultureInfo.InvariantCulture);
        _line.Advance(6);
    }

    private void Append(byte b)
    {
        _line.GetSpan(1)[0] = b;
        _line.Advance(1);
    }

    private void SealShard()
    {
        _shards.Add(new Shard(NameOf(_shards.Count), _shard.WrittenMemory));
        _shard = new ArrayBufferWriter<byte>();
    }

    // Six digits keep a million shards in ordinal order.
    private string NameOf(int number) => string.Concat(_stem, "-", number.ToString("D6", CultureInfo.InvariantCulture), ".jsonl");

    private sealed class Scope(bool isArray)
    {
        public bool IsArray { get; } = isArray;

        public bool IsEmpty { get; set; } = true;

        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);
    }
}
