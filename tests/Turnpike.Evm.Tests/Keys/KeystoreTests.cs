using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Turnpike.Core;

namespace Turnpike.Evm.Tests;

public sealed class KeystoreTests
{
    // The two examples of the Web3 Secret Storage Definition.
    private const string WikiKey = "0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";
    private const string WikiPassword = "testpassword";
    private const string WikiPbkdf2 = """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
        "kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """;
    private const string WikiScrypt = """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},
        "ciphertext":"d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c","kdf":"scrypt",
        "kdfparams":{"dklen":32,"n":262144,"r":1,"p":8,"salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},
        "mac":"2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """;

    [Theory]
    [InlineData("", "", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")]
    [InlineData("password", "NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")]
    [InlineData("pleaseletmein", "SodiumChloride", 16384, 8, 1, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")]
    public void Scrypt_vectors_of_rfc_7914_agree(string password, string salt, int n, int r, int p, string expected)
    {
        var output = new byte[64];
        Scrypt.DeriveKey(Encoding.ASCII.GetBytes(password), Encoding.ASCII.GetBytes(salt), n, r, p, output);
        Assert.Equal(expected, Convert.ToHexStringLower(output));
    }

    [Theory]
    [InlineData(WikiPbkdf2)]
    [InlineData(WikiScrypt)]
    public void Decrypt_published_files_gives_their_key(string file)
    {
        Assert.True(Keystore.TryDecrypt(Utf8(file), WikiPassword, out var key, out var error), error.ToString());
        using (key) Assert.Equal(WikiKey, SecretOf(key));
        Assert.True(Keystore.TryDecrypt(Utf8(file.Replace("\"crypto\"", "\"Crypto\"", StringComparison.Ordinal)), WikiPassword, out key, out _));
        key.Dispose();
    }

    [Fact]
    public void Decrypt_with_another_password_or_a_changed_file_is_refused()
    {
        AssertError(KeystoreError.WrongPassword, WikiPbkdf2, "testPassword");
        AssertError(KeystoreError.WrongPassword, WikiPbkdf2.Replace("5318b4", "5318b5", StringComparison.Ordinal));
        AssertError(KeystoreError.WrongPassword, WikiPbkdf2.Replace("517ead", "517eae", StringComparison.Ordinal));
    }

    [Fact]
    public void Encrypt_then_decrypt_gives_the_key_back_and_two_files_differ()
    {
        using var key = Secp256k1PrivateKey.Generate();
        var file = Keystore.Encrypt(key, "pässword ✓", 4096, 8, 1);
        Assert.True(Keystore.TryDecrypt(file, "pässword ✓", out var opened, out _));
        using (opened) Assert.Equal(SecretOf(key), SecretOf(opened));
        Assert.Contains(key.Address.ToString()[2..], Encoding.UTF8.GetString(file), StringComparison.Ordinal);
        Assert.NotEqual(file, Keystore.Encrypt(key, "pässword ✓", 4096, 8, 1));
    }

    [Fact]
    public void Decrypt_a_file_that_names_another_address_is_refused()
    {
        using var key = Secp256k1PrivateKey.Generate();
        var file = Encoding.UTF8.GetString(Keystore.Encrypt(key, "x", 2, 1, 1));
        AssertError(KeystoreError.AddressMismatch, file.Replace(key.Address.ToString()[2..], Address.Zero.ToString()[2..], StringComparison.Ordinal), "x");
        AssertError(KeystoreError.None, file.Replace(key.Address.ToString()[2..], key.Address.ToString(), StringComparison.Ordinal), "x");
    }

    [Theory]
    [InlineData("\"n\":262144", "\"n\":2147483648", KeystoreError.Malformed)]
    [InlineData("\"n\":262144", "\"n\":1073741824", KeystoreError.TooCostly)]
    [InlineData("\"n\":262144", "\"n\":262143", KeystoreError.Malformed)]
    [InlineData("\"n\":262144", "\"n\":-2147483648", KeystoreError.Malformed)]
    [InlineData("\"n\":262144", "\"n\":1", KeystoreError.Malformed)]
    [InlineData("\"n\":262144", "\"n\":\"16\"", KeystoreError.Malformed)]
    [InlineData("\"r\":1", "\"r\":2147483647", KeystoreError.TooCostly)]
    [InlineData("\"r\":1", "\"r\":0", KeystoreError.Malformed)]
    [InlineData("\"p\":8", "\"p\":2147483647", KeystoreError.TooCostly)]
    [InlineData("\"p\":8", "\"p\":0", KeystoreError.Malformed)]
    [InlineData("\"dklen\":32", "\"dklen\":31", KeystoreError.Malformed)]
    [InlineData("\"kdf\":\"scrypt\"", "\"kdf\":\"argon2\"", KeystoreError.UnsupportedKdf)]
    [InlineData("\"kdf\":\"scrypt\"", "\"kdf\":7", KeystoreError.Malformed)]
    [InlineData("\"kdf\":\"scrypt\"", "\"kdf\":\"\\ud800\"", KeystoreError.Malformed)]
    [InlineData("\"kdf\":\"scrypt\"", "\"\\ud800df\":\"scrypt\"", KeystoreError.Malformed)]
    [InlineData("aes-128-ctr", "aes-128-cbc", KeystoreError.UnsupportedCipher)]
    [InlineData("\"version\":3", "\"version\":1", KeystoreError.UnsupportedVersion)]
    [InlineData("\"version\":3", "\"version\":3,}", KeystoreError.NotJson)]
    [InlineData("83dbcc02d8ccb40e466191a123791e0e", "83dbcc02d8ccb40e466191a123791e", KeystoreError.Malformed)]
    [InlineData("83dbcc02d8ccb40e466191a123791e0e", "83dbcc02d8ccb40e466191a123791e0g", KeystoreError.Malformed)]
    [InlineData("d172bf74", "d1", KeystoreError.Malformed)]
    public void Decrypt_a_scrypt_file_with_an_impossible_field_is_refused_at_once(string from, string to, KeystoreError expected)
    {
        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertError(expected, WikiScrypt.Replace(from, to, StringComparison.Ordinal));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("\"c\":262144", "\"c\":2000000000", KeystoreError.TooCostly)]
    [InlineData("\"c\":262144", "\"c\":0", KeystoreError.Malformed)]
    [InlineData("hmac-sha256", "hmac-sha512", KeystoreError.UnsupportedKdf)]
    public void Decrypt_a_pbkdf2_file_with_an_impossible_field_is_refused(string from, string to, KeystoreError expected) =>
        AssertError(expected, WikiPbkdf2.Replace(from, to, StringComparison.Ordinal));

    [Fact]
    public void Decrypt_mutated_files_never_throws_nor_exceeds_the_limits()
    {
        using var key = Secp256k1PrivateKey.Parse(WikiKey);
        var file = Keystore.Encrypt(key, "x", 4, 1, 1);
        var limits = new KeystoreLimits { MaxScryptMemoryBytes = 1 << 16, MaxScryptWork = 1 << 9, MaxPbkdf2Iterations = 1000 };
        var random = new Random(7914);
        for (var round = 0; round < 20_000; round++)
        {
            var mutated = Mutate(file, random);
            if (Keystore.TryDecrypt(mutated, "x", limits, out var opened, out var error))
            {
                // The mac does not cover the IV, the address does where the file still names one.
                if (NamesAddress(mutated)) Assert.Equal(WikiKey, SecretOf(opened));
                opened.Dispose();
            }
            else
            {
                Assert.NotEqual(KeystoreError.None, error);
            }
        }
    }

    private static byte[] Mutate(byte[] file, Random random)
    {
        var mutated = file.ToArray();
        for (var i = random.Next(4); i >= 0; i--) mutated[random.Next(mutated.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : file[random.Next(file.Length)];
        return random.Next(10) == 0 ? mutated[..random.Next(mutated.Length)] : mutated;
    }

    private static bool NamesAddress(byte[] file)
    {
        using var document = JsonDocument.Parse(file);
        return document.RootElement.TryGetProperty("address", out var address) && address.GetRawText() is not ("null" or "\"\"");
    }

    private static void AssertError(KeystoreError expected, string file, string password = WikiPassword)
    {
        Assert.Equal(expected == KeystoreError.None, Keystore.TryDecrypt(Utf8(file), password, out var key, out var error));
        Assert.Equal(expected, error);
        key?.Dispose();
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string SecretOf(Secp256k1PrivateKey key)
    {
        var bytes = new byte[Secp256k1PrivateKey.Length];
        key.CopyTo(bytes);
        return Hex.Format(bytes);
    }
}
