using System.Numerics;
using System.Security.Cryptography;

namespace Turnpike.Networks.Wireless.Protocol;

/// <summary>What curve a Helium public key is on: the low four bits of its first byte.</summary>
public enum HeliumKeyType
{
    /// <summary>P-256, of which the 32-byte x coordinate is kept ("compact").</summary>
    P256 = 0,

    /// <summary>Ed25519, 32 bytes.</summary>
    Ed25519 = 1,
}

/// <summary>
/// A Helium public key: one byte of network (high four bits) and type (low four), then 32 bytes. Written in base58check with version byte 0:
/// Bitcoin's alphabet, four checksum bytes of a double SHA-256.
/// </summary>
public static class HeliumKey
{
    /// <summary>Length of the raw key in bytes.</summary>
    public const int Length = 33;

    private const int ChecksumLength = 4;
    private const int MaxTextLength = 64;
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>Reads a hotspot's id; false when the text is no base58check, has another length or version, or names an unknown key type.</summary>
    public static bool TryParse(string text, out byte[] key, out HeliumKeyType type)
    {
        key = [];
        type = default;
        if (!TryDecodeBase58(text, out var bytes) || bytes.Length != 1 + Length + ChecksumLength || bytes[0] != 0) return false;
        var body = bytes.AsSpan(0, 1 + Length);
        var checksum = SHA256.HashData(SHA256.HashData(body));
        if (!checksum.AsSpan(0, ChecksumLength).SequenceEqual(bytes.AsSpan(1 + Length))) return false;
        type = (HeliumKeyType)(body[1] & 0x0F);
        if (!Enum.IsDefined(type)) return false;
        key = body[1..].ToArray();
        return true;
    }

    /// <summary>Writes a raw key as the hotspot's id.</summary>
    /// <exception cref="ArgumentException">Not <see cref="Length"/> bytes.</exception>
    public static string Format(ReadOnlySpan<byte> key)
    {
        if (key.Length != Length) throw new ArgumentException($"A raw key has {Length} bytes, not {key.Length}.", nameof(key));
        byte[] body = [0, .. key];
        var checksum = SHA256.HashData(SHA256.HashData(body));
        return EncodeBase58([.. body, .. checksum.AsSpan(0, ChecksumLength)]);
    }

    private static string EncodeBase58(byte[] bytes)
    {
        var digits = new Stack<char>();
        for (var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true); !number.IsZero; number /= Alphabet.Length) digits.Push(Alphabet[(int)(number % Alphabet.Length)]);
        // Leading zero bytes have no weight in the number; each is written as the digit zero.
        foreach (var _ in bytes.TakeWhile(value => value == 0)) digits.Push(Alphabet[0]);
        return new string([.. digits]);
    }

    private static bool TryDecodeBase58(string text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length is 0 or > MaxTextLength) return false;
        var number = BigInteger.Zero;
        foreach (var character in text)
        {
            var digit = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (digit < 0) return false;
            number = number * Alphabet.Length + digit;
        }
        var zeros = text.TakeWhile(character => character == Alphabet[0]).Count();
        var significant = number.IsZero ? [] : number.ToByteArray(isUnsigned: true, isBigEndian: true);
        bytes = [.. new byte[zeros], .. significant];
        return true;
    }
}
