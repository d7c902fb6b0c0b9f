using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;
using Turnpike.Node.Oracle.Peers;

namespace Turnpike.Node.Oracle.Rounds;

/// <summary>An oracle's signed word that it has a report for these inputs, without showing it.</summary>
/// <param name="Oracle">Who is bound.</param>
/// <param name="ConfigDigest">The configuration it belongs to.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="Attempt">Vetoes of that epoch before.</param>
/// <param name="InputsHash">The inputs it computed from.</param>
/// <param name="Hash">keccak256(report digest || oracle || salt).</param>
/// <param name="Signature">The oracle's, over all of it.</param>
public sealed record Commitment(Address Oracle, Bytes32 ConfigDigest, ulong Epoch, uint Attempt, Bytes32 InputsHash, Bytes32 Hash, Secp256k1Signature Signature)
{
    /// <summary>What hides a digest until it is shown: without the salt, a guess could be tried.</summary>
    public static Bytes32 HashOf(Bytes32 digest, Address oracle, Bytes32 salt) => Keccak256.Hash([.. digest.ToArray(), .. oracle.ToArray(), .. salt.ToArray()]);

    internal bool IsSigned(SigningDomain domain) => PeerSeal.IsBy(Oracle, domain.Commitment(ConfigDigest, Epoch, Attempt, InputsHash, Hash), Signature);
}

/// <summary>What an oracle shows: the report, its signature over it, and the salt that opens its commitment.</summary>
/// <param name="Oracle">Who signed.</param>
/// <param name="Report">What it signed.</param>
/// <param name="Digest">What it signed, hashed.</param>
/// <param name="Salt">Opens the commitment.</param>
/// <param name="Signature">Over the digest: with f others, the quorum.</param>
public sealed record Reveal(Address Oracle, EpochSettlement.EpochReport Report, Bytes32 Digest, Bytes32 Salt, Secp256k1Signature Signature)
{
    /// <summary>The commitment that this opens.</summary>
    public Bytes32 CommitmentHash => Commitment.HashOf(Digest, Oracle, Salt);

    internal bool IsSigned() => PeerSeal.IsBy(Oracle, Digest, Signature);
}

/// <summary>A commitment as JSON.</summary>
public sealed record CommitmentText(string Oracle, string ConfigDigest, ulong Epoch, uint Attempt, string InputsHash, string Hash, string Signature)
{
    internal static CommitmentText Of(Commitment commitment) => new(commitment.Oracle.ToString(), commitment.ConfigDigest.ToString(), commitment.Epoch, commitment.Attempt, commitment.InputsHash.ToString(),
        commitment.Hash.ToString(), Hex.Format(commitment.Signature.ToCompact()));

    internal bool TryParse(out Commitment commitment)
    {
        commitment = null!;
        if (!Address.TryParse(Oracle ?? "", out var oracle) || !Bytes32.TryParse(ConfigDigest ?? "", out var config) || !Bytes32.TryParse(InputsHash ?? "", out var inputs)
            || !Bytes32.TryParse(Hash ?? "", out var hash) || !PeerStamp.TryRead(Signature, out var signature)) return false;
        commitment = new Commitment(oracle, config, Epoch, Attempt, inputs, hash, signature);
        return true;
    }
}

/// <summary>A reveal as JSON.</summary>
public sealed record RevealText(string Oracle, ReportText Report, string Salt, string Signature)
{
    internal static RevealText Of(Reveal reveal) => new(reveal.Oracle.ToString(), ReportText.Of(reveal.Report), reveal.Salt.ToString(), Hex.Format(reveal.Signature.ToCompact()));

    internal bool TryParse(SigningDomain domain, out Reveal reveal)
    {
        reveal = null!;
        if (!Address.TryParse(Oracle ?? "", out var oracle) || Report is null || !Report.TryParse(out var report) || !Bytes32.TryParse(Salt ?? "", out var salt) || !PeerStamp.TryRead(Signature, out var signature)) return false;
        reveal = new Reveal(oracle, report, domain.Report(report), salt, signature);
        return true;
    }
}

/// <summary>What oracles tell each other of a round, as question and as answer alike.</summary>
/// <param name="Known">Hashes of commitments, and of commitments opened by reveals ("r" in front), that the writer has: not to be sent to it.</param>
/// <param name="Commitments">Those the other lacks.</param>
/// <param name="Reveals">Those the other lacks and may see.</param>
public sealed record RoundMessage(IReadOnlyList<string> Known, IReadOnlyList<CommitmentText> Commitments, IReadOnlyList<RevealText> Reveals);
