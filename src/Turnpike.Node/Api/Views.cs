using Turnpike.Core;
using Turnpike.Core.Merkle;
using Turnpike.Evm;
using Turnpike.Ledger;

namespace Turnpike.Node.Api;

/// <summary>A network as JSON.</summary>
public sealed record NetworkView(string Name, ulong ChainId, string NetworkId, string Token, string Emissions, string Credits, string PriceFeed, string Registry, string Settlement, string Distributor,
    ulong FirstBlock, long EpochStart, long EpochLength, string Pack, string RulesHash)
{
    internal static NetworkView Of(NodeContext node)
    {
        var d = node.Deployment;
        var clock = node.History.Read(state => state.Clock);
        return new NetworkView(d.Name, d.ChainId, d.NetworkId.ToString(), ChecksumAddress.Format(d.Token), ChecksumAddress.Format(d.Emissions), ChecksumAddress.Format(d.Credits), ChecksumAddress.Format(d.PriceFeed),
            ChecksumAddress.Format(d.Registry), ChecksumAddress.Format(d.Settlement), ChecksumAddress.Format(d.Distributor), d.FirstBlock, clock.StartUnixSeconds, clock.LengthSeconds, node.Pack.Id, RulesHash_(node));
    }

    private static string RulesHash_(NodeContext node) => Core.Rules.RulesHash.Of(node.Pack, node.Parameters).ToString();
}

/// <summary>A settled epoch.</summary>
public sealed record EpochView(ulong Epoch, uint Attempt, string Stage, string ReportHash, string Transaction, uint Signers, string Mint, string CumulativeRewards, string CumulativeCharges,
    string RewardsRoot, string ChargesRoot, string OutcomeHash, string InputsHash, string EvidenceRoot, string RulesHash, IReadOnlyList<string> Manifests)
{
    internal static IReadOnlyList<EpochView> All(NodeContext node) => node.History.Read(state => state.Reports.Select(report => Of(report, state)).ToList());

    private static EpochView Of(LedgerReport settled, LedgerState state)
    {
        var r = settled.Report;
        return new EpochView(r.Epoch, r.Attempt, settled.Stage.ToString().ToLowerInvariant(), settled.Hash.ToString(), settled.Transaction.ToString(), settled.Signers,
            new Amount(r.Mint).ToTokenString(), new Amount(r.CumulativeRewards).ToTokenString(), new Credits(r.CumulativeCharges).ToString(),
            r.RewardsRoot.ToString(), r.ChargesRoot.ToString(), r.OutcomeHash.ToString(), r.InputsHash.ToString(), r.EvidenceRoot.ToString(), r.RulesHash.ToString(),
            state.CommitsOf(new EpochNumber(r.Epoch)).Select(commit => commit.ManifestHash.ToString()).ToList());
    }
}

/// <summary>A shard of an outcome or carry-over.</summary>
public sealed record ShardView(string Name, int Bytes, string Sha256);

/// <summary>A leaf of the active tree with its proof: what a claim or a draw needs.</summary>
public sealed record LeafProof(ulong Epoch, int Index, string Account, string Cumulative, string PrefixSum, IReadOnlyList<string> Proof)
{
    internal static LeafProof Of(ulong epoch, RewardLeaf leaf, RewardTree tree) =>
        new(epoch, leaf.Index, leaf.Account.ToString(), new Amount(leaf.Cumulative).ToString(), new Amount(leaf.PrefixSum).ToString(), tree.Proof(leaf.Index).Select(hash => hash.ToString()).ToList());
}

/// <summary>Why a device was paid what it was.</summary>
public sealed record DeviceExplanation(ulong Epoch, string Device, string Beneficiary, string Units, string Unpaid, string Amount, IReadOnlyList<VerdictView> Verdicts, IReadOnlyList<ReportView> Reports);

/// <summary>Reports of a device by verdict.</summary>
public sealed record VerdictView(ushort Code, string Name, string Meaning, ulong Reports);

/// <summary>One report and its verdict; a router's tally stands for as many packets as it counts.</summary>
public sealed record ReportView(string Identity, int Index, long ReceivedAt, ulong Boot, ulong Sequence, ushort Code, string Verdict, string? Customer, string Credits, ulong Packets);
