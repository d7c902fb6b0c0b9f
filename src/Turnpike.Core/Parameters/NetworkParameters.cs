using System.Globalization;
using System.Text;

namespace Turnpike.Core.Parameters;

/// <summary>A pool as the rules see it: accounts are addresses.</summary>
/// <param name="Name">The pool's name.</param>
/// <param name="SharePpm">Millionths of the emission.</param>
/// <param name="Shape">How it is divided; "account" pays <paramref name="To"/>.</param>
/// <param name="To">The account that an "account" pool pays; zero for other shapes.</param>
/// <param name="Leftovers">Who gets what nobody earns; zero where nobody is named.</param>
public sealed record PoolTerms(string Name, uint SharePpm, string Shape, Address To, Address Leftovers);

/// <summary>
/// The parameters of a network in the form that is hashed: what a blueprint writes as its canonical parameters and every oracle and auditor reads back,
/// so that neither needs the blueprint itself.
/// </summary>
public sealed record NetworkParameters
{
    private const string Header = "turnpike-parameters 1";
    private const int MaxBytes = 64 * 1024;

    /// <summary>The rule pack's name.</summary>
    public required string Pack { get; init; }

    /// <summary>The network category.</summary>
    public required string Module { get; init; }

    /// <summary>In the blueprint's order.</summary>
    public required IReadOnlyList<PoolTerms> Pools { get; init; }

    /// <summary>The pack's parameters, by name.</summary>
    public required IReadOnlyDictionary<string, string> Values { get; init; }

    /// <summary>Reads the canonical lines.</summary>
    /// <exception cref="FormatException">Anything that a blueprint would not write; names the line.</exception>
    public static NetworkParameters Parse(ReadOnlySpan<byte> canonical)
    {
        if (canonical.Length is 0 or > MaxBytes || canonical[^1] != '\n' || canonical.ContainsAnyExceptInRange((byte)'\n', (byte)'~'))
            throw new FormatException($"Canonical parameters are 1 to {MaxBytes} bytes of ASCII lines.");
        var lines = Encoding.ASCII.GetString(canonical[..^1]).Split('\n').Select(line => line.Split(' ')).ToList();
        if (lines.Count < 3 || string.Join(' ', lines[0]) != Header) throw new FormatException($"The first line is '{Header}'.");
        var pools = new List<PoolTerms>();
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 3; i < lines.Count; i++)
        {
            if (lines[i] is ["pool", var name, var share, var shape, var to, var leftovers] && values.Count == 0)
                pools.Add(new PoolTerms(name, ShareOf(share), shape, AddressOf(to), AddressOf(leftovers)));
            else if (lines[i] is not ["parameter", var key, var value] || !values.TryAdd(key, value))
                throw new FormatException($"Line {i + 1} of the canonical parameters is neither a pool nor a new parameter.");
        }
        return new NetworkParameters { Pack = Word(lines[1], "pack"), Module = Word(lines[2], "module"), Pools = pools, Values = values };
    }

    private static string Word(string[] line, string name) => line is [var key, var word] && key == name ? word : throw new FormatException($"A line '{name} <word>' is missing.");

    private static uint ShareOf(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var share) ? share : throw new FormatException($"'{Hex.Shorten(text)}' is not a share in millionths.");

    private static Address AddressOf(string text) => text == "-" ? Address.Zero : Address.Parse(text);
}
