using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>
/// ECDSA over secp256k1 (SEC 1, 4.1). Signing takes the same time for every key and nonce and draws nonces by RFC 6979, so equal inputs give equal
/// bytes; verification and recovery run on public data and are fast instead. Safe for any number of threads.
/// </summary>
public static class Secp256k1
{
    /// <summary>Signs a digest; s is always low (EIP-2).</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public static Secp256k1Signature Sign(Bytes32 digest, Secp256k1PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> reducedDigest = stackalloc byte[Bytes32.Length];
        Span<byte> nonceState = stackalloc byte[2 * Bytes32.Length];
        var secret = Scalar.Reduce(key.Bytes, out _);
        var z = Scalar.Reduce(digest, out _);
        z.Write(reducedDigest);
        try
        {
            var nonces = new Rfc6979Nonces(key.Bytes, reducedDigest, nonceState);
            Secp256k1Signature signature;
            while (!TrySignWith(nonces.Next(), secret, z, out signature)) nonces.Advance();
            return signature;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(nonceState);
        }
    }

    private static bool TrySignWith(in Scalar nonce, in Scalar secret, in Scalar z, out Secp256k1Signature signature)
    {
        Span<byte> x = stackalloc byte[Bytes32.Length];
        var point = GeneratorComb.Multiply(nonce).ToAffine();
        point.X.Write(x);
        var r = Scalar.Reduce(x, out var xOverflowed);
        var s = nonce.Invert() * (z + r * secret);
        var high = s.IsHighBit;
        var lowS = Scalar.Select(high, s.Negate(), s);
        var recoveryId = (byte)((point.Y.OddBit ^ high) | (Limbs.Bit(xOverflowed) << 1));
        signature = new Secp256k1Signature(r.ToBytes32(), lowS.ToBytes32(), recoveryId);
        return !r.IsZero && !s.IsZero;
    }

    /// <summary>Whether r and s are a signature of the digest by the key. A high s is accepted: refuse it by <see cref="Secp256k1Signature.IsLowS"/> where it matters.</summary>
    public static bool Verify(Bytes32 digest, in Secp256k1Signature signature, Secp256k1PublicKey publicKey)
    {
        ArgumentNullException.ThrowIfNull(publicKey);
        if (!Scalar.TryReadNonZero(signature.R, out var r) || !Scalar.TryReadNonZero(signature.S, out var s)) return false;
        var inverse = s.Invert();
        var sum = PublicMultiply.Combine(Scalar.Reduce(digest, out _) * inverse, r * inverse, publicKey.Point);
        if (sum.IsInfinity) return false;

        // x = X / Z^2 is compared as X = x * Z^2, for x = r and, where that is still below p, x = r + n.
        var zz = sum.Z.Square();
        if (TryXOf(signature.R, plusOrder: false, out var x) && (x * zz).ValueEquals(sum.X)) return true;
        return TryXOf(signature.R, plusOrder: true, out x) && (x * zz).ValueEquals(sum.X);
    }

    /// <summary>The only key that the signature can be from; false when there is none. A high s is accepted, as by the EVM's ecrecover.</summary>
    public static bool TryRecover(Bytes32 digest, in Secp256k1Signature signature, [NotNullWhen(true)] out Secp256k1PublicKey? publicKey)
    {
        publicKey = null;
        if (signature.RecoveryId > 3) return false;
        if (!Scalar.TryReadNonZero(signature.R, out var r) || !Scalar.TryReadNonZero(signature.S, out var s)) return false;
        if (!TryXOf(signature.R, plusOrder: (signature.RecoveryId & 2) != 0, out var x)) return false;
        if (!AffinePoint.TryFromX(x, signature.RecoveryId & 1UL, out var nonce)) return false;
        var inverse = r.Invert();
        var sum = PublicMultiply.Combine((Scalar.Reduce(digest, out _) * inverse).Negate(), s * inverse, nonce);
        if (!sum.TryToAffine(out var point)) return false;
        publicKey = new Secp256k1PublicKey(point);
        return true;
    }

    /// <summary>r as a field element, or r + n; false when that is p or more.</summary>
    private static bool TryXOf(in Bytes32 r, bool plusOrder, out FieldElement x)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        r.CopyTo(bytes);
        var below = FieldElement.TryRead(bytes, out x);
        if (!plusOrder) return below;
        x = (x + FieldElement.Order).Normalize();
        // r < n < p, so r + n fits below p exactly when the sum did not wrap to something smaller than n.
        return x.IsAtLeastOrder;
    }
}
