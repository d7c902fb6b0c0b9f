using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>
/// An ECDSA signature over secp256k1 with its recovery id: bit 0 is the parity of the nonce point's y, bit 1 says that its x was n or more.
/// The constructor takes any numbers; parsing refuses r or s outside [1, n - 1].
/// </summary>
public readonly record struct Secp256k1Signature(Bytes32 R, Bytes32 S, byte RecoveryId)
{
    /// <summary>Bytes of r, s and v.</summary>
    public const int CompactLength = 65;

    /// <summary>Bytes of the EIP-2098 form.</summary>
    public const int Erc2098Length = 64;

    /// <summary>Whether s is at most (n - 1) / 2, the one form of the two that EIP-2 admits.</summary>
    public bool IsLowS => Scalar.Reduce(S, out var overflowed).IsHighBit == 0 && !overflowed;

    /// <summary>Whether r and s lie in [1, n - 1] and the recovery id in [0, 3].</summary>
    public bool IsInRange => Scalar.TryReadNonZero(R, out _) && Scalar.TryReadNonZero(S, out _) && RecoveryId <= 3;

    /// <summary>The equivalent signature with the low s.</summary>
    public Secp256k1Signature ToLowS()
    {
        if (IsLowS) return this;
        return new Secp256k1Signature(R, Scalar.Reduce(S, out _).Negate().ToBytes32(), (byte)(RecoveryId ^ 1));
    }

    /// <summary>r, s and v = 27 + recovery id, as wallets and OpenZeppelin's ECDSA write it.</summary>
    public byte[] ToCompact()
    {
        var bytes = new byte[CompactLength];
        R.CopyTo(bytes);
        S.CopyTo(bytes.AsSpan(Bytes32.Length));
        bytes[^1] = (byte)(27 + RecoveryId);
        return bytes;
    }

    /// <summary>Reads r, s and v, v being 0 to 3 or 27 to 30.</summary>
    public static bool TryParseCompact(ReadOnlySpan<byte> bytes, out Secp256k1Signature signature)
    {
        signature = default;
        if (bytes.Length != CompactLength) return false;
        var v = bytes[^1];
        var recoveryId = (byte)(v >= 27 ? v - 27 : v);
        var candidate = new Secp256k1Signature(new Bytes32(bytes[..32]), new Bytes32(bytes[32..64]), recoveryId);
        if (!candidate.IsInRange) return false;
        signature = candidate;
        return true;
    }

    /// <summary>r, then s with the y parity as its highest bit (EIP-2098).</summary>
    /// <exception cref="InvalidOperationException">s is high or the recovery id above 1: the form has no room for it.</exception>
    public byte[] ToErc2098()
    {
        if (!IsLowS || RecoveryId > 1) throw new InvalidOperationException("EIP-2098 holds only signatures with a low s and a recovery id of 0 or 1.");
        var bytes = new byte[Erc2098Length];
        R.CopyTo(bytes);
        S.CopyTo(bytes.AsSpan(Bytes32.Length));
        bytes[Bytes32.Length] |= (byte)(RecoveryId << 7);
        return bytes;
    }

    /// <summary>Reads the 64 bytes of EIP-2098; a high s is refused.</summary>
    public static bool TryParseErc2098(ReadOnlySpan<byte> bytes, out Secp256k1Signature signature)
    {
        signature = default;
        if (bytes.Length != Erc2098Length) return false;
        Span<byte> s = stackalloc byte[Bytes32.Length];
        bytes[Bytes32.Length..].CopyTo(s);
        s[0] &= 0x7F;
        var candidate = new Secp256k1Signature(new Bytes32(bytes[..Bytes32.Length]), new Bytes32(s), (byte)(bytes[Bytes32.Length] >> 7));
        if (!candidate.IsInRange || !candidate.IsLowS) return false;
        signature = candidate;
        return true;
    }
}
