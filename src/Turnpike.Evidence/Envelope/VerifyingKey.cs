using Turnpike.Core;
using Turnpike.Evm;

namespace Turnpike.Evidence;

/// <summary>An imported public key, ready to verify: 4 KiB of managed memory for P-256. Immutable and thread-safe.</summary>
internal abstract class VerifyingKey
{
    /// <summary>Null when the point is not on the curve.</summary>
    public static VerifyingKey? Import(DeviceKey key)
    {
        if (!key.HasOwnId) throw new ArgumentException($"The key of device {key.Id} hashes to another id.", nameof(key));
        return key.Algorithm == EnvelopeAlgorithm.Es256 ? P256VerifyingKey.TryCreate(key) : Secp256K1VerifyingKey.TryCreate(key);
    }

    public abstract bool Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature);
}

/// <summary>
/// P-256 through a table of the key's multiples: a handle of the platform's weighs as much, verifies at two thirds of the speed and needs a lock.
/// </summary>
internal sealed class P256VerifyingKey : VerifyingKey
{
    private readonly P256PublicKey _key;

    private P256VerifyingKey(P256PublicKey key) => _key = key;

    public static P256VerifyingKey? TryCreate(DeviceKey key)
    {
        Span<byte> point = stackalloc byte[DeviceId.PublicKeyLength];
        key.X.CopyTo(point);
        key.Y.CopyTo(point[Bytes32.Length..]);
        return P256PublicKey.TryCreate(point[..Bytes32.Length], point[Bytes32.Length..], out var parsed) ? new P256VerifyingKey(parsed) : null;
    }

    public override bool Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) => _key.Verify(digest, signature);
}

/// <summary>secp256k1 through the EVM client.</summary>
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

    public override bool Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        var (r, s) = (new Bytes32(signature[..Bytes32.Length]), new Bytes32(signature[Bytes32.Length..]));
        return Secp256k1.Verify(new Bytes32(digest), new Secp256k1Signature(r, s, 0), _key);
    }
}
