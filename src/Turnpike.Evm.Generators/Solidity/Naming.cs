using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Turnpike.Evm.Generators.Solidity;

/// <summary>Solidity's names as C# names. Everything that reaches generated code passes <see cref="Identifier"/>.</summary>
internal static class Naming
{
    // What every record has, and what the bindings add to it.
    private static readonly HashSet<string> TakenInRecords = new(StringComparer.Ordinal)
    {
        "Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "ReferenceEquals", "Finalize", "EqualityContract", "PrintMembers", "Deconstruct",
        "AbiSignature", "Selector", "Topic0", "Description", "Encode", "Decode", "DecodeResult", "TryDecode", "ReadResult", "Read", "WriteTo", "ReadFrom",
    };

    /// <summary>The text itself, when it is a Solidity identifier.</summary>
    public static string Identifier(string text)
    {
        var valid = text.Length > 0 && !IsDigit(text[0]) && text.All(c => IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$');
        return valid ? text : throw new FormatException("'" + text + "' is not a Solidity identifier.");
    }

    /// <summary><c>_h3Cell</c> and <c>h3_cell</c> become H3Cell.</summary>
    public static string Pascal(string identifier)
    {
        var words = Identifier(identifier).Split(new[] { '_', '$' }, StringSplitOptions.RemoveEmptyEntries);
        var name = string.Concat(words.Select(w => char.ToUpperInvariant(w[0]) + w.Substring(1)));
        return name.Length == 0 || IsDigit(name[0]) ? "N" + name : name;
    }

    /// <summary>Property names for a record: unnamed ones get <paramref name="fallback"/> and their position, clashes a suffix.</summary>
    public static List<string> Properties(IEnumerable<string> names, string recordName, string fallback)
    {
        var taken = new HashSet<string>(TakenInRecords, StringComparer.Ordinal) { recordName };
        return names.Select((name, i) => Unique(taken, name.Length == 0 ? fallback + Number(i + 1) : Pascal(name), "Value")).ToList();
    }

    /// <summary>Adds <paramref name="wanted"/> to the names taken, with a suffix and then a number where needed.</summary>
    public static string Unique(HashSet<string> taken, string wanted, string suffix)
    {
        var name = taken.Contains(wanted) ? wanted + suffix : wanted;
        for (var number = 2; !taken.Add(name); number++) name = wanted + suffix + Number(number);
        return name;
    }

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static bool IsDigit(char character) => character >= '0' && character <= '9';
}
