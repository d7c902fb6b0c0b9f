using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Evm;

namespace Turnpike.Bench.Faults;

/// <summary>A liar's rule pack: the real one, but a reward is altered by some base units. All else of the node, and so of the protocol, is the real code.</summary>
internal sealed class AlteringPack(IRulePack honest, ulong by) : IRulePack
{
    public string Id => honest.Id;

    public Bytes32 SourceHash => honest.SourceHash;

    public ReplayOutcome JudgeReplays(IReadOnlyList<EvidencePiece> pieces, EpochInputs inputs) => honest.JudgeReplays(pieces, inputs);

    public void FindAccounts(EvidencePiece piece, EpochInputs inputs, List<int> accounts) => honest.FindAccounts(piece, inputs, accounts);

    public PartialOutcome Verdicts(EvidenceShard shard, EpochInputs inputs) => honest.Verdicts(shard, inputs);

    public IReadOnlyList<ReportVerdict> Explain(DeviceId device, IReadOnlyList<EvidencePiece> pieces, EpochInputs inputs) => honest.Explain(device, pieces, inputs);

    public EpochOutcome Settle(IReadOnlyList<PartialOutcome> partials, EpochInputs inputs)
    {
        var outcome = honest.Settle(partials, inputs);
        if (outcome.Rewards.Count < 2) return outcome;
        // From the last to the first: the sum stays, so that the contract has nothing to object to.
        var rewards = outcome.Rewards.ToArray();
        var amount = new Amount(by);
        rewards[0] = rewards[0] with { Amount = rewards[0].Amount + amount, Cumulative = rewards[0].Cumulative + amount };
        rewards[^1] = rewards[^1] with { Amount = rewards[^1].Amount - amount, Cumulative = rewards[^1].Cumulative - amount };
        return outcome with { Rewards = rewards };
    }
}

/// <summary>A liar's key: every other signature is of something else.</summary>
internal sealed class GarbageSigner(IDigestSigner honest) : IDigestSigner
{
    private int _count;

    public Address Address => honest.Address;

    public ValueTask<Secp256k1Signature> SignAsync(Bytes32 digest, CancellationToken cancellationToken) =>
        honest.SignAsync(Interlocked.Increment(ref _count) % 2 == 0 ? digest : Keccak256.Hash(digest.ToArray()), cancellationToken);
}
