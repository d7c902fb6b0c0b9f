using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>A device's signature over a digest that is not evidence, such as its permit to be registered.</summary>
public static class DeviceSignature
{
    /// <summary>r and s of a low-s signature: the only form that contracts take.</summary>
    public static (Bytes32 R, Bytes32 S) SignLowS(IDeviceKey key, Bytes32 digest)
    {
        Span<byte> signature = stackalloc byte[EcdsaSignature.Length];
        key.Sign(digest, signature);
        EcdsaSignature.Normalise(signature, key.Public.Algorithm);
        return (new Bytes32(signature[..Bytes32.Length]), new Bytes32(signature[Bytes32.Length..]));
    }
    /// <summary>Whether the device signed the digest, with a low s. Imports the key: for what happens once a connection, not once a piece.</summary>
    /// <param name="key">From the registry.</param>
    /// <param name="digest">What was signed.</param>
    /// <param name="signature">r and s, 64 bytes; anything else is nobody's signature.</param>
    public static bool Verify(DeviceKey key, Bytes32 digest, ReadOnlySpan<byte> signature)
    {
        if (EcdsaSignature.Check(signature, key.Algorithm) != AdmissionCode.Admitted) return false;
        Span<byte> hash = stackalloc byte[Bytes32.Length];
        digest.CopyTo(hash);
        return VerifyingKey.Import(key) is { } imported && imported.Verify(hash, signature);
    }
}
