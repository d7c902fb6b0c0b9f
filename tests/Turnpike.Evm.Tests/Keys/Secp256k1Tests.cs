using System.Numerics;
using System.Security.Cryptography;
using Turnpike.Core;

namespace Turnpike.Evm.Tests;

public sealed class Secp256k1Tests
{
    private static readonly ECCurve Curve = ECCurve.CreateFromOid(new Oid("1.3.132.0.10"));

    [Fact]
    public void Sign_known_message_gives_the_published_rfc_6979_signature()
    {
        // Key 1 over SHA-256("Satoshi Nakamoto"), a vector that Bitcoin libraries share.
        using var key = Secp256k1PrivateKey.Parse(Reference.Bytes(1).ToString());
        var signature = Secp256k1.Sign(new Bytes32(SHA256.HashData("Satoshi Nakamoto"u8)), key);
        Assert.Equal("0x934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8", signature.R.ToString());
        Assert.Equal("0x2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5", signature.S.ToString());
    }

    [Fact]
    public void Sign_any_digest_verifies_recovers_and_has_low_s()
    {
        for (var i = 0; i < 300; i++)
        {
            using var key = Secp256k1PrivateKey.Generate();
            var digest = i switch { 0 => Bytes32.Zero, 1 => Reference.Bytes(Reference.N), 2 => Reference.Bytes((BigInteger.One << 256) - 1), _ => RandomDigest() };
            var signature = Secp256k1.Sign(digest, key);
            Assert.True(signature.IsLowS && signature.IsInRange);
            Assert.True(Secp256k1.Verify(digest, signature, key.PublicKey));
            Assert.True(Secp256k1.TryRecover(digest, signature, out var recovered));
            Assert.Equal(key.PublicKey, recovered);
            Assert.Equal(signature, Secp256k1.Sign(digest, key));
            if (i < 3) continue;
            Assert.False(Secp256k1.Verify(RandomDigest(), signature, key.PublicKey));
        }
    }

    [Fact]
    public void Sign_with_the_smallest_and_largest_key_agrees_with_the_platform()
    {
        foreach (var secret in new[] { BigInteger.One, 2, Reference.N - 1, Reference.N / 2 })
        {
            using var key = Secp256k1PrivateKey.Parse(Reference.Bytes(secret).ToString());
            var digest = RandomDigest();
            Assert.True(Platform(key.PublicKey).VerifyHash(digest.ToArray(), Secp256k1.Sign(digest, key).ToCompact()[..64]));
        }
    }

    [Fact]
    public void Sign_here_verifies_on_the_platform_and_the_other_way_round()
    {
        for (var i = 0; i < 60; i++)
        {
            using var platform = ECDsa.Create(Curve);
            var parameters = platform.ExportParameters(includePrivateParameters: true);
            Assert.True(Secp256k1PrivateKey.TryCreate(parameters.D, out var key));
            Assert.Equal(parameters.Q.X, key.PublicKey.ToUncompressed()[1..33]);
            Assert.Equal(parameters.Q.Y, key.PublicKey.ToUncompressed()[33..]);

            var digest = RandomDigest();
            Assert.True(platform.VerifyHash(digest.ToArray(), Secp256k1.Sign(digest, key).ToCompact()[..64]));

            var theirs = platform.SignHash(digest.ToArray());
            var signature = new Secp256k1Signature(new Bytes32(theirs.AsSpan(0, 32)), new Bytes32(theirs.AsSpan(32)), 0);
            Assert.True(Secp256k1.Verify(digest, signature, key.PublicKey));
            Assert.True(Secp256k1.Verify(digest, signature.ToLowS(), key.PublicKey));
            Assert.Contains(new byte[] { 0, 1 }, id => Secp256k1.TryRecover(digest, signature with { RecoveryId = id }, out var found) && found.Equals(key.PublicKey));
            key.Dispose();
        }
    }

    [Fact]
    public void Verify_and_recover_refuse_numbers_out_of_range()
    {
        using var key = Secp256k1PrivateKey.Generate();
        var digest = RandomDigest();
        var good = Secp256k1.Sign(digest, key);
        BigInteger[] outside = [0, Reference.N, Reference.N + 1, Reference.P, (BigInteger.One << 256) - 1];
        foreach (var number in outside)
        {
            foreach (var bad in new[] { good with { R = Reference.Bytes(number) }, good with { S = Reference.Bytes(number) } })
            {
                Assert.False(bad.IsInRange);
                Assert.False(Secp256k1.Verify(digest, bad, key.PublicKey));
                Assert.False(Secp256k1.TryRecover(digest, bad, out _));
                Assert.False(Secp256k1Signature.TryParseCompact(bad.ToCompact(), out _));
            }
        }
        Assert.False(Secp256k1.TryRecover(digest, good with { RecoveryId = 4 }, out _));
    }

    [Fact]
    public void Verify_accepts_a_high_s_that_IsLowS_tells_and_ToLowS_repairs()
    {
        using var key = Secp256k1PrivateKey.Generate();
        var digest = RandomDigest();
        var low = Secp256k1.Sign(digest, key);
        var high = low with { S = Reference.Bytes(Reference.N - Number(low.S)), RecoveryId = (byte)(low.RecoveryId ^ 1) };
        Assert.False(high.IsLowS);
        Assert.True(Secp256k1.Verify(digest, high, key.PublicKey));
        Assert.True(Secp256k1.TryRecover(digest, high, out var recovered));
        Assert.Equal(key.PublicKey, recovered);
        Assert.Equal(low, high.ToLowS());
        Assert.Throws<InvalidOperationException>(high.ToErc2098);
    }

    [Fact]
    public void IsLowS_turns_at_half_the_order()
    {
        var half = Reference.N / 2;
        Assert.True(new Secp256k1Signature(Reference.Bytes(1), Reference.Bytes(half), 0).IsLowS);
        Assert.False(new Secp256k1Signature(Reference.Bytes(1), Reference.Bytes(half + 1), 0).IsLowS);
        Assert.False(new Secp256k1Signature(Reference.Bytes(1), Reference.Bytes(Reference.N), 0).IsLowS);
    }

    [Fact]
    public void Recover_with_a_nonce_point_beyond_the_order_needs_recovery_id_2_or_3()
    {
        // Nobody finds such a nonce by chance (one in 2^128): take a point with x = n + t, then any s and digest belong to some key.
        for (var t = 1; t < 40; t++)
        {
            for (byte parity = 0; parity < 2; parity++)
            {
                var signature = new Secp256k1Signature(Reference.Bytes(t), RandomScalar(), (byte)(2 | parity));
                var digest = RandomDigest();
                var exists = AffinePoint.TryFromX(Reference.Field(Reference.N + t), parity, out _);
                Assert.Equal(exists, Secp256k1.TryRecover(digest, signature, out var key));
                if (!exists) continue;
                Assert.True(Secp256k1.Verify(digest, signature, key!));
                Assert.True(Platform(key!).VerifyHash(digest.ToArray(), signature.ToCompact()[..64]));
                if (Secp256k1.TryRecover(digest, signature with { RecoveryId = parity }, out var other)) Assert.NotEqual(key, other);
            }
        }
    }

    [Fact]
    public void Recover_with_r_plus_n_at_or_beyond_p_is_refused()
    {
        foreach (var r in new[] { Reference.P - Reference.N, Reference.P - Reference.N + 1, Reference.N - 1 })
            Assert.False(Secp256k1.TryRecover(RandomDigest(), new Secp256k1Signature(Reference.Bytes(r), RandomScalar(), 2), out _));
    }

    [Fact]
    public void Recover_refuses_a_key_at_infinity()
    {
        // s * R = z * G exactly when s = z / k.
        var (k, z) = (new BigInteger(987654321), new BigInteger(123456789));
        var nonce = Reference.Multiply(k, Reference.G)!.Value;
        var s = Reference.Mod(z * Reference.Invert(k, Reference.N), Reference.N);
        var signature = new Secp256k1Signature(Reference.Bytes(nonce.X), Reference.Bytes(s), (byte)(nonce.Y.IsEven ? 0 : 1));
        Assert.False(Secp256k1.TryRecover(Reference.Bytes(z), signature, out _));
        Assert.True(Secp256k1.TryRecover(Reference.Bytes(z + 1), signature, out _));
    }

    [Fact]
    public void Recover_refuses_an_x_on_no_point()
    {
        var x = Enumerable.Range(1, 100).First(candidate => !AffinePoint.TryFromX(Reference.Field(candidate), 0, out _));
        Assert.False(Secp256k1.TryRecover(RandomDigest(), new Secp256k1Signature(Reference.Bytes(x), RandomScalar(), 0), out _));
    }

    [Theory]
    [InlineData("Hello World", "0x68a020a209d3d56c46f38cc50a33f704f4a9a10a59377f8dd762ac66910e9b907e865ad05c4035ab5792787d4a0297a43617ae897930a6fe4d822b8faea52064")]
    [InlineData("It's a small(er) world", "0x9328da16089fcba9bececa81663203989f2df5fe1faa6291a45381c81bd17f76939c6d6b623b42da56557e5e734a43dc83345ddfadec52cbe24d0cc64f550793")]
    public void Erc2098_examples_of_the_standard_agree(string message, string compact)
    {
        using var key = Secp256k1PrivateKey.Parse("0x1234567890123456789012345678901234567890123456789012345678901234");
        var signature = Secp256k1.Sign(PersonalMessage.Hash(message), key);
        Assert.Equal(compact, Hex.Format(signature.ToErc2098()));
        Assert.True(Secp256k1Signature.TryParseErc2098(Hex.Parse(compact), out var parsed));
        Assert.Equal(signature, parsed);
    }

    [Fact]
    public void Signature_parse_of_random_bytes_never_throws_and_keeps_what_it_accepts()
    {
        var random = new Random(2098);
        var bytes = new byte[70];
        var accepted = 0;
        for (var round = 0; round < 20_000; round++)
        {
            random.NextBytes(bytes);
            if (round % 3 == 0) bytes.AsSpan(random.Next(64), 4).Fill(255);
            if (round % 2 == 0) bytes[64] = (byte)random.Next(32);
            var length = round % 5 == 0 ? random.Next(bytes.Length) : 65;
            if (Secp256k1Signature.TryParseCompact(bytes.AsSpan(0, length), out var signature))
            {
                Assert.Equal(bytes[..64], signature.ToCompact()[..64]);
                Assert.True(bytes[64] is < 4 or (>= 27 and < 31));
                accepted++;
            }
            if (Secp256k1Signature.TryParseErc2098(bytes.AsSpan(0, length == 65 ? 64 : length), out signature)) Assert.Equal(bytes[..64], signature.ToErc2098());
            _ = Secp256k1PublicKey.TryParse(bytes.AsSpan(0, length), out _);
        }
        Assert.True(accepted > 1000);
    }

    [Fact]
    public void PublicKey_parse_accepts_both_forms_and_refuses_what_is_off_the_curve()
    {
        for (var i = 0; i < 50; i++)
        {
            using var key = Secp256k1PrivateKey.Generate();
            var (compressed, full) = (key.PublicKey.ToCompressed(), key.PublicKey.ToUncompressed());
            Assert.True(Secp256k1PublicKey.TryParse(compressed, out var a));
            Assert.True(Secp256k1PublicKey.TryParse(full, out var b));
            Assert.Equal(key.PublicKey, a);
            Assert.Equal(key.PublicKey, b);
            Assert.Equal(a.GetHashCode(), b.GetHashCode());
            full[^1] ^= 1;
            Assert.False(Secp256k1PublicKey.TryParse(full, out _));
            compressed[0] = 4;
            Assert.False(Secp256k1PublicKey.TryParse(compressed, out _));
        }
        Assert.False(Secp256k1PublicKey.TryParse([2, .. Reference.Bytes(Reference.P + 1).ToArray()], out _));
        Assert.False(Secp256k1PublicKey.TryParse([0], out _));
        Assert.False(Secp256k1PublicKey.TryParse([], out _));
    }

    [Fact]
    public void PrivateKey_refuses_zero_and_the_order_and_forgets_when_disposed()
    {
        Assert.False(Secp256k1PrivateKey.TryCreate(new byte[32], out _));
        Assert.False(Secp256k1PrivateKey.TryCreate(Reference.Bytes(Reference.N).ToArray(), out _));
        Assert.False(Secp256k1PrivateKey.TryCreate(new byte[31], out _));
        Assert.Throws<FormatException>(() => Secp256k1PrivateKey.Parse("0x00"));
        var key = Secp256k1PrivateKey.Generate();
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Secp256k1.Sign(Bytes32.Zero, key));
        Assert.Throws<ObjectDisposedException>(() => key.CopyTo(new byte[32]));
        Assert.StartsWith("private key of 0x", key.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LocalDigestSigner_signs_as_its_address()
    {
        using var key = Secp256k1PrivateKey.Generate();
        IDigestSigner signer = new LocalDigestSigner(key);
        var digest = RandomDigest();
        var signature = await signer.SignAsync(digest, TestContext.Current.CancellationToken);
        Assert.True(Secp256k1.TryRecover(digest, signature, out var recovered));
        Assert.Equal(signer.Address, recovered.ToAddress());
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await signer.SignAsync(digest, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Sign_and_verify_allocate_nothing()
    {
        using var key = Secp256k1PrivateKey.Generate();
        var digest = RandomDigest();
        var valid = Secp256k1.Verify(digest, Secp256k1.Sign(digest, key), key.PublicKey);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++) valid &= Secp256k1.Verify(digest, Secp256k1.Sign(digest, key), key.PublicKey);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(valid);
    }

    [Fact]
    public void Nonces_that_are_rejected_are_followed_by_others()
    {
        var nonces = new Rfc6979Nonces(Reference.Bytes(1).ToArray(), Reference.Bytes(2).ToArray(), new byte[64]);
        var first = nonces.Next();
        nonces.Advance();
        Assert.False(first.ValueEquals(nonces.Next()));
    }

    private static ECDsa Platform(Secp256k1PublicKey key)
    {
        var bytes = key.ToUncompressed();
        return ECDsa.Create(new ECParameters { Curve = Curve, Q = new ECPoint { X = bytes[1..33], Y = bytes[33..] } });
    }

    private static Bytes32 RandomDigest() => new(RandomNumberGenerator.GetBytes(32));

    private static Bytes32 RandomScalar() => Scalar.Reduce(RandomNumberGenerator.GetBytes(32), out _).ToBytes32();

    private static BigInteger Number(Bytes32 bytes) => new(bytes.ToArray(), isUnsigned: true, isBigEndian: true);
}
