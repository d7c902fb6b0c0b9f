using System.Security.Cryptography;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>Binds a private body to public evidence without revealing it: SHA-256(salt || body). Deleting salt and body erases it for good.</summary>
public static class PrivateCommitment
{
    /// <summary>Salts are exactly this long, so that salt and body cannot be cut in two ways.</summary>
    public const int SaltBytes = 32;

    /// <summary>A fresh random salt; one for each body.</summary>
    public static byte[] CreateSalt() => RandomNumberGenerator.GetBytes(SaltBytes);

    /// <summary>The commitment of a body.</summary>
    /// <exception cref="ArgumentException">The salt is not 32 bytes.</exception>
    public static Bytes32 Of(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> body)
    {
        if (salt.Length != SaltBytes) throw new ArgumentException($"The salt has {SaltBytes} bytes, not {salt.Length}.", nameof(salt));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(salt);
        hash.AppendData(body);
        return new Bytes32(hash.GetHashAndReset());
    }
}
