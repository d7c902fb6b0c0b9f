using System.Security.Cryptography;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>A P-256 key held in memory, for agents without a secure element. Not thread-safe.</summary>
public sealed class P256DeviceKey : IDeviceKey, IDisposable
{
    private readonly ECDsa _key;

    private P256DeviceKey(ECDsa key)
    {
        _key = key;
        var point = key.ExportParameters(false).Q;
        Public = DeviceKey.Create(EnvelopeAlgorithm.Es256, new Bytes32(point.X), new Bytes32(point.Y));
    }

    /// <inheritdoc/>
    public DeviceKey Public { get; }

    /// <summary>A fresh random key.</summary>
    public static P256DeviceKey Generate() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>The key of a 32-byte private number.</summary>
    /// <exception cref="CryptographicException">The number is not within the order.</exception>
    public static P256DeviceKey FromPrivateKey(ReadOnlySpan<byte> privateKey)
    {
        var key = ECDsa.Create();
        key.ImportParameters(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = privateKey.ToArray() });
        return new P256DeviceKey(key);
    }

    /// <inheritdoc/>
    public void Sign(Bytes32 digest, Span<byte> signature)
    {
        Span<byte> hash = stackalloc byte[Bytes32.Length];
        digest.CopyTo(hash);
        if (!_key.TrySignHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out var written) || written != EcdsaSignature.Length)
            throw new ArgumentException($"{EcdsaSignature.Length} bytes are needed for the signature.", nameof(signature));
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
