using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>
/// An account's signed consent to run the code at an address (EIP-7702). The chain skips an invalid one rather than refuse its transaction, so r, s
/// and the parity are kept as they came.
/// </summary>
public sealed record Authorization(BigInteger ChainId, Address CodeAddress, ulong Nonce, byte YParity, Bytes32 R, Bytes32 S)
{
    private const byte Magic = 0x05;

    /// <summary>The chain that it holds on, or 0 for every chain; below 2^256.</summary>
    public BigInteger ChainId { get; } = Word256.Check(ChainId);

    /// <summary>Consents with a key: 0 for <paramref name="chainId"/> means every chain.</summary>
    public static Authorization Sign(BigInteger chainId, Address codeAddress, ulong nonce, Secp256k1PrivateKey key)
    {
        var signature = Secp256k1.Sign(SigningHash(chainId, codeAddress, nonce), key);
        return new Authorization(chainId, codeAddress, nonce, signature.RecoveryId, signature.R, signature.S);
    }

    /// <summary>The account that consented; false when the signature is no valid one with a low s.</summary>
    public bool TryRecoverAuthority(out Address authority)
    {
        authority = default;
        var signature = new Secp256k1Signature(R, S, YParity);
        if (YParity > 1 || !signature.IsLowS) return false;
        if (!Secp256k1.TryRecover(SigningHash(ChainId, CodeAddress, Nonce), signature, out var key)) return false;
        authority = key.ToAddress();
        return true;
    }

    internal static void WriteAll(RlpWriter writer, IReadOnlyList<Authorization> authorizations)
    {
        var list = writer.BeginList();
        foreach (var authorization in authorizations)
        {
            var tuple = writer.BeginList();
            writer.WriteUInt256(authorization.ChainId);
            writer.WriteAddress(authorization.CodeAddress);
            writer.WriteUInt64(authorization.Nonce);
            writer.WriteUInt64(authorization.YParity);
            writer.WriteUInt256(authorization.R);
            writer.WriteUInt256(authorization.S);
            writer.EndList(tuple);
        }
        writer.EndList(list);
    }

    internal static IReadOnlyList<Authorization> ReadAll(ref RlpReader fields)
    {
        var authorizations = new List<Authorization>();
        var list = fields.ReadList();
        while (!list.IsAtEnd)
        {
            var tuple = list.ReadList();
            authorizations.Add(new Authorization(
                tuple.ReadUInt256(), tuple.ReadAddress(), tuple.ReadUInt64(), tuple.ReadByte(), tuple.ReadUInt256Bytes(), tuple.ReadUInt256Bytes()));
            list.Leave(tuple);
        }
        fields.Leave(list);
        return authorizations;
    }

    private static Bytes32 SigningHash(BigInteger chainId, Address codeAddress, ulong nonce)
    {
        var writer = new RlpWriter();
        writer.WriteRaw(Magic);
        var list = writer.BeginList();
        writer.WriteUInt256(chainId);
        writer.WriteAddress(codeAddress);
        writer.WriteUInt64(nonce);
        writer.EndList(list);
        return Keccak256.Hash(writer.Written);
    }
}
