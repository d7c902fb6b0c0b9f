namespace Turnpike.Evm;

/// <summary>
/// A public key of P-256 (FIPS 186-5, secp256r1) made ready to verify many signatures: it holds 4 KiB of its multiples. Immutable and thread-safe.
/// Verifies only, and in variable time, since keys and signatures are public; signing is the platform's or a secure element's.
/// </summary>
public sealed class P256PublicKey
{
    /// <summary>Bytes of r and s.</summary>
    public const int SignatureLength = 64;

    private const int Half = SignatureLength / 2;

    private readonly P256Comb _multiples;

    private P256PublicKey(in P256AffinePoint point) => _multiples = new P256Comb(point);

    /// <summary>The key of two big-endian coordinates of 32 bytes; false for a point that is not on the curve.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y, out P256PublicKey key)
    {
        key = null!;
        if (x.Length != Half || y.Length != Half || !P256AffinePoint.TryRead(x, y, out var point)) return false;
        key = new P256PublicKey(point);
        return true;
    }

    /// <summary>
    /// Whether r || s, big-endian, is a signature over a digest of 32 bytes. False for numbers outside [1, n - 1]; of s and n - s both verify, as the standard
    /// has it: who wants one form only checks that before.
    /// </summary>
    public bool Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        if (digest.Length != Half || signature.Length != SignatureLength) return false;
        var r = P256Scalar.Reduce(signature[..Half], out var highR);
        var s = P256Scalar.Reduce(signature[Half..], out var highS);
        if (highR || highS || r.IsZero || s.IsZero) return false;
        _multiples.Touch();
        var (ofGenerator, ofKey) = P256Scalar.Divide(P256Scalar.Reduce(digest, out _), r, s);
        var point = _multiples.Multiply(ofKey);
        P256Generator.AddMultiple(ref point, ofGenerator);
        if (point.IsInfinity) return false;
        // r is the point's x modulo n, and x may have been n or more.
        return point.HasX(r.ToField()) || (r.TryAddOrderToField(out var wrapped) && point.HasX(wrapped));
    }
}
