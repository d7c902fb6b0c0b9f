using System.Security.Cryptography;

namespace Turnpike.Evidence;

/// <summary>An imported public key, ready to verify. Thread-safe.</summary>
internal abstract class VerifyingKey : IDisposable
{
    /// <summary>Null when the point is not on the curve.</summary>
    public static VerifyingKey? Import(DeviceKey key)
    {
        if (!key.HasOwnId) throw new ArgumentException($"The key of device {key.Id} hashes to another id.", nameof(key));
        return P256VerifyingKey.TryCreate(key);
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
