using System.Security.Cryptography;
using Turnpike.Core.Canonical;

namespace Turnpike.Core.Rules;

/// <summary>
/// What an epoch was computed from, as anyone can look it up: the snapshot block, the certified evidence, prices and burns at the snapshot, the previous
/// carry-over and the rules. Its canonical line is published in the outcome; SHA-256 of that line is the report's inputsHash.
/// </summary>
public sealed record EpochFacts
{
    /// <summary>keccak256(abi.encode(chain id, registry)).</summary>
    public required Bytes32 Network { get; init; }

    /// <summary>The epoch.</summary>
    public required EpochNumber Epoch { get; init; }

    /// <summary>Last block with a timestamp before the epoch's end.</summary>
    public required ulong SnapshotBlock { get; init; }

    /// <summary>Its hash.</summary>
    public required Bytes32 SnapshotHash { get; init; }

    /// <summary>Entropy for the pack, from the snapshot block.</summary>
    public required Bytes32 Entropy { get; init; }

    /// <summary>The accumulator over the epoch's certified manifests.</summary>
    public required Bytes32 EvidenceRoot { get; init; }

    /// <summary>The feed's moving average at the snapshot.</summary>
    public required Price Price { get; init; }

    /// <summary>Tokens burned for credits within the epoch.</summary>
    public required Amount Burned { get; init; }

    /// <summary>What may be minted.</summary>
    public required Amount Emission { get; init; }

    /// <summary>Root of the previous epoch's carry-over; the root of the empty carry-over for the first.</summary>
    public required Bytes32 CarryRoot { get; init; }

    /// <summary>Rules in force.</summary>
    public required Bytes32 RulesHash { get; init; }

    /// <summary>SHA-256 of the canonical line.</summary>
    public Bytes32 Hash => new(SHA256.HashData(Document().Shards[0].Bytes.Span));

    /// <summary>One shard of one line.</summary>
    public ShardSet Document()
    {
        var writer = new CanonicalWriter("inputs", OutcomeDocument.ShardBytes);
        writer.BeginLine()
            .Field("network", Network).Field("epoch", Epoch.Value)
            .Field("snapshotBlock", SnapshotBlock).Field("snapshotHash", SnapshotHash).Field("entropy", Entropy)
            .Field("evidenceRoot", EvidenceRoot)
            .Field("priceUsdE8", Price.UsdE8).Field("burned", Burned).Field("emission", Emission)
            .Field("carryRoot", CarryRoot).Field("rulesHash", RulesHash)
            .EndLine();
        return writer.Complete();
    }
}
