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
}
