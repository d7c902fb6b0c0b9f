using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>
/// Private keys in files under a password: Web3 Secret Storage, version 3, as geth and every wallet write it. The key derivation gives 32 bytes: the
/// first 16 encrypt (AES-128-CTR), the others, followed by the ciphertext, give the mac (Keccak-256).
/// The format's mac does not cover the IV: a file with a changed one opens as another key, unless it names its address, which is compared.
/// </summary>
public static class Keystore
{
    private const int IvBytes = 16, CipherKeyBytes = 16;

    /// <summary>Opens the UTF-8 JSON of a file within the default limits. Takes as long as the file asks: up to seconds.</summary>
    public static bool TryDecrypt(ReadOnlyMemory<byte> json, string password, [NotNullWhen(true)] out Secp256k1PrivateKey? key, out KeystoreError error) =>
        TryDecrypt(json, password, KeystoreLimits.Default, out key, out error);

    /// <summary>Opens the UTF-8 JSON of a file; false with the reason otherwise. Never throws for any file.</summary>
    public static bool TryDecrypt(ReadOnlyMemory<byte> json, string password, KeystoreLimits limits, [NotNullWhen(true)] out Secp256k1PrivateKey? key, out KeystoreError error)
    {
        ArgumentNullException.ThrowIfNull(password);
        ArgumentNullException.ThrowIfNull(limits);
        key = null;
        error = KeystoreError.TooLarge;
        if (json.Length > limits.MaxFileBytes) return false;
        try
        {
            using var document = JsonDocument.Parse(json);
            error = Decrypt(document.RootElement, password, limits, out key);
        }
        catch (JsonException)
        {
            error = KeystoreError.NotJson;
        }
        return key is not null;
    }

    /// <summary>Writes a file for the key: UTF-8 JSON, scrypt at geth's standard cost (256 MiB, about a second) unless told otherwise.</summary>
    public static byte[] Encrypt(Secp256k1PrivateKey key, string password, int scryptN = 1 << 18, int scryptR = 8, int scryptP = 1)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(password);
        var kdf = KeystoreKdf.Scrypt(RandomNumberGenerator.GetBytes(32), scryptN, scryptR, scryptP);
        var iv = RandomNumberGenerator.GetBytes(IvBytes);
        var content = new byte[Secp256k1PrivateKey.Length];
        Span<byte> derived = stackalloc byte[KeystoreKdf.KeyBytes];
        DeriveKey(kdf, password, derived);
        key.CopyTo(content);
        ApplyCounterMode(derived[..CipherKeyBytes], iv, content);
        var mac = Mac(derived, content);
        CryptographicOperations.ZeroMemory(derived);
        return Write(key.Address, kdf, iv, content, mac);
    }

    private static KeystoreError Decrypt(JsonElement root, string password, KeystoreLimits limits, out Secp256k1PrivateKey? key)
    {
        key = null;
        if (root.ValueKind != JsonValueKind.Object) return KeystoreError.NotJson;
        if (KeystoreJson.Number(root, "version") != 3) return KeystoreError.UnsupportedVersion;
        // Early files wrote Crypto.
        var crypto = KeystoreJson.Member(root, "crypto") is { ValueKind: JsonValueKind.Object } lower ? lower : KeystoreJson.Member(root, "Crypto");
        if (crypto.ValueKind != JsonValueKind.Object) return KeystoreError.Malformed;
        if (KeystoreJson.Text(crypto, "cipher") is not { } cipher) return KeystoreError.Malformed;
        if (cipher != "aes-128-ctr") return KeystoreError.UnsupportedCipher;
        if (KeystoreJson.Hex(KeystoreJson.Member(crypto, "cipherparams"), "iv") is not { Length: IvBytes } iv) return KeystoreError.Malformed;
        if (KeystoreJson.Hex(crypto, "ciphertext") is not { Length: Secp256k1PrivateKey.Length } content) return KeystoreError.Malformed;
        if (KeystoreJson.Hex(crypto, "mac") is not { Length: Bytes32.Length } mac) return KeystoreError.Malformed;
        var error = KeystoreKdf.Read(crypto, limits, out var kdf);
        if (kdf is null) return error;
        error = Open(kdf, password, iv, content, mac, out key);
        if (key is null || !NamesAnother(root, key.Address)) return error;
        key.Dispose();
        key = null;
        return KeystoreError.AddressMismatch;
    }

    private static KeystoreError Open(KeystoreKdf kdf, string password, byte[] iv, byte[] content, byte[] mac, out Secp256k1PrivateKey? key)
    {
        key = null;
        Span<byte> derived = stackalloc byte[KeystoreKdf.KeyBytes];
        try
        {
            DeriveKey(kdf, password, derived);
            if (!CryptographicOperations.FixedTimeEquals(Mac(derived, content), mac)) return KeystoreError.WrongPassword;
            ApplyCounterMode(derived[..CipherKeyBytes], iv, content);
            return Secp256k1PrivateKey.TryCreate(content, out key) ? KeystoreError.None : KeystoreError.InvalidKey;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
            CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>The address is optional, with or without 0x; one that cannot be read is another.</summary>
    private static bool NamesAnother(JsonElement root, Address address)
    {
        if (KeystoreJson.Member(root, "address").ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return false;
        if (KeystoreJson.Text(root, "address") is not { } text) return true;
        if (text.Length == 0) return false;
        return !Address.TryParse(text.StartsWith("0x", StringComparison.Ordinal) ? text : "0x" + text, out var named) || named != address;
    }

    private static void DeriveKey(KeystoreKdf kdf, string password, Span<byte> derived)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        kdf.DeriveKey(bytes, derived);
        CryptographicOperations.ZeroMemory(bytes);
    }

    private static byte[] Mac(ReadOnlySpan<byte> derived, ReadOnlySpan<byte> ciphertext)
    {
        Span<byte> message = stackalloc byte[KeystoreKdf.KeyBytes - CipherKeyBytes + Secp256k1PrivateKey.Length];
        derived[CipherKeyBytes..].CopyTo(message);
        ciphertext.CopyTo(message[(KeystoreKdf.KeyBytes - CipherKeyBytes)..]);
        return Keccak256.Hash(message).ToArray();
    }

    /// <summary>Encrypts or decrypts 32 bytes in place; the counter is the whole block, big-endian (NIST SP 800-38A, 6.5).</summary>
    private static void ApplyCounterMode(ReadOnlySpan<byte> cipherKey, ReadOnlySpan<byte> iv, Span<byte> content)
    {
        using var aes = Aes.Create();
        aes.SetKey(cipherKey);
        Span<byte> counters = stackalloc byte[Secp256k1PrivateKey.Length];
        iv.CopyTo(counters);
        iv.CopyTo(counters[IvBytes..]);
        for (var i = counters.Length - 1; i >= IvBytes && ++counters[i] == 0; i--)
        {
        }
        aes.EncryptEcb(counters, counters, PaddingMode.None);
        for (var i = 0; i < content.Length; i++) content[i] ^= counters[i];
        CryptographicOperations.ZeroMemory(counters);
    }

    private static byte[] Write(Address address, KeystoreKdf kdf, byte[] iv, byte[] ciphertext, byte[] mac)
    {
        var file = new JsonObject
        {
            ["version"] = 3,
            ["id"] = Guid.NewGuid().ToString(),
            ["address"] = Convert.ToHexStringLower(address.ToArray()),
            ["crypto"] = new JsonObject
            {
                ["cipher"] = "aes-128-ctr",
                ["cipherparams"] = new JsonObject { ["iv"] = Convert.ToHexStringLower(iv) },
                ["ciphertext"] = Convert.ToHexStringLower(ciphertext),
                ["kdf"] = "scrypt",
                ["kdfparams"] = new JsonObject
                {
                    ["n"] = kdf.ScryptN,
                    ["r"] = kdf.ScryptR,
                    ["p"] = kdf.ScryptP,
                    ["dklen"] = KeystoreKdf.KeyBytes,
                    ["salt"] = Convert.ToHexStringLower(kdf.Salt),
                },
                ["mac"] = Convert.ToHexStringLower(mac),
            },
        };
        return Encoding.UTF8.GetBytes(file.ToJsonString());
    }
}
