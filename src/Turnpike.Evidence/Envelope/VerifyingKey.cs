using System.Security.Cryptography;
using Turnpike.Core;
using Turnpike.Evm;

namespace Turnpike.Evidence;

/// <summary>An imported public key, ready to verify. Thread-safe.</summary>
internal abstract class VerifyingKey : IDisposable
{
    /// <summary>Null when the point is not on the curve.</summary>
    public static VerifyingKey? Import(DeviceKey key)
    {
        if (!key.HasOwnId) throw new ArgumentException($"The key of device {key.Id} hashes to another id.", nameof(key));
        return key.Algorithm == EnvelopeAlgorithm.Es256 ? P256VerifyingKey.TryCreate(key) : Secp256K1VerifyingKey.TryCreate(key);
    }

    /// <summary>False for a wrong signature; null when the key was disposed in the meantime and must be imported again.</summary>
    public abstract bool? Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature);

    public abstract void Dispose();
}

/// <summary>P-256 through the platform. ECDsa instances are not promised to be thread-safe, hence the lock: one device's pieces verify one after the other.</summary>
internal sealed class P256VerifyingKey : VerifyingKey
{
    private readonly Lock _lock = new();
    private ECDsa? _key;

    private P256VerifyingKey(ECDsa key) => _key = key;

    public static P256VerifyingKey? TryCreate(DeviceKey key)
    {
        var parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = key.X.ToArray(), Y = key.Y.ToArray() } };
        var platformKey = ECDsa.Create();
        try
        {
            platformKey.ImportParameters(parameters);
            return new P256VerifyingKey(platformKey);
        }
        catch (CryptographicException)
        {
            // The platform's way to say that the point is not on the curve: no signature can verify.
            platformKey.Dispose();
            return null;
        }
    }

    public override bool? Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        lock (_lock) return _key?.VerifyHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    public override void Dispose()
    {
        lock (_lock)
        {
            _key?.Dispose();
            _key = null;
        }
    }
}

/// <summary>secp256k1 through the EVM client, which is immutable and needs no lock.</summary>
internal sealed class Secp256K1VerifyingKey : VerifyingKey
{
    private readonly Secp256k1PublicKey _key;

    private Secp256K1VerifyingKey(Secp256k1PublicKey key) => _key = key;

    public static Secp256K1VerifyingKey? TryCreate(DeviceKey key)
    {
        Span<byte> point = stackalloc byte[Secp256k1PublicKey.UncompressedLength];
        point[0] = 0x04;
        key.X.CopyTo(point[1..]);
        key.Y.CopyTo(point[(1 + Bytes32.Length)..]);
        return Secp256k1PublicKey.TryParse(point, out var parsed) ? new Secp256K1VerifyingKey(parsed) : null;
    }

    public override bool? Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        var (r, s) = (new Bytes32(signature[..Bytes32.Length]), new Bytes32(signature[Bytes32.Length..]));
        return Secp256k1.Verify(new Bytes32(digest), new Secp256k1Signature(r, s, 0), _key);
    }

    public override void Dispose()
    {
        // Nothing is held outside of managed memory.
    }
}
