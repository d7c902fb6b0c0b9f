using System.Globalization;

namespace Turnpike.Core.Canonical;

/// <summary>A value read from a canonical line: a text, an object or an array. Asking for what it is not throws a <see cref="FormatException"/>.</summary>
public sealed class CanonicalValue
{
    private readonly string? _text;
    private readonly List<KeyValuePair<string, CanonicalValue>>? _members;
    private readonly List<CanonicalValue>? _items;

    internal CanonicalValue(string text) => _text = text;

    internal CanonicalValue(List<KeyValuePair<string, CanonicalValue>> members) => _members = members;

    internal CanonicalValue(List<CanonicalValue> items) => _items = items;

    /// <summary>Whether it is a text.</summary>
    public bool IsText => _text is not null;

    /// <summary>Whether it is an object.</summary>
    public bool IsObject => _members is not null;

    /// <summary>The text.</summary>
    public string Text => _text ?? throw new FormatException("A text was expected.");

    /// <summary>The properties in the order in which they were written.</summary>
    public IReadOnlyList<KeyValuePair<string, CanonicalValue>> Members => _members ?? throw new FormatException("An object was expected.");

    /// <summary>The items in the order in which they were written.</summary>
    public IReadOnlyList<CanonicalValue> Items => _items ?? throw new FormatException("An array was expected.");

    /// <summary>The property of that name.</summary>
    /// <exception cref="FormatException">It is not there.</exception>
    public CanonicalValue this[string name]
    {
        get
        {
            foreach (var (key, value) in Members)
            {
                if (key == name) return value;
            }
            throw new FormatException($"The property '{name}' is missing.");
        }
    }

    /// <summary>The text as a non-negative integer.</summary>
    public UInt128 Integer => DecimalText.TryParse(Text, out var value) ? value : throw Unlike("an integer: digits without leading zeros, below 2^128");

    /// <summary>The text as an unsigned 64-bit integer.</summary>
    public ulong UInt64 => Integer is var value && value <= ulong.MaxValue ? (ulong)value : throw Unlike("an integer below 2^64");

    /// <summary>The text as a signed 64-bit integer.</summary>
    public long Int64 => long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value.ToString(CultureInfo.InvariantCulture) == Text
        ? value
        : throw Unlike("a signed 64-bit integer");

    /// <summary>The text as base units.</summary>
    public Amount Amount => new(Integer);

    /// <summary>The text as 32 bytes.</summary>
    public Bytes32 Bytes32 => Bytes32.TryParse(Text, out var value) && value.ToString() == Text ? value : throw Unlike("0x and 64 lowercase hexadecimal digits");

    /// <summary>The text as a device id.</summary>
    public DeviceId DeviceId => new(Bytes32);

    /// <summary>The text as an account.</summary>
    public Address Address => Address.TryParse(Text, out var value) && value.ToString() == Text ? value : throw Unlike("0x and 40 lowercase hexadecimal digits");

    /// <summary>The text as bytes.</summary>
    public byte[] Bytes => Hex.TryParse(Text, out var value) && Hex.Format(value) == Text ? value : throw Unlike("0x and lowercase hexadecimal digits");

    /// <summary>This object, if its properties are exactly these in this order: how a reader refuses fields that it does not know.</summary>
    /// <exception cref="FormatException">Others, or another order.</exception>
    public CanonicalValue With(params ReadOnlySpan<string> names)
    {
        var same = Members.Count == names.Length;
        for (var i = 0; same && i < names.Length; i++) same = Members[i].Key == names[i];
        return same ? this : throw new FormatException($"Exactly the properties {string.Join(", ", names)} were expected, in this order.");
    }

    private FormatException Unlike(string expected) => new($"'{Hex.Shorten(Text)}' is not {expected}.");
}
