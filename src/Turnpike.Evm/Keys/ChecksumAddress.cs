using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>Addresses whose letter case carries a checksum (EIP-55).</summary>
public static class ChecksumAddress
{
    /// <summary>0x and 40 digits, the letters in the case that the checksum gives them.</summary>
    public static string Format(Address address)
    {
        Span<char> digits = stackalloc char[2 * Address.Length];
        address.ToString().AsSpan(2).CopyTo(digits);
        Span<byte> ascii = stackalloc byte[2 * Address.Length];
        for (var i = 0; i < digits.Length; i++) ascii[i] = (byte)digits[i];
        Span<byte> hash = stackalloc byte[Bytes32.Length];
        Keccak256.Hash(ascii, hash);
        for (var i = 0; i < digits.Length; i++)
        {
            var nibble = (hash[i >> 1] >> ((~i & 1) << 2)) & 0xF;
            if (nibble >= 8) digits[i] = char.ToUpperInvariant(digits[i]);
        }
        return string.Concat("0x", digits);
    }

    /// <summary>Reads an address whose letters are all of one case, which claims no checksum, or in the case of its checksum; false for any other.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Address address)
    {
        if (!Address.TryParse(text, out address)) return false;
        var digits = text[2..];
        if (!digits.ContainsAnyInRange('a', 'f') || !digits.ContainsAnyInRange('A', 'F')) return true;
        if (digits.SequenceEqual(Format(address).AsSpan(2))) return true;
        address = default;
        return false;
    }
}
