using System.Text;
using Turnpike.Core;

namespace Turnpike.Blueprints;

/// <summary>An account as a blueprint refers to it: a name from its accounts section, or an address.</summary>
/// <param name="Text">The name, or 0x and 40 hexadecimal digits.</param>
public readonly record struct AccountReference(string Text)
{
    /// <summary>Whether it is an address itself; names begin with a letter.</summary>
    public bool IsAddress => Text.StartsWith("0x", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Reads an address as people copy it. Mixed case must be a right EIP-55 checksum, because a mistyped address takes the money with it.</summary>
    internal static bool TryParseAddress(string text, out Address address)
    {
        if (!Address.TryParse(text, out address) || address.IsZero) return false;
        var digits = text.AsSpan(2);
        return !digits.ContainsAnyInRange('A', 'F') || !digits.ContainsAnyInRange('a', 'f') || digits.SequenceEqual(Checksummed(address));
    }

    // EIP-55: a letter is a capital where the same digit of keccak256(lowercase hex) is 8 or more.
    private static string Checksummed(Address address)
    {
        var lower = address.ToString()[2..];
        var hash = Keccak256.Hash(Encoding.ASCII.GetBytes(lower)).ToString()[2..];
        return string.Create(lower.Length, (lower, hash), (span, source) =>
        {
            for (var index = 0; index < span.Length; index++)
                span[index] = source.hash[index] >= '8' ? char.ToUpperInvariant(source.lower[index]) : source.lower[index];
        });
    }
}
