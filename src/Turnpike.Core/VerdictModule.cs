namespace Turnpike.Core;

/// <summary>
/// A range of verdict numbers that one module owns. The module declares each code once, in a static field beside the field that holds its module:
/// <code>
/// public static readonly VerdictModule Module = new("wireless", 300, 399);
/// public static readonly VerdictCode TooFar = Module.Declare(301, "too-far", "...");
/// </code>
/// Declarations run in the type's initializer, hence on one thread and before anybody can read <see cref="Codes"/>.
/// </summary>
public sealed class VerdictModule
{
    private readonly SortedList<ushort, VerdictCode> _codes = [];

    /// <summary>The range from <paramref name="first"/> to <paramref name="last"/>, both inclusive.</summary>
    /// <exception cref="ArgumentException">An empty range, or a name that is not lowercase words joined by hyphens.</exception>
    public VerdictModule(string name, ushort first, ushort last)
    {
        RequireName(name);
        if (first > last) throw new ArgumentException("A range begins before it ends.", nameof(last));
        Name = name;
        First = first;
        Last = last;
    }

    /// <summary>Numbers of the gateway's admission codes.</summary>
    public static (ushort First, ushort Last) AdmissionRange => (100, 199);

    /// <summary>The module's name.</summary>
    public string Name { get; }

    /// <summary>First number of the range.</summary>
    public ushort First { get; }

    /// <summary>Last number of the range.</summary>
    public ushort Last { get; }

    /// <summary>The declared codes by number.</summary>
    public IReadOnlyList<VerdictCode> Codes => _codes.Values.AsReadOnly();

    /// <summary>Declares a code; only the module's own type initializer may call it.</summary>
    /// <exception cref="ArgumentException">A number outside the range or taken, a name taken or not lowercase words joined by hyphens, no description.</exception>
    public VerdictCode Declare(ushort number, string name, string description)
    {
        RequireName(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(description);
        if (number < First || number > Last) throw new ArgumentException($"{number} is outside {Name}'s range {First}-{Last}.", nameof(number));
        if (_codes.TryGetValue(number, out var taken)) throw new ArgumentException($"{number} is {taken.Name} already.", nameof(number));
        foreach (var other in _codes.Values)
        {
            if (other.Name == name) throw new ArgumentException($"{name} is {other.Number} already.", nameof(name));
        }
        var code = new VerdictCode(number, name, description);
        _codes.Add(number, code);
        return code;
    }

    private static void RequireName(string name)
    {
        var ok = name.Length > 0 && name[0] != '-' && name[^1] != '-' && !name.Contains("--", StringComparison.Ordinal);
        foreach (var c in name) ok &= char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-';
        if (!ok) throw new ArgumentException($"'{name}' is not lowercase words joined by hyphens.", nameof(name));
    }
}
