using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;

namespace Turnpike.Node.Oracle;

/// <summary>Exactly f + 1 signatures of distinct oracles over one digest, in the order the contract wants.</summary>
/// <param name="Signers">Bit i set: oracle i signed.</param>
/// <param name="Signatures">EIP-2098, ascending by oracle.</param>
public sealed record OracleQuorum(uint Signers, IReadOnlyList<EpochSettlement.Signature> Signatures)
{
    /// <summary>Takes the first f + 1 answers that are the right oracle's signature; null when there are fewer. A wrong signature counts as none.</summary>
    /// <param name="oracles">The configuration.</param>
    /// <param name="digest">What was to be signed.</param>
    /// <param name="answers">One entry an oracle, in the configuration's order; null where none came.</param>
    public static OracleQuorum? Gather(OracleSet oracles, Bytes32 digest, IReadOnlyList<Secp256k1Signature?> answers)
    {
        var (signers, signatures) = (0u, new List<EpochSettlement.Signature>());
        for (var i = 0; i < oracles.Oracles.Count && signatures.Count < oracles.Quorum; i++)
        {
            if (answers[i] is not { } signature || !signature.IsLowS || !Secp256k1.TryRecover(digest, signature, out var key) || key.ToAddress() != oracles.Oracles[i]) continue;
            signers |= 1u << i;
            signatures.Add(Compact(signature));
        }
        return signatures.Count == oracles.Quorum ? new OracleQuorum(signers, signatures) : null;
    }

    private static EpochSettlement.Signature Compact(Secp256k1Signature signature)
    {
        var bytes = signature.ToErc2098().AsSpan();
        return new EpochSettlement.Signature(new Bytes32(bytes[..Bytes32.Length]), new Bytes32(bytes[Bytes32.Length..]));
    }
}
