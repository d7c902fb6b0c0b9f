using Turnpike.Core;
using Turnpike.Core.Rules;

namespace Turnpike.Node.Tests.Oracles;

/// <summary>
/// The rules of a liar: those of the network, but in the epochs he lies in he gives the first beneficiary one base unit more. He lies once in an epoch: when his node computes it a second time, to
/// see whether it agrees with what the others settled, he is honest, so that the same double serves for many epochs.
/// </summary>
internal sealed class LyingPack(IRulePack honest, Func<ulong, bool> liesIn) : IRulePack
{
    private readonly HashSet<ulong> _told = [];

    public string Id => honest.Id;

    public Bytes32 SourceHash => honest.SourceHash;

    /// <summary>Lies told so far.</summary>
    public int Lies
    {
        get
        {
            lock (_told) return _told.Count;
        }
    }

    public ReplayOutcome JudgeReplays(IReadOnlyList<EvidencePiece> pieces, EpochInputs inputs) => honest.JudgeReplays(pieces, inputs);

    public void FindAccounts(EvidencePiece piece, EpochInputs inputs, List<int> accounts) => honest.FindAccounts(piece, inputs, accounts);

    public PartialOutcome Verdicts(EvidenceShard shard, EpochInputs inputs) => honest.Verdicts(shard, inputs);

    public IReadOnlyList<ReportVerdict> Explain(DeviceId device, IReadOnlyList<EvidencePiece> pieces, EpochInputs inputs) => honest.Explain(device, pieces, inputs);

    public EpochOutcome Settle(IReadOnlyList<PartialOutcome> partials, EpochInputs inputs)
    {
        var outcome = honest.Settle(partials, inputs);
        if (!liesIn(inputs.Epoch.Value) || outcome.Rewards.Count == 0) return outcome;
        lock (_told)
        {
            if (!_told.Add(inputs.Epoch.Value)) return outcome;
        }
        var one = new Amount(1);
        var first = outcome.Rewards[0];
        return outcome with { Mint = outcome.Mint + one, Rewards = [new RewardLine(first.Account, first.Amount + one, first.Cumulative + one), .. outcome.Rewards.Skip(1)] };
    }
}
