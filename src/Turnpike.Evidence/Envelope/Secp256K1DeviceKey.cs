using Turnpike.Core;
using Turnpike.Evm;

namespace Turnpike.Evidence;

/// <summary>A secp256k1 key held in memory. Thread-safe.</summary>
public sealed class Secp256K1DeviceKey : IDeviceKey, IDisposable
{
    private readonly Secp256k1PrivateKey _key;

    /// <summary>Takes the key over, to dispose it.</summary>
    public Secp256K1DeviceKey(Secp256k1PrivateKey key)
    {
        _key = key;
        var point = key.PublicKey.ToUncompressed().AsSpan(1);
        Public = DeviceKey.Create(EnvelopeAlgorithm.Es256K, new Bytes32(point[..Bytes32.Length]), new Bytes32(point[Bytes32.Length..]));
    }

    /// <inheritdoc/>
    public DeviceKey Public { get; }

    /// <summary>A fresh random key.</summary>
    public static Secp256K1DeviceKey Generate() => new(Secp256k1PrivateKey.Generate());

    /// <inheritdoc/>
    public void Sign(Bytes32 digest, Span<byte> signature)
    {
        var signed = Secp256k1.Sign(digest, _key);
        signed.R.CopyTo(signature);
        signed.S.CopyTo(signature[Bytes32.Length..]);
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
