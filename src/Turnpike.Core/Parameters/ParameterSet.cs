using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Turnpike.Core.Parameters;

/// <summary>
/// The parameters of one network, complete and in range, sorted by name. A value is held in the one form that is hashed:
/// decimal digits without leading zeros for integers and for milliseconds, the word itself for text.
/// </summary>
public sealed class ParameterSet
{
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Takes the given values and the pack's defaults for the rest.</summary>
    /// <exception cref="ArgumentException">A value is unknown to the pack, out of range, or missing without a default.</exception>
    public ParameterSet(PackDescription pack, IEnumerable<KeyValuePair<string, string>> values)
    {
        ArgumentNullException.ThrowIfNull(pack);
        ArgumentNullException.ThrowIfNull(values);
        foreach (var (name, value) in values)
        {
            var declared = pack.Parameters.FirstOrDefault(parameter => parameter.Name == name)
                ?? throw new ArgumentException($"The pack {pack.Id} has no parameter '{name}'.", nameof(values));
            if (!declared.Allows(value)) throw new ArgumentException($"'{value}' is outside the range of the parameter '{name}'.", nameof(values));
            _values.Add(name, value);
        }
        foreach (var declared in pack.Parameters)
        {
            if (_values.ContainsKey(declared.Name)) continue;
            _values.Add(declared.Name, declared.Default ?? throw new ArgumentException($"The parameter '{declared.Name}' is missing and has no default.", nameof(values)));
        }
    }

    /// <summary>Names and values, sorted by name (ordinal).</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Values => _values;

    /// <summary>An integer parameter.</summary>
    /// <exception cref="KeyNotFoundException">The pack declares no such parameter.</exception>
    public ulong Integer(string name) => ParseNumber(name);

    /// <summary>A duration parameter in milliseconds.</summary>
    /// <exception cref="KeyNotFoundException">The pack declares no such parameter.</exception>
    public ulong Milliseconds(string name) => ParseNumber(name);

    /// <summary>A text parameter.</summary>
    /// <exception cref="KeyNotFoundException">The pack declares no such parameter.</exception>
    public string Text(string name) => _values[name];

    internal static bool TryParseNumber([NotNullWhen(true)] string? text, out ulong number)
    {
        number = 0;
        return text is { Length: > 0 } && (text.Length == 1 || text[0] != '0')
            && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private ulong ParseNumber(string name) =>
        TryParseNumber(_values[name], out var number) ? number : throw new InvalidOperationException($"The parameter '{name}' is a word, not a number.");
}
