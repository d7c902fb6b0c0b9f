using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;

namespace Turnpike.Evm;

/// <summary>The key derivation that a keystore file asks for, once its parameters have passed the limits.</summary>
internal sealed record KeystoreKdf(byte[] Salt, int ScryptN, int ScryptR, int ScryptP, int Pbkdf2Iterations)
{
    /// <summary>The cipher takes 16 bytes and the mac 16; files that ask for more have these first.</summary>
    public const int KeyBytes = 32;

    private const int MaxSaltBytes = 1024;

    public static KeystoreKdf Scrypt(byte[] salt, int n, int r, int p) => new(salt, n, r, p, 0);

    public void DeriveKey(ReadOnlySpan<byte> password, Span<byte> key)
    {
        if (Pbkdf2Iterations > 0) Rfc2898DeriveBytes.Pbkdf2(password, Salt, key, Pbkdf2Iterations, HashAlgorithmName.SHA256);
        else Evm.Scrypt.DeriveKey(password, Salt, ScryptN, ScryptR, ScryptP, key);
    }

    public static KeystoreError Read(JsonElement crypto, KeystoreLimits limits, out KeystoreKdf? kdf)
    {
        kdf = null;
        var name = KeystoreJson.Text(crypto, "kdf");
        if (name is not ("scrypt" or "pbkdf2")) return name is null ? KeystoreError.Malformed : KeystoreError.UnsupportedKdf;
        var parameters = KeystoreJson.Member(crypto, "kdfparams");
        if (KeystoreJson.Hex(parameters, "salt") is not { Length: <= MaxSaltBytes } salt) return KeystoreError.Malformed;
        if (KeystoreJson.Number(parameters, "dklen") is not >= KeyBytes) return KeystoreError.Malformed;
        return name == "scrypt" ? ReadScrypt(parameters, salt, limits, out kdf) : ReadPbkdf2(parameters, salt, limits, out kdf);
    }

    private static KeystoreError ReadScrypt(JsonElement parameters, byte[] salt, KeystoreLimits limits, out KeystoreKdf? kdf)
    {
        kdf = null;
        if (KeystoreJson.Number(parameters, "n") is not { } n || n < 2 || !BitOperations.IsPow2(n)) return KeystoreError.Malformed;
        if (KeystoreJson.Number(parameters, "r") is not { } r || r < 1) return KeystoreError.Malformed;
        if (KeystoreJson.Number(parameters, "p") is not { } p || p < 1) return KeystoreError.Malformed;
        // Each factor is below 2^31: 128 bits hold the products.
        if ((Int128)128 * n * r > limits.MaxScryptMemoryBytes || (Int128)n * r * p > limits.MaxScryptWork) return KeystoreError.TooCostly;
        kdf = Scrypt(salt, n, r, p);
        return KeystoreError.None;
    }

    private static KeystoreError ReadPbkdf2(JsonElement parameters, byte[] salt, KeystoreLimits limits, out KeystoreKdf? kdf)
    {
        kdf = null;
        if (KeystoreJson.Text(parameters, "prf") != "hmac-sha256") return KeystoreError.UnsupportedKdf;
        if (KeystoreJson.Number(parameters, "c") is not { } iterations || iterations < 1) return KeystoreError.Malformed;
        if (iterations > limits.MaxPbkdf2Iterations) return KeystoreError.TooCostly;
        kdf = new KeystoreKdf(salt, 0, 0, 0, iterations);
        return KeystoreError.None;
    }
}
