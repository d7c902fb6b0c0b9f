using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace Turnpike.Evm.Tests.Keys;

/// <summary>Our verification of P-256 beside the platform's, at random and at every edge that its formulas have.</summary>
public sealed class P256Tests
{
    private static readonly BigInteger P = Number("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF");
    private static readonly BigInteger N = Number("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
    private static readonly BigInteger B = Number("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B");

    /// <summary>Numbers at which carries, borrows and reductions go wrong if they do.</summary>
    private static readonly BigInteger[] Edges =
    [
        0, 1, 2, 3, ulong.MaxValue, BigInteger.One << 64, (BigInteger.One << 96) - 1, BigInteger.One << 96, (BigInteger.One << 128) - 1, BigInteger.One << 192, (BigInteger.One << 224) - 1,
        BigInteger.One << 224, N - 2, N - 1, N, N + 1, P - N, P - N - 1, P - 2, P - 1, (P - 1) / 2, (P + 1) / 2, (N - 1) / 2, (N + 1) / 2, BigInteger.One << 255,
    ];

    [Fact]
    public void Random_signatures_and_altered_ones_have_the_platforms_verdict()
    {
        var random = new Random(20261125);
        for (var i = 0; i < 40; i++)
        {
            using var platform = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var key = Key(platform);
            for (var j = 0; j < 25; j++)
            {
                var digest = new byte[32];
                random.NextBytes(digest);
                var signature = platform.SignHash(digest);
                Assert.True(key.Verify(digest, signature));
                Assert.True(key.Verify(digest, [.. signature.AsSpan(0, 32), .. Bytes(N - Number(signature.AsSpan(32)))]));
                (random.Next(3) == 0 ? digest : signature)[random.Next(32)] ^= (byte)(1 << random.Next(8));
                Assert.Equal(platform.VerifyHash(digest, signature), key.Verify(digest, signature));
            }
        }
    }

    [Fact]
    public void Numbers_at_the_edges_have_the_platforms_verdict()
    {
        using var platform = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = Key(platform);
        BigInteger[] edges = [.. Edges, P, (BigInteger.One << 256) - 1];
        foreach (var r in edges)
        {
            foreach (var s in edges)
            {
                byte[] signature = [.. Bytes(r), .. Bytes(s)];
                foreach (var digest in new[] { new byte[32], Bytes(N), Bytes(r), signature[32..] })
                    Assert.Equal(platform.VerifyHash(digest, signature), key.Verify(digest, signature));
            }
        }
    }

    [Fact]
    public void Digests_of_zero_and_of_the_order_and_above_verify_when_signed()
    {
        using var platform = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = Key(platform);
        foreach (var digest in new[] { new byte[32], Bytes(N), Bytes(N + 1), Bytes((BigInteger.One << 256) - 1) })
            Assert.True(key.Verify(digest, platform.SignHash(digest)));
    }

    /// <summary>About one honest signature in 2^32 has a nonce point whose x is n or more, so it has to be made: choose the point, then the key that fits it.</summary>
    [Fact]
    public void Nonce_point_whose_x_exceeds_the_order_verifies()
    {
        var found = 0;
        for (var x = N + 1; found < 5; x++)
        {
            var squared = (BigInteger.ModPow(x, 3, P) - 3 * x + B) % P;
            var y = BigInteger.ModPow(squared, (P + 1) / 4, P);
            if ((y * y - squared) % P != 0) continue;
            found++;
            var (r, s) = (x - N, N / 3 + found);
            var digest = Bytes(N / 7 + found);
            Assert.True(P256AffinePoint.TryRead(Bytes(x), Bytes(y), out var nonce));
            // Q = (s R - z G) / r.
            var (ofNonce, ofGenerator) = P256Scalar.Divide(Scalar(s), Scalar(Number(digest)), Scalar(r));
            var sum = new P256Comb(nonce).Multiply(ofNonce);
            P256Generator.AddMultiple(ref sum, ofGenerator.Negate());
            var (keyX, keyY) = Affine(sum);
            using var platform = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = keyX, Y = keyY } });
            byte[] signature = [.. Bytes(r), .. Bytes(s)];
            Assert.True(P256PublicKey.TryCreate(keyX, keyY, out var key));
            Assert.True(platform.VerifyHash(digest, signature));
            Assert.True(key.Verify(digest, signature));
        }
    }

    /// <summary>u1 = u2 and the key -G: the sum is infinity, which has no x.</summary>
    [Fact]
    public void Sum_at_infinity_verifies_nothing()
    {
        var generator = P256AffinePoint.Generator;
        var (x, y) = (new byte[32], new byte[32]);
        generator.X.WriteTo(x);
        generator.Y.Negate().WriteTo(y);
        Assert.True(P256PublicKey.TryCreate(x, y, out var key));
        Assert.False(key.Verify(Bytes(77), [.. Bytes(77), .. Bytes(5)]));
    }

    [Fact]
    public void Sums_that_meet_themselves_or_their_opposites_are_right()
    {
        BigInteger[] factors = [1, 2, 3, 4, 5, 15, 16, 17, 31, 4095, 4096, 4097, N - 1, N - 2, N - 3, N - 4096, (N - 1) / 2, (N + 1) / 2, BigInteger.One << 43, BigInteger.One << 252, N / 3];
        foreach (var k in factors)
        {
            var point = Multiple(k);
            Assert.True(P256AffinePoint.TryRead(point.X, point.Y, out var affine));
            var comb = new P256Comb(affine);
            foreach (var u in factors)
            {
                Assert.Equal(Text(Multiple(k * u % N)), Text(Affine(comb.Multiply(Scalar(u)))));
                foreach (var v in new[] { 1, N - 1, (N - k) * u % N, k * u % N, N / 5 })
                {
                    var sum = comb.Multiply(Scalar(u));
                    P256Generator.AddMultiple(ref sum, Scalar(v));
                    var expected = (k * u + v) % N;
                    Assert.Equal(expected.IsZero, sum.IsInfinity);
                    if (!expected.IsZero) Assert.Equal(Text(Multiple(expected)), Text(Affine(sum)));
                }
            }
        }
    }

    [Fact]
    public void Multiples_of_the_generator_are_the_platforms_public_keys()
    {
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            var secret = i < 20 ? i + 1 : i < 40 ? N - i : RandomBelow(random, N - 1) + 1;
            using var platform = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Bytes(secret) });
            var point = platform.ExportParameters(false).Q;
            var (x, y) = Multiple(secret);
            Assert.Equal(point.X, x);
            Assert.Equal(point.Y, y);
        }
    }

    [Fact]
    public void Points_off_the_curve_and_coordinates_from_p_on_are_no_keys()
    {
        var (x, y) = Multiple(12345);
        Assert.True(P256PublicKey.TryCreate(x, y, out _));
        Assert.False(P256PublicKey.TryCreate(y, x, out _));
        Assert.False(P256PublicKey.TryCreate(new byte[32], new byte[32], out _));
        Assert.False(P256PublicKey.TryCreate(Bytes(P), y, out _));
        Assert.False(P256PublicKey.TryCreate(x.AsSpan(1), y, out _));
        // x = 0 is on the curve; p is the same number in a second form.
        var root = BigInteger.ModPow(B, (P + 1) / 4, P);
        Assert.True(P256PublicKey.TryCreate(new byte[32], Bytes(root), out _));
        Assert.False(P256PublicKey.TryCreate(Bytes(P), Bytes(root), out _));
    }

    [Fact]
    public void Field_arithmetic_is_that_of_big_numbers()
    {
        var random = new Random(11);
        BigInteger[] numbers = [.. Edges.Where(edge => edge < P), .. Enumerable.Range(0, 40).Select(_ => RandomBelow(random, P))];
        foreach (var a in numbers)
        {
            var left = Field(a);
            P256FieldElement.Square(out var square, left);
            Assert.Equal(a * a % P, Number(square));
            Assert.Equal((P - a) % P, Number(left.Negate()));
            Assert.Equal(BigInteger.ModPow(a, P - 2, P), Number(left.Invert()));
            foreach (var b in numbers)
            {
                P256FieldElement.Multiply(out var product, left, Field(b));
                P256FieldElement.Add(out var sum, left, Field(b));
                P256FieldElement.Subtract(out var difference, left, Field(b));
                Assert.Equal(a * b % P, Number(product));
                Assert.Equal((a + b) % P, Number(sum));
                Assert.Equal((a - b + P) % P, Number(difference));
            }
        }
    }

    /// <summary>The largest numbers that the formulas let arise: sums of differences, whose limbs are far above 52 bits.</summary>
    [Fact]
    public void Field_arithmetic_holds_at_the_largest_magnitudes()
    {
        var random = new Random(13);
        BigInteger[] numbers = [.. Edges.Where(edge => edge < P), .. Enumerable.Range(0, 40).Select(_ => RandomBelow(random, P))];
        foreach (var a in numbers)
        {
            foreach (var b in numbers)
            {
                P256FieldElement.Times(out var left, Field(a), 5);
                P256FieldElement.Subtract(out var right, Field(b), Field(a));
                P256FieldElement.Subtract(out var thirteen, right, Field(b));
                P256FieldElement.Subtract(out thirteen, thirteen, Field(b));
                P256FieldElement.Multiply(out var product, left, right);
                P256FieldElement.Square(out var square, right);
                P256FieldElement.Normalize(out var normal, thirteen);
                var difference = b - a;
                Assert.Equal(Modulo(5 * a * difference), Number(product));
                Assert.Equal(Modulo(difference * difference), Number(square));
                Assert.Equal(Modulo(-a - b), Number(normal));
                Assert.Equal(Number(normal), Number(thirteen));
                Assert.Equal(Modulo(a + b).IsZero, thirteen.IsZero);
            }
        }
    }

    [Fact]
    public void Scalar_division_is_that_of_big_numbers()
    {
        var random = new Random(12);
        BigInteger[] numbers = [.. Edges.Where(edge => edge < N && !edge.IsZero), .. Enumerable.Range(0, 60).Select(_ => RandomBelow(random, N - 1) + 1)];
        foreach (var divisor in numbers)
        {
            var inverse = BigInteger.ModPow(divisor, N - 2, N);
            foreach (var a in numbers)
            {
                var (one, other) = P256Scalar.Divide(Scalar(a), Scalar(N - a), Scalar(divisor));
                Assert.Equal(a * inverse % N, Number(one.ToField()));
                Assert.Equal((N - a) * inverse % N, Number(other.ToField()));
            }
        }
    }

    private static BigInteger Modulo(BigInteger number) => (number % P + P) % P;

    private static P256PublicKey Key(ECDsa platform)
    {
        var point = platform.ExportParameters(false).Q;
        Assert.True(P256PublicKey.TryCreate(point.X, point.Y, out var key));
        return key;
    }

    /// <summary>As text, which compares by content.</summary>
    private static string Text((byte[] X, byte[] Y) point) => Convert.ToHexString([.. point.X, .. point.Y]);

    private static (byte[] X, byte[] Y) Multiple(BigInteger factor)
    {
        var point = default(P256Point);
        P256Generator.AddMultiple(ref point, Scalar(factor));
        return Affine(point);
    }

    private static (byte[] X, byte[] Y) Affine(in P256Point point)
    {
        var affine = new P256AffinePoint[1];
        P256AffinePoint.FromJacobian([point], affine);
        var (x, y) = (new byte[32], new byte[32]);
        affine[0].X.WriteTo(x);
        affine[0].Y.WriteTo(y);
        return (x, y);
    }

    private static P256Scalar Scalar(BigInteger number)
    {
        var scalar = P256Scalar.Reduce(Bytes(number), out var overflowed);
        Assert.False(overflowed);
        return scalar;
    }

    private static P256FieldElement Field(BigInteger number)
    {
        Assert.True(P256FieldElement.TryRead(Bytes(number), out var element));
        return element;
    }

    private static BigInteger RandomBelow(Random random, BigInteger bound)
    {
        var bytes = new byte[40];
        random.NextBytes(bytes);
        return new BigInteger(bytes, isUnsigned: true) % bound;
    }

    private static byte[] Bytes(BigInteger number)
    {
        var bytes = new byte[32];
        var minimal = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        minimal.CopyTo(bytes, 32 - minimal.Length);
        return bytes;
    }

    private static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static BigInteger Number(string hex) => BigInteger.Parse("0" + hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static BigInteger Number(P256FieldElement element)
    {
        var bytes = new byte[32];
        element.WriteTo(bytes);
        return Number(bytes);
    }
}
